import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { AgentEvent } from "../../src/shared/events.ts";
import type { Language } from "../../src/shared/json.ts";
import { type Smuggler, smugglers, smugglingAnswer } from "../hostile/smuggling.ts";
import { type ChatBody, startOllamaServer } from "../support/ollama-server.ts";
import type { Reply } from "../support/ollama-wire.ts";
import { quickShare } from "../support/quick-share.ts";
import { byRole, roleOf } from "../support/scripted-ollama.ts";
import { openTemporaryApplication } from "../support/temporary-application.ts";
import { follow, ofType } from "./run-support.ts";

const timeoutMs = 300_000;
/** Long enough, and odd enough, to be found wherever they turn up. */
const words = [
  ...["quincunx", "zebrawood", "vermouthy", "halcyonic", "jabberwock"],
  ...["ombudsmanly", "rhubarbish", "syzygetic", "wyverning"],
];
const contractAnswer = JSON.stringify({
  description: "Gives the text in upper case.",
  entry: "shout",
  parameters: [{ name: "text", schema: { type: "string" }, description: "the text" }],
  result: { type: "string" },
  errors: [],
  capabilities: [],
  files: { reads: [], makes: [] },
});
const suiteAnswer = JSON.stringify({
  cases: words.map((word) => ({ why: `of ${word}`, args: [word], returns: word.toUpperCase() })),
});
const goal = "Create a skill that shouts";

/** Every form in which a smuggler carries a word. */
function formsOf(word: string): string[] {
  const bytes = Buffer.from(word);
  return [word, [...word].reverse().join(""), bytes.toString("hex"), bytes.toString("base64")];
}

function textOf({ messages }: ChatBody): string {
  return messages.map(({ content }) => content).join("\n");
}

/** Plays a coder that carries off what it can, and an analyst that repeats all it is shown. */
function smugglingModel(language: Language): (request: ChatBody) => Reply | undefined {
  let open: readonly string[] | undefined;
  let last = "";
  const scripted = byRole((role, order) => {
    switch (role) {
      case "planner":
        return contractAnswer;
      case "tester":
        // No further case: what is sealed stays sealed to the end.
        return order % 2 === 0 && !last.includes("The cases that exist")
          ? suiteAnswer
          : '{"cases": []}';
      case "coder": {
        open ??= words.filter((word) => last.includes(word));
        const list = triedOf(language);
        const smuggler = list[order % list.length];
        return smuggler === undefined ? undefined : smugglingAnswer(language, smuggler, open);
      }
      case "analyst":
        return JSON.stringify({ explanation: last.slice(-3_900), verdict: "agree" });
    }
  });
  return (request) => {
    last = textOf(request);
    return scripted(request);
  };
}

function expectNothingOf(secrets: readonly string[], text: string, where: string): void {
  const lower = text.toLowerCase();
  const found = secrets.flatMap(formsOf).filter((form) => lower.includes(form.toLowerCase()));
  expect([where, found]).toEqual([where, []]);
}

/** Each costs an attempt, and one of Python is made in WebAssembly. */
function triedOf(language: Language): readonly Smuggler[] {
  return quickShare(smugglers[language], language === "python" ? 6 : 4);
}

describe.each(["python", "typescript"] as const)(
  "sealed cases under %s code that smuggles",
  (language) => {
    const list = triedOf(language);

    it("the table holds at least 10 ways, each under a name of its own", () => {
      expect(new Set(smugglers[language].map(({ name }) => name)).size).toBeGreaterThanOrEqual(10);
    });

    it(
      "runDirective() lets nothing of a sealed case reach coder, analyst, planner, events or memory",
      async () => {
        const model = smugglingModel(language);
        const server = await startOllamaServer({ answer: (request) => model(request) });
        const opened = await openTemporaryApplication({
          language,
          ollamaHost: server.host,
          executionTimeoutMs: 1_000,
        });
        try {
          const events: AgentEvent[] = [];
          // The second run recalls what the first one failed of.
          for (const attempts of [list.length, 2]) {
            const application = await opened.reopen({ maxIterations: attempts });
            const run = await follow(application.runDirective(goal));
            expect(run.result).toMatchObject({ status: "failed", attempts });
            // Each was really called with what is sealed, and failed there alone.
            expect(ofType(run.events, "attempt-failed").map(({ kind }) => kind)).toEqual(
              Array.from({ length: attempts }, () => "hidden-case"),
            );
            events.push(...run.events);
          }
          const asked = server.chats().filter((chat) => roleOf(chat) !== "tester");
          const [, firstCoder] = asked;
          const secrets = words.filter(
            (word) => !textOf(firstCoder ?? { model: "", messages: [] }).includes(word),
          );
          expect(secrets).toHaveLength(words.length / 3);
          for (const [index, chat] of asked.entries()) {
            expectNothingOf(secrets, textOf(chat), `${roleOf(chat)}, call ${index}`);
          }
          expectNothingOf(secrets, JSON.stringify(events), "events");
          const memory = await readFile(join(opened.workspaceRoot, "memory.json"), "utf8");
          expectNothingOf(secrets, memory, "memory.json");
          const testers = server.chats().filter((chat) => roleOf(chat) === "tester");
          expect(testers.length).toBeGreaterThan(2);
          for (const chat of testers) {
            expect(textOf(chat)).not.toMatch(/KNOWN|loot/);
          }
        } finally {
          await opened.remove();
          await server.close();
        }
      },
      timeoutMs,
    );
  },
);
