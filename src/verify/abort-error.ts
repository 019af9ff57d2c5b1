import { AgentError } from "../shared/errors.ts";

/** What whoever aborted a proof hears. */
export function abortError(signal: AbortSignal): AgentError {
  const message =
    "Proving a candidate: it was stopped before everything was tried; start it again to prove it.";
  return new AgentError("ABORTED", message, { blame: "caller", cause: signal.reason });
}
