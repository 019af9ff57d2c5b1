import { basename } from "node:path";
import { readExampleFile } from "../verify/example-file.ts";
import { settleExamples } from "../verify/example-reader.ts";
import { examplesInGoal } from "../verify/goal-examples.ts";
import type { RunOptions } from "./application.ts";
import type { Emit } from "./execute-run.ts";
import { readTextFile } from "./read-text-file.ts";

const maxFileBytes = 4 * 1024 * 1024;

/**
 * Everything that is law for a run: the caller's own examples, those of their files, and those of
 * the goal's text unless they are declined. Each is there once.
 *
 * @throws {AgentError} USAGE when one cannot be read, two contradict one another, or there are more
 * than may be.
 */
export async function readExamples(
  goal: string,
  options: Pick<RunOptions, "examples" | "exampleFiles" | "goalExamples">,
  emit: Emit,
): Promise<readonly string[]> {
  const files = await Promise.all((options.exampleFiles ?? []).map(examplesOfFile));
  const given = settleExamples([...(options.examples ?? []), ...files.flat()]);
  return settleExamples([
    ...given,
    ...(await fromGoal(goal, options.goalExamples ?? "take", emit)),
  ]);
}

async function fromGoal(
  goal: string,
  wanted: NonNullable<RunOptions["goalExamples"]>,
  emit: Emit,
): Promise<readonly string[]> {
  const found = wanted === "ignore" ? [] : examplesInGoal(goal);
  if (found.length === 0) {
    return [];
  }
  const lines = found.map(({ line }) => line);
  const taken = wanted === "take" || wanted === "ignore" || (await wanted(lines));
  emit({ type: "goal-examples-read", examples: [...found], taken });
  return taken ? lines : [];
}

async function examplesOfFile(path: string): Promise<readonly string[]> {
  const text = await readTextFile(path, "Reading examples", maxFileBytes);
  return readExampleFile(text, basename(path));
}
