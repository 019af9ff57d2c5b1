import type { AgentEvent } from "../shared/events.ts";
import type { DirectiveRun, RunResult } from "./application.ts";

/**
 * Starts `work` at once and keeps its events, so that whoever iterates later still gets them from
 * the first.
 */
export function startDirectiveRun(
  work: (emit: (event: AgentEvent) => void) => Promise<RunResult>,
): DirectiveRun {
  const events: AgentEvent[] = [];
  const waiting = new Set<() => void>();
  let ended = false;
  const wake = () => {
    for (const resume of waiting) {
      resume();
    }
    waiting.clear();
  };
  const emit = (event: AgentEvent) => {
    events.push(event);
    wake();
  };
  const result = work(emit).finally(() => {
    ended = true;
    wake();
  });
  // Whoever only iterates hears of it there; nobody is killed by an unhandled rejection.
  result.catch(() => {});
  return {
    result,
    async *[Symbol.asyncIterator]() {
      for (let index = 0; ; index += 1) {
        while (index >= events.length && !ended) {
          await new Promise<void>((resolve) => waiting.add(resolve));
        }
        const event = events[index];
        if (event === undefined) {
          // An iteration that merely ended would look like success.
          await result;
          return;
        }
        yield event;
      }
    },
  };
}
