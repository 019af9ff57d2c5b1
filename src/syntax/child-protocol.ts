import type { Language } from "../shared/json.ts";
import type { MutationOptions } from "./mutant.ts";
import type { ModuleFile, ReadOutcome } from "./source-facts.ts";

/** A regular expression as it crosses to the child. */
export interface PatternText {
  readonly source: string;
  readonly flags: string;
}

export interface PatternMatch {
  /** Index of the pattern that matched. */
  readonly index: number;
  /** From 1. */
  readonly line: number;
}

/** What the host asks; one JSON line each. `load` fetches a language's parsers before the first read. */
export type ChildRequest =
  | { readonly kind: "load"; readonly language: Language }
  | { readonly kind: "facts"; readonly language: Language; readonly source: string }
  | {
      readonly kind: "mutants";
      readonly language: Language;
      readonly source: string;
      readonly options: MutationOptions;
    }
  | { readonly kind: "constants"; readonly language: Language; readonly source: string }
  | { readonly kind: "prepare"; readonly source: string }
  /** The first file is the main one. */
  | { readonly kind: "link"; readonly files: readonly ModuleFile[] }
  | {
      readonly kind: "match";
      readonly source: string;
      readonly patterns: readonly PatternText[];
    };

/** The child's answer, one JSON line; after `isPoisoned` the child ends: its parser broke in flight. */
export interface ChildAnswer {
  readonly outcome: ReadOutcome<unknown>;
  readonly isPoisoned: boolean;
}
