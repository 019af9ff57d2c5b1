import { default as childProcess } from "node:child_process";
import { ProcessRefusal } from "../runner/skill-runtime.ts";

/**
 * C's `system`, which Python reaches by ctypes, is `spawnSync` of Node here. Deno refuses that for want of
 * some permission, and whatever it throws ends the interpreter: this says what was tried.
 */
export function refuseSystem(): void {
  const spawnSync = (): never => {
    throw new ProcessRefusal("it tried to start system; a skill may start 0 processes");
  };
  Object.assign(childProcess, { spawnSync });
}
