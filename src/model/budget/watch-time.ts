import type { Clock } from "../../shared/clock.ts";

/** So often the others are told how long a call has taken, and its own time is looked at. */
const tickMs = 1_000;

/**
 * Aborts `signal` once `timeLeftMs`, told how long the watch has run, gives no more. Runs by a clock
 * that never jumps; `stop` must be called.
 */
export function watchTime(
  clock: Clock,
  timeLeftMs: (elapsedMs: number) => number,
): { readonly signal: AbortSignal; elapsedMs(): number; stop(): void } {
  const controller = new AbortController();
  const startMs = clock.monotonicMs();
  const elapsedMs = () => clock.monotonicMs() - startMs;
  let timer: NodeJS.Timeout | undefined;
  const look = () => {
    const left = timeLeftMs(elapsedMs());
    if (left <= 0) {
      controller.abort();
      return;
    }
    timer = setTimeout(look, Math.min(left, tickMs));
  };
  look();
  return { signal: controller.signal, elapsedMs, stop: () => clearTimeout(timer) };
}
