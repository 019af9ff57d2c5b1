import type { FindingTier } from "./safety.ts";

/** One thing that a source may not reach. */
export interface NameRule {
  readonly tier: FindingTier;
  readonly rule: string;
  /** A name stands for itself and for everything below it: `subprocess` for `subprocess.run`. */
  readonly names: readonly string[];
  /** Names below those that are harmless. */
  readonly except?: readonly string[];
  /** Default: any use. */
  readonly uses?: readonly ("call" | "reference" | "import")[];
  /** True for names that stand for themselves only. */
  readonly isExact?: boolean;
  /** True for functions that are harmless until their first argument is a text. */
  readonly isGivenText?: boolean;
  /** What it does, after the name: `runs a command`. */
  readonly what: string;
  readonly instead: string;
}

/** Where a function takes the paths of files, and what it does with them. */
export interface FileRule {
  readonly names: readonly string[];
  /** Arguments that are paths, by place; `receiver` for methods of a path. */
  readonly paths: readonly (number | "receiver")[];
  /** Keywords that are paths. */
  readonly keywords?: readonly string[];
  /** `mode`: told by the argument `mode`, at this place if it is not named. */
  readonly access: "read" | "write" | { readonly modeAt: number };
}

/** What a language's skills may not do; data only. */
export interface Policy {
  readonly names: readonly NameRule[];
  readonly files: readonly FileRule[];
  /** Says what to do instead of a module that is not there; undefined for one that is. */
  unavailable(module: string): string | undefined;
  /** A name as its language writes it: `eval` for `builtins.eval`. */
  shownName(name: string): string;
}

/** True for `os.system` and `os.system.__call__` where the rule says `os.system`. */
export function isUnder(name: string, prefix: string): boolean {
  return name === prefix || name.startsWith(`${prefix}.`) || name.startsWith(`${prefix}()`);
}
