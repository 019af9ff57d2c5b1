import type { Later } from "./printed-output.ts";

/** Takes a timer as it is now, before any skill code could put its own in its place. */
export function takeTimer(startTimer: typeof setTimeout): Later {
  const { apply } = Reflect;
  const { unref } = startTimer(() => {}, 0).unref();
  return (callback, ms) => {
    apply(unref, startTimer(callback, ms), []);
  };
}
