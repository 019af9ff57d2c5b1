import type { DenoRuntime } from "../deno-runtime.ts";
import type { Channel } from "../runner/channel.ts";
import type { PrintedOutput } from "../runner/printed-output.ts";
import type { ProcessEvents } from "./process-events.ts";

/** The code that the process is to end with; Deno's namespace and Node's `process` share it. */
export interface ExitCode {
  get(): number;
  set(code: unknown): void;
}

/** Returns Deno's own exit code, which no skill can put another in the place of. */
export function exitCodeOf(deno: DenoRuntime): ExitCode {
  const descriptor = Object.getOwnPropertyDescriptor(deno, "exitCode");
  const { get, set } = descriptor ?? {};
  if (get === undefined || set === undefined) {
    throw new TypeError(
      "starting a sandbox runner: Deno.exitCode is no accessor, it must be; use the pinned Deno",
    );
  }
  return {
    get: () => Number(get.call(deno)),
    // Node takes a text of digits and undefined too.
    set: (code) => set.call(deno, code === undefined ? 0 : Number(code)),
  };
}

/** Returns what `Deno.exit` and `process.exit` do: listeners hear of it, what was printed goes out. */
export function createExit(
  channel: Channel,
  printed: PrintedOutput,
  exitCode: ExitCode,
  events: ProcessEvents,
): (code?: number) => never {
  let isExiting = false;
  return (code) => {
    if (!isExiting) {
      isExiting = true;
      exitCode.set(code ?? exitCode.get());
      events.emit("exit", exitCode.get());
    }
    printed.end();
    return channel.exit(exitCode.get());
  };
}
