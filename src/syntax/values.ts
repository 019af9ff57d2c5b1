import type { ReachedName } from "./source-facts.ts";

export type Constant = string | number | boolean | null;

/** What an expression may stand for, as far as the text tells. */
export type Value =
  /** Something of the language or a module: `os.system`, `builtins.eval`, `Deno.Command`. */
  | { readonly kind: "name"; readonly name: string; readonly receiverArgs?: readonly Constant[] }
  | { readonly kind: "constant"; readonly value: Constant }
  | { readonly kind: "list"; readonly items: readonly Value[] }
  /** The dictionary of a module's names; `name` is empty for the source's own globals. */
  | { readonly kind: "namespace"; readonly name: string }
  /** What a call of `name` gave back. */
  | { readonly kind: "instance"; readonly name: string; readonly args: readonly Constant[] }
  /** A function that reads these attributes of its argument. */
  | { readonly kind: "getter"; readonly attribute: string }
  | { readonly kind: "function" }
  /** Defined in the source itself. */
  | { readonly kind: "local" }
  | { readonly kind: "unknown" };

export const unknownValue: Value = { kind: "unknown" };
export const localValue: Value = { kind: "local" };

export function nameValue(name: string): Value {
  return { kind: "name", name };
}

export function constantValue(value: Constant): Value {
  return { kind: "constant", value };
}

/** Ways of one name that are followed; a source that offers more is not honest work. */
const maxAlternatives = 8;

export function distinct(values: readonly Value[]): Value[] {
  const found = new Map<string, Value>();
  for (const value of values) {
    const key = value.kind === "list" ? `list${found.size}` : JSON.stringify(value);
    if (found.size < maxAlternatives) found.set(key, value);
  }
  return found.size === 0 ? [unknownValue] : [...found.values()];
}

/** The only constant that the expression can be, or undefined. */
export function onlyConstant(values: readonly Value[]): Constant | undefined {
  const [first] = values;
  return values.length === 1 && first?.kind === "constant" ? first.value : undefined;
}

export function onlyText(values: readonly Value[]): string | undefined {
  const constant = onlyConstant(values);
  return typeof constant === "string" ? constant : undefined;
}

/** Characters of one folded string; enough for any name or path, too few for a bomb. */
export const maxFoldedLength = 4_096;

/** Collects reached names; equal ones are kept once, with their first line. */
export class ReachedNames {
  readonly #found = new Map<string, ReachedName>();

  add(reached: ReachedName): void {
    const { line: _, ...rest } = reached;
    const key = JSON.stringify(rest);
    if (!this.#found.has(key)) this.#found.set(key, reached);
  }

  list(): ReachedName[] {
    return [...this.#found.values()].toSorted((a, b) => a.line - b.line);
  }
}
