import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Config, configSchema } from "../../../src/config/schema.ts";
import type { ChatModel, ChatOptions, ChatRequest } from "../../../src/model/chat-model.ts";
import type { ChatAnswer } from "../../../src/shared/chat.ts";
import { openApplication } from "../../../src/wiring.ts";
import { ChainModel } from "./chain-model.ts";
import type { ChainProblem } from "./chain-problem.ts";
import { type ChainOutcome, runChain } from "./run-chain.ts";

/** The model port stays the same while the chains behind it change. */
class ModelOfTheChain implements ChatModel {
  readonly name = "recorded chain";
  readonly contextTokens = 131_072;
  readonly recordingLabel = "recorded chain";
  current: ChatModel | undefined;

  async chat(request: ChatRequest, options?: ChatOptions): Promise<ChatAnswer> {
    if (this.current === undefined) {
      throw new Error("no chain is being played");
    }
    return await this.current.chat(request, options);
  }
}

/**
 * Plays every chain through the product: its own application, loop, judge and library in a workspace
 * of its own. Chains of equal length share an application, since the number of attempts is a setting.
 */
export async function playChains(
  problems: readonly ChainProblem[],
  changed: Partial<Config> = {},
): Promise<ChainOutcome[]> {
  const outcomes: ChainOutcome[] = [];
  const byLength = Map.groupBy(problems, ({ chain }) => chain.attempts.length);
  for (const [maxIterations, group] of byLength) {
    outcomes.push(...(await playGroup({ maxIterations, ...changed }, group)));
  }
  return outcomes;
}

async function playGroup(
  changed: Partial<Config>,
  problems: readonly ChainProblem[],
): Promise<ChainOutcome[]> {
  const workspaceRoot = await mkdtemp(join(tmpdir(), "autodidact-arena-"));
  const model = new ModelOfTheChain();
  const application = await openApplication({
    config: configSchema.parse({
      workspaceRoot,
      suiteCases: 60,
      // By processor time, so that a busy machine cuts off no other programs than an idle one.
      maxCpuMs: 2_000,
      ...changed,
    }),
    chatModel: model,
  });
  try {
    const outcomes: ChainOutcome[] = [];
    for (const problem of problems) {
      model.current = new ChainModel(problem.script);
      outcomes.push(await runChain(application, problem));
    }
    return outcomes;
  } finally {
    await application.close();
    await rm(workspaceRoot, { recursive: true, force: true });
  }
}
