import type { Clock } from "../../shared/clock.ts";

/** So often the others are told how long a call has taken, and its own time is looked at. */
const tickMs = 1_000;

/**
 * Aborts `signal` once `timeLeftMs`, told how long the watch has run, gives no more, or with what it
 * throws. Runs by a clock that never jumps; `stop` must be called.
 */
export function watchTime(
  clock: Clock,
  timeLeftMs: (elapsedMs: number) => number,
): { readonly signal: AbortSignal; stop(): void } {
  const controller = new AbortController();
  const startMs = clock.monotonicMs();
  let timer: NodeJS.Timeout | undefined;
  const look = () => {
    try {
      const left = timeLeftMs(clock.monotonicMs() - startMs);
      if (left > 0) timer = setTimeout(look, Math.min(left, tickMs));
      else controller.abort();
    } catch (error) {
      // Thrown on from a timer, it would end the process.
      controller.abort(error);
    }
  };
  look();
  return { signal: controller.signal, stop: () => clearTimeout(timer) };
}
