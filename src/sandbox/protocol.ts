import type { DeathReason, Program, TaggedValue } from "./sandbox.ts";

/**
 * The language between host and sandboxed process: one JSON object a line. The host asks, each
 * exchange has an id nobody can guess, and a line that answers nothing asked ends the process.
 */
export const protocolVersion = 3;

/** Values nested deeper than this are refused on their way out. */
export const maxValueDepth = 200;

/** The bounds of the text fields of an error, in characters. */
export const errorTextLimits = {
  name: 200,
  bases: 32,
  message: 4_000,
  trace: 4_000,
  detail: 2_000,
};

/** The bounds of the other fields; docs/sandbox-protocol.md lists them all. */
export const fieldLimits = {
  idCharacters: 64,
  pathCharacters: 1_000,
  /** Of one part of a path: what file systems take. */
  pathPartBytes: 255,
  entryCharacters: 200,
  fileNameCharacters: 200,
  /** As UTF-8; a `load` line may be longer than `maxMessageBytes` for it. */
  sourceBytes: 1_048_576,
  arguments: 1_000,
  /** A hundred years, either way. */
  clockOffsetMs: 3_155_760_000_000,
  /** Twice what a runner lets out, since a tag is a level of its own. */
  lineDepth: 500,
  printedCharacters: 65_536,
  /** Around the value of a line: type, id and the punctuation of JSON. */
  lineOverheadBytes: 1_024,
};

/** What a runner must know of the limits; time, memory and processes are the host's to watch. */
export interface RunnerLimits {
  readonly maxOutputBytes: number;
  readonly maxMessageBytes: number;
  readonly maxFiles: number;
  readonly maxFileBytes: number;
}

export type HostMessage =
  | {
      readonly protocolVersion: typeof protocolVersion;
      readonly type: "load";
      readonly id: string;
      readonly program: Omit<Program, "language" | "files">;
      readonly limits: RunnerLimits;
    }
  /**
   * One piece of a file: of the program's read-only tree before `load`, of the work folder before
   * `call`; `last` closes the file.
   */
  | {
      readonly type: "file";
      readonly id: string;
      readonly folder: "program" | "work";
      readonly path: string;
      readonly contentBase64: string;
      readonly last: boolean;
    }
  | {
      readonly type: "call";
      readonly id: string;
      readonly args: readonly TaggedValue[];
      readonly collectFiles: boolean;
    };

/** Bounds of memory that no setting changes. */
export type FixedLimitName = "addressSpace" | "heap" | "wasmMemory";

export interface RaisedError {
  readonly errorType: string;
  readonly errorBases: readonly string[];
  readonly message: string;
  readonly trace: string;
}

export type RunnerMessage =
  | {
      readonly protocolVersion: typeof protocolVersion;
      readonly type: "ready";
      /** `snapshot` or `plain` for Python, which can start both ways. */
      readonly startedFrom: "snapshot" | "plain";
    }
  | { readonly type: "printed"; readonly id: string; readonly text: string }
  | {
      readonly type: "file";
      readonly id: string;
      readonly path: string;
      readonly contentBase64: string;
      readonly last: boolean;
    }
  | { readonly type: "loaded"; readonly id: string }
  | { readonly type: "returned"; readonly id: string; readonly value: TaggedValue }
  | ({ readonly type: "raised"; readonly id: string } & RaisedError)
  | {
      readonly type: "died";
      readonly id: string;
      readonly reason: DeathReason;
      readonly detail: string;
      /** The limit that was passed; without it every limit of the reason is named to a person. */
      readonly limit?: keyof RunnerLimits | "maxMemoryBytes" | FixedLimitName;
    };

/** How many bytes of a file one line carries: base64 takes a third more, the path some too. */
export function filePieceBytes(maxMessageBytes: number): number {
  return Math.max(3, Math.floor(maxMessageBytes / 6) * 3);
}
