import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import { AgentError, systemErrorCode } from "../shared/errors.ts";
import { fileError } from "../shared/file-error.ts";
import { readExampleFile } from "../verify/example-file.ts";
import { settleExamples } from "../verify/example-reader.ts";
import { examplesInGoal } from "../verify/goal-examples.ts";
import type { RunOptions } from "./application.ts";
import type { Emit } from "./execute-run.ts";

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
  try {
    const found = await stat(path);
    if (!found.isFile()) {
      throw unusable(path, "it is no regular file, one is wanted");
    }
    if (found.size > maxFileBytes) {
      throw unusable(path, `it has ${found.size} bytes, at most ${maxFileBytes} are wanted`);
    }
    return readExampleFile(await readFile(path, "utf8"), basename(path));
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") {
      throw unusable(path, "there is no such file, a .json, .jsonl or .csv file is wanted", error);
    }
    throw code === undefined ? error : fileError("Reading examples", path, error);
  }
}

function unusable(path: string, problem: string, cause?: unknown): AgentError {
  return new AgentError("USAGE", `Reading examples from ${path}: ${problem}.`, {
    blame: "caller",
    cause,
  });
}
