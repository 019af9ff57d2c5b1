import type { ChatModel, ChatRequest } from "../../../src/model/chat-model.ts";
import type { ChatAnswer } from "../../../src/shared/chat.ts";
import { AgentError } from "../../../src/shared/errors.ts";
import type { JsonValue } from "../../../src/shared/json.ts";

/** What a recorded chain answers with, role by role. */
export interface ChainScript {
  readonly contract: JsonValue;
  readonly cases: readonly JsonValue[];
  /** The programs of its attempts, in order. */
  readonly programs: readonly string[];
  /** An input on which peers contradict the program, and what they answer; undefined to agree. */
  doubt(
    program: number,
  ): { readonly args: readonly JsonValue[]; readonly returns: JsonValue } | undefined;
}

/**
 * A model that answers from a recorded chain. Its analyst speaks for the peers: it objects with an
 * input on which they contradict the program, and the tester then answers with what they say.
 */
export class ChainModel implements ChatModel {
  readonly name = "recorded chain";
  readonly contextTokens = 131_072;
  readonly recordingLabel = "recorded chain";
  /** The program that the coder gave last; -1 before the first. */
  lastProgram = -1;
  readonly #script: ChainScript;
  #doubted: JsonValue | undefined;

  constructor(script: ChainScript) {
    this.#script = script;
  }

  async chat(request: ChatRequest): Promise<ChatAnswer> {
    const text = this.#answer(request);
    const usage = { promptTokens: 0, outputTokens: 0, durationMs: 0, firstTokenMs: 0 };
    return { text, thinking: "", model: this.name, ...usage };
  }

  #answer({ role, messages }: ChatRequest): string {
    const { contract, cases, programs } = this.#script;
    switch (role) {
      case "planner":
        return JSON.stringify(contract);
      case "tester":
        return JSON.stringify({ cases: this.#doubted === undefined ? cases : [this.#doubted] });
      case "coder": {
        // Asked to mend what could not be read, it has nothing else to say: the next one is the next attempt's.
        this.lastProgram += messages.some((message) => message.role === "assistant") ? 0 : 1;
        const program = programs[this.lastProgram];
        if (program === undefined) {
          throw exhausted(programs.length);
        }
        return `\`\`\`\`python\n${program}\n\`\`\`\`\n`;
      }
      case "analyst":
        return JSON.stringify(this.#analysis());
    }
  }

  #analysis(): JsonValue {
    const doubt = this.#script.doubt(this.lastProgram);
    if (doubt === undefined) {
      return { verdict: "agree", explanation: "The peers agree." };
    }
    this.#doubted = { args: [...doubt.args], returns: doubt.returns };
    return { verdict: "object", explanation: "The peers differ.", input: [...doubt.args] };
  }
}

function exhausted(count: number): AgentError {
  return new AgentError(
    "RECORDING_EXHAUSTED",
    `Answering from a chain: it holds ${count} attempts, another is asked for; ask for no more than it has.`,
    { blame: "caller" },
  );
}
