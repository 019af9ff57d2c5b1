import type { Sandbox, StartOutcome, Subject } from "../sandbox/sandbox.ts";

/**
 * A sandbox that starts each program once and hands the same process out again, until it dies: for
 * checkers of properties, which hold no skill and keep nothing of a call. `close` ends them all.
 */
function keepPrograms(sandbox: Sandbox): Sandbox {
  const kept = new Map<string, Promise<StartOutcome>>();
  const closing: Promise<void>[] = [];
  const drop = (key: string, subject: Subject) => {
    kept.delete(key);
    closing.push(subject.close());
  };
  return {
    language: sandbox.language,
    backend: sandbox.backend,
    runtime: sandbox.runtime,
    warm: () => sandbox.warm(),
    start: async (program, limits, signal) => {
      const key = JSON.stringify([program.source, program.entry, program.clockOffsetMs ?? 0]);
      const starting = kept.get(key) ?? sandbox.start(program, limits, signal);
      kept.set(key, starting);
      const start = await starting.catch((error: unknown) => {
        kept.delete(key);
        throw error;
      });
      if (start.kind !== "started") {
        return start;
      }
      return { ...start, subject: inTurn(start.subject, () => drop(key, start.subject)) };
    },
    close: async () => {
      const starts = await Promise.allSettled(kept.values());
      kept.clear();
      for (const one of starts) {
        if (one.status === "fulfilled" && one.value.kind === "started") {
          closing.push(one.value.subject.close());
        }
      }
      await Promise.all(closing.splice(0));
    },
  };
}

const turns = new WeakMap<Subject, Promise<unknown>>();

/** Calls one after the other, whoever makes them; closing leaves the process for the next. */
function inTurn(subject: Subject, onDeath: () => void): Subject {
  return {
    call: async (call, signal) => {
      const mine = (turns.get(subject) ?? Promise.resolve()).then(() => subject.call(call, signal));
      turns.set(
        subject,
        mine.catch(() => {}),
      );
      const outcome = await mine;
      if (outcome.kind === "died") {
        onDeath();
      }
      return outcome;
    },
    close: async () => {},
  };
}

/** The programs that a checker of properties runs are few; what is kept is ended with `work`. */
export async function withKeptChecker<T>(
  sandbox: Sandbox,
  work: (checker: Sandbox) => Promise<T>,
): Promise<T> {
  const checker = keepPrograms(sandbox);
  try {
    return await work(checker);
  } finally {
    await checker.close();
  }
}
