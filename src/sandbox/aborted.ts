import { AgentError } from "../shared/errors.ts";

export function aborted(signal: AbortSignal): AgentError {
  return new AgentError(
    "ABORTED",
    "Running a skill: it was aborted, its process is gone; start it again.",
    {
      blame: "caller",
      cause: signal.reason,
    },
  );
}

/**
 * Waits for the promise, but no longer than until the abort; what it comes to then is nobody's.
 *
 * @throws {AgentError} ABORTED on abort, at once.
 */
export async function unlessAborted<Value>(
  promise: Promise<Value>,
  signal: AbortSignal | undefined,
): Promise<Value> {
  if (signal === undefined) {
    return await promise;
  }
  const gone = Promise.withResolvers<never>();
  const onAbort = (): void => gone.reject(aborted(signal));
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) {
    onAbort();
  }
  try {
    return await Promise.race([promise, gone.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
