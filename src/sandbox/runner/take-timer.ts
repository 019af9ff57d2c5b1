import type { Later } from "./printed-output.ts";

/** Takes the timers as they are now, before any skill code could put its own in their place. */
export function takeTimer(): Later {
  const startTimer = setTimeout;
  const { apply } = Reflect;
  const { unref } = startTimer(() => {}, 0).unref();
  return (callback, ms) => {
    apply(unref, startTimer(callback, ms), []);
  };
}
