import type { ProcessEvents } from "./process-events.ts";

// Taken once, before any skill code could put its own in their place.
const { defineProperty } = Object;
const later = queueMicrotask;
const ErrorClass = Error;

/** Deno's events of its global scope; the types of Node know the first alone. */
type Reported = Event & { readonly error?: unknown; readonly reason?: unknown };
type Listen = (type: string, listener: (event: Reported) => void) => void;

const listen: Listen = (globalThis as unknown as { addEventListener: Listen }).addEventListener;

/**
 * Runs a whole program until nothing is left that could still happen in it, as Deno itself would: no
 * timer, no promise that one settles. Nothing of the runner's own may be waited for meanwhile, which is
 * what `keepWaiting(false)` is told. Throws what the program threw, at any time, and did not handle.
 */
export async function runToIdle(
  run: () => Promise<unknown>,
  keepWaiting: (isNeeded: boolean) => void,
  emit: ProcessEvents["emit"],
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let isTopLevelDone = false;
  // None of these is taken away again: a process that ran a whole program does nothing after it.
  listen("beforeunload", (event) => {
    event.preventDefault();
    keepWaiting(true);
    if (isTopLevelDone) {
      resolve();
    } else {
      reject(new ErrorClass("its top level awaits a promise that nothing is left to settle"));
    }
  });
  listen("error", (event) =>
    unlessHandled(event, () => emit("uncaughtException", event.error) || reject(event.error)),
  );
  listen("unhandledrejection", (event) =>
    unlessHandled(event, () => emit("unhandledRejection", event.reason) || reject(event.reason)),
  );
  keepWaiting(false);
  try {
    run().then(() => {
      isTopLevelDone = true;
    }, reject);
    await promise;
  } finally {
    keepWaiting(true);
  }
}

/** Keeps Deno from ending the process, then does so if no listener of the program's prevented it. */
function unlessHandled(event: Event, fail: () => unknown): void {
  let isHandled = false;
  event.preventDefault();
  defineProperty(event, "preventDefault", {
    value: () => {
      isHandled = true;
    },
  });
  later(() => {
    if (!isHandled) {
      fail();
    }
  });
}
