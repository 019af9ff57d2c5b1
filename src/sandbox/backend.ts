import type { Language } from "../shared/json.ts";
import type { CommandLine } from "./command-line.ts";
import type { FixedLimitName } from "./protocol.ts";

/**
 * The ways to hold a process, strongest first. For Python: the system's CPython in bubblewrap,
 * Pyodide in Deno locked by seccomp, Pyodide in Deno. For TypeScript: Deno in bubblewrap and locked
 * by seccomp, Deno locked by seccomp, Deno.
 */
export const backendNames = ["bubblewrap", "deno-seccomp", "deno"] as const;

export type BackendName = (typeof backendNames)[number];

/** How to start the processes of one backend on this machine. */
export interface Launcher {
  /** `cpython-3.14/wasm`, `cpython-3.11/native`, `deno-2.9`. */
  readonly runtime: string;
  /** Bounds of memory that hold here besides the setting, to be named when one may have been met. */
  readonly memoryLimits?: readonly FixedLimitName[];
  /** The next process's command line. */
  commandLine(): Promise<CommandLine>;
  /** Where all processes share one hash seed: how to start ones with another. */
  readonly reseeded?: Launcher;
  /** Told when a process came up without the snapshot it was given. */
  onStartedPlainly?(): void;
  /** Ends what is being built for its command lines; no further one is asked for. */
  stop?(): void;
  /** Everything underneath: the self-test is repeated when any of it changes. */
  facts(): Promise<readonly string[]>;
}

export type BackendOutlook =
  | { readonly kind: "usable"; readonly launcher: Launcher }
  /** Nothing of it is tried; `remedy` is what a person can do about it, a command where there is one. */
  | { readonly kind: "unusable"; readonly reason: string; readonly remedy: string };

/** One way to hold one language. */
export interface Backend {
  readonly name: BackendName;
  readonly language: Language;
  /** Says whether this machine has what the backend needs; whether it holds, the self-test says. */
  look(): Promise<BackendOutlook>;
}
