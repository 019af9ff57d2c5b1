import { AgentError } from "../shared/errors.ts";
import type { Application, RunResult } from "./application.ts";

type RunAllOptions = NonNullable<Parameters<Application["runAll"]>[1]>;
type RunAllResult = Awaited<ReturnType<Application["runAll"]>>[number];

/**
 * Works on several goals, `parallel` at once; one that fails does not stop the others. The results
 * stand in the goals' order.
 */
export async function runAll(
  application: Pick<Application, "runDirective" | "config">,
  goals: readonly string[],
  options: RunAllOptions,
): Promise<RunAllResult[]> {
  const results: RunAllResult[] = new Array(goals.length);
  const { parallel = application.config.parallel, onEvent, ...runOptions } = options;
  if (!Array.isArray(goals) || !Number.isInteger(parallel) || parallel < 1) {
    throw new AgentError(
      "USAGE",
      `Running goals: ${Array.isArray(goals) ? `parallel is ${parallel}` : "the goals are no array"}; an array of goals and a whole number from 1 are wanted.`,
      { blame: "caller" },
    );
  }
  let next = 0;
  const work = async () => {
    while (next < goals.length) {
      const index = next;
      next += 1;
      const goal = goals[index] ?? "";
      results[index] =
        options.signal?.aborted === true ? { goal, error: notBegun(goal) } : await runOne(goal);
    }
  };
  const runOne = async (goal: string): Promise<RunResult | { goal: string; error: Error }> => {
    try {
      const run = application.runDirective(goal, runOptions);
      for await (const event of run) {
        onEvent?.(goal, event);
      }
      return await run.result;
    } catch (error) {
      return { goal, error: error instanceof Error ? error : new Error(String(error)) };
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallel, goals.length) }, work));
  return results;
}

function notBegun(goal: string): AgentError {
  return new AgentError(
    "ABORTED",
    `Running ${JSON.stringify(goal.slice(0, 100))}: the batch was stopped before it began; give it again.`,
    { blame: "caller" },
  );
}
