import type { JsonValue, Language } from "../shared/json.ts";

/** A further file of a program as a plain JavaScript module, its types stripped. */
export interface ProgramModule {
  /** As in `Program.files`; shown in traces, and what `imports` of others name. */
  readonly path: string;
  readonly source: string;
  readonly imports: ModuleImports;
}

/** What each specifier of a module stands for: another module's path, or a module of Node (`node:path`). */
export type ModuleImports = Readonly<Record<string, string>>;

/**
 * A program to hold in a sandbox. For TypeScript `source` is plain JavaScript, which the caller prepares,
 * since a sandbox reads no files: with `imports`, or without `entry`, a module; else one script (no import
 * or export left).
 */
export interface Program {
  readonly language: Language;
  readonly source: string;
  /** Name of the public function the host calls; absent when loading it is all there is to run. */
  readonly entry?: string;
  /** Shown in traces, `json_validator.py` say; names no real file. */
  readonly fileName: string;
  /** The skill's further files, a tree beside it that it may import and read but never change. */
  readonly files?: readonly WorkFile[];
  readonly imports?: ModuleImports;
  /** The files that may be imported, for TypeScript; Python finds them among `files`. */
  readonly modules?: readonly ProgramModule[];
  /** What stands behind its name on its command line, for one that is run as a whole. */
  readonly args?: readonly string[];
  /** How far the day's clock that it sees is ahead of the machine's, in whole milliseconds. Default: 0. */
  readonly clockOffsetMs?: number;
}

export interface ExecutionLimits {
  /** Wall clock, of one call. */
  readonly timeoutMs: number;
  /** Processor time of one call, all threads together. */
  readonly maxCpuMs: number;
  readonly maxMemoryBytes: number;
  readonly maxOutputBytes: number;
  /** Of one protocol line, both ways. */
  readonly maxMessageBytes: number;
  readonly maxFiles: number;
  readonly maxFileBytes: number;
}

/** A file of the work folder; `contentBase64` since a file need not be text. */
export interface WorkFile {
  /** Relative, forward slashes, no `..`, no link. */
  readonly path: string;
  readonly contentBase64: string;
}

/**
 * A value as it crosses the border: JSON, with what JSON lacks tagged:
 * `{"$bytes": base64}`, `{"$set": [...]}`, `{"$float": "nan" | "inf" | "-inf" | "-0"}`,
 * `{"$float": "3.0"}` where an argument must be a float although it is whole,
 * `{"$integer": digits}` beyond 2^53, `{"$repr": text}` for what has no plain form.
 * Tuples and lists are both arrays. A plain object with one key that begins with `$` is
 * itself sent as `{"$object": {...}}`.
 */
export type TaggedValue = JsonValue;

export interface SandboxCall {
  readonly args: readonly TaggedValue[];
  /** The work folder holds exactly these before the call; whatever was there is wiped. */
  readonly files?: readonly WorkFile[];
  /** True to get the files of the work folder back after the call. */
  readonly collectFiles?: boolean;
}

export type DeathReason =
  | "timeout"
  | "out-of-memory"
  | "output-limit"
  | "file-limit"
  | "process-limit"
  | "protocol-error"
  | "crashed";

/** What a call took, as the kernel counts it; the process itself is never asked. */
export interface ResourceUsage {
  readonly cpuMs: number;
  /** The highest resident memory of the process tree, what it held before the call included. */
  readonly peakMemoryBytes: number;
}

export interface CallMeasures {
  /** What the skill printed during this call, cut at `maxOutputBytes`; control characters raw. */
  readonly printed: string;
  readonly durationMs: number;
  /** Absent when the process was gone before it could be measured. */
  readonly usage?: ResourceUsage;
}

export type CallOutcome =
  | (CallMeasures & {
      readonly kind: "returned";
      readonly value: TaggedValue;
      readonly files?: readonly WorkFile[];
    })
  | (CallMeasures & {
      readonly kind: "raised";
      /** Class name, `JSONDecodeError` say. */
      readonly errorType: string;
      /** Names of the classes it derives from, nearest first. */
      readonly errorBases: readonly string[];
      readonly message: string;
      /** Lines of the skill's own source only; paths of the host never appear. */
      readonly trace: string;
      readonly files?: readonly WorkFile[];
    })
  | (CallMeasures & {
      readonly kind: "died";
      readonly reason: DeathReason;
      readonly detail: string;
      /** Where the process ended by itself instead of answering: `os._exit`, `Deno.exit`, a crash. */
      readonly exitCode?: number;
    });

/**
 * One process that holds one program. After a `died` outcome every later call answers
 * `died` too: start another subject.
 */
export interface Subject {
  call(call: SandboxCall, signal?: AbortSignal): Promise<CallOutcome>;
  /** Kills the whole process tree; may be called twice. Resolves when it is gone. */
  close(): Promise<void>;
}

/** Why a program could not be loaded: a value, since a bad program is an expected outcome. */
export type StartOutcome =
  | {
      readonly kind: "started";
      readonly subject: Subject;
      /** What its top level printed and took. */
      readonly loading?: CallMeasures;
    }
  | (Extract<CallOutcome, { kind: "raised" | "died" }> & { readonly subject?: undefined });

/** A way to execute code in isolation, for one language. */
export interface Sandbox {
  readonly language: Language;
  /** `bubblewrap`, `deno-seccomp`, `deno`; see `backend.ts`. */
  readonly backend: string;
  /** Implementation, minor version and class of backend: `cpython-3.14/wasm`, `cpython-3.11/native`, `deno-2.9`. */
  readonly runtime: string;
  /**
   * Runs the program's top level in a fresh process that has served nobody, and holds it for calls.
   *
   * @throws {AgentError} SANDBOX_UNAVAILABLE when the backend cannot start at all; ABORTED on abort.
   */
  start(
    program: Program,
    limits: ExecutionLimits,
    signal?: AbortSignal,
    /** Told what the top level prints while it runs; together it is what the outcome holds. */
    onPrinted?: (text: string) => void,
  ): Promise<StartOutcome>;
  /** Starts the processes that later calls will take, so that they wait for nothing. */
  warm(): Promise<void>;
  /** Ends every process of this sandbox. */
  close(): Promise<void>;
  /**
   * Processes that order sets and the like otherwise, where all of this sandbox's share one hash seed;
   * absent where each draws its own, or nothing has one.
   */
  readonly reseeded?: Sandbox;
}
