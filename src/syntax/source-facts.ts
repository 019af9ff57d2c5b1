import type { JsonValue, Language } from "../shared/json.ts";
import type { SourceConstants } from "./constants/source-constants.ts";
import type { Mutant, MutationOptions } from "./mutant.ts";

/**
 * One name that the source reaches, resolved through imports and aliases: `os.system`,
 * `builtins.eval`, `Deno.Command`, `node:fs.readFileSync`. `pathlib.Path().read_text` is a method of
 * what a call gave back; `?.__globals__` an attribute of a value that is not known; `os.*` an
 * attribute whose name is not known. Equal ones are listed once, with their first line.
 */
export interface ReachedName {
  readonly name: string;
  /** From 1. */
  readonly line: number;
  readonly use: "call" | "reference" | "import";
  /**
   * Arguments of a call by place, strings joined where they are put together from constants; of a
   * text or path that only begins with a constant, that beginning. Null for what is not known.
   */
  readonly constantArgs?: readonly (string | number | boolean | null)[];
  /** Of `Path("a").open()`, the arguments that `Path` got. */
  readonly receiverArgs?: readonly (string | number | boolean | null)[];
  readonly constantKeywords?: Readonly<Record<string, string | number | boolean | null>>;
}

export interface SignatureParameter {
  /** Of one that is taken apart where it stands, its place: `value1`. */
  readonly name: string;
  /** As written: `list[str] | None`, `Record<string, number>`. */
  readonly type?: string;
  /** Present when it may be left out; null where the default must be computed. */
  readonly preset?: JsonValue;
}

/** What is written of a function's types. */
export interface FunctionSignature {
  /** Those that go by place; `*args` and `...rest` are not among them. */
  readonly parameters: readonly SignatureParameter[];
  /** Names of those that have to be given by name; such a function cannot be called by place. */
  readonly namedOnly: readonly string[];
  readonly result?: string;
}

/** What a syntax tree says a source touches; no policy in it. */
export interface SourceFacts {
  readonly language: Language;
  /** Modules imported, top-level name (`os`, `node:fs`, `requests`). */
  readonly imports: readonly { readonly module: string; readonly line: number }[];
  readonly reached: readonly ReachedName[];
  /** Public functions of the top level; parameters as written, `*args`, `...rest`, `{}` included. */
  readonly functions: readonly {
    readonly name: string;
    readonly parameters: readonly string[];
    readonly line: number;
    readonly signature: FunctionSignature;
  }[];
  /** Digest of the tree with names of locals, comments and formatting left out. */
  readonly treeDigest: string;
}

export type ReadOutcome<T> =
  | { readonly kind: "read"; readonly value: T }
  | {
      readonly kind: "unreadable";
      readonly reason: "syntax-error" | "too-large" | "too-deep" | "parser-died" | "timeout";
      /** One line for the coder, with the line number where there is one. */
      readonly message: string;
    };

/** A file that others of its program may import; `problem` says why it cannot be read. */
export type ModuleFile =
  | { readonly path: string; readonly source: string }
  | { readonly path: string; readonly problem: string };

/** One file of a program as a plain JavaScript module. */
export interface LinkedModule {
  readonly path: string;
  readonly source: string;
  /** What each of its specifiers stands for: another module's path, or a module of Node by its full name. */
  readonly imports: Readonly<Record<string, string>>;
}

/** Reads sources in a guarded child process; whatever a source does to a parser, it answers. */
export interface SourceReader {
  facts(language: Language, source: string): Promise<ReadOutcome<SourceFacts>>;
  /**
   * Copies of the source with one change each, of the language's own text: types stay. None when
   * there is nothing to change; few when the source is very long.
   */
  mutants(
    language: Language,
    source: string,
    options: MutationOptions,
  ): Promise<ReadOutcome<readonly Mutant[]>>;
  /** Literals of the source, for inputs that take its branches. */
  constants(language: Language, source: string): Promise<ReadOutcome<SourceConstants>>;
  /** TypeScript as one plain script: types stripped, exports opened, allowed imports rewritten. */
  prepareTypeScript(source: string): Promise<ReadOutcome<string>>;
  /**
   * A program's main file, then each of its files that it imports, as plain modules. Imports are
   * looked for in `files` alone, whatever they name: never on a disk, never elsewhere.
   */
  linkTypeScript(
    main: { readonly path: string; readonly source: string },
    files: readonly ModuleFile[],
  ): Promise<ReadOutcome<readonly LinkedModule[]>>;
  close(): Promise<void>;
}
