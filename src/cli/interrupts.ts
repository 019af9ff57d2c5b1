import { exitCodes } from "./exit-codes.ts";
import type { Session } from "./session.ts";

/** Aborts at the first Ctrl-C, ends the process at the second. */
export function watchInterrupts(session: Session): { signal: AbortSignal; stop: () => void } {
  const controller = new AbortController();
  const stop = session.environment.onInterrupt(() => {
    if (controller.signal.aborted) {
      session.environment.exitNow(exitCodes.interrupted);
    }
    session.screen.note("", "Stopping… (Ctrl-C again ends the program at once)");
    controller.abort();
  });
  return { signal: controller.signal, stop };
}
