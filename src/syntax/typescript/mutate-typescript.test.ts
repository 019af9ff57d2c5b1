import { describe, expect, it } from "vitest";
import type { MutationOperator } from "../mutant.ts";
import { mutateTypeScript } from "./mutate-typescript.ts";
import { prepareTypeScript } from "./prepare-typescript.ts";

const all = { maxMutants: 1_000, seed: 1, entry: "f" };

/** `before → after` of every mutant, of one operator where it is named; each can be prepared. */
function changes(source: string, operator?: MutationOperator): string[] {
  return mutateTypeScript(source, all)
    .filter((mutant) => prepareTypeScript(mutant.source) !== "")
    .filter((mutant) => operator === undefined || mutant.operator === operator)
    .map(({ before, after }) => `${before} → ${after}`);
}

const sources = (source: string): string[] =>
  mutateTypeScript(source, all).map((mutant) => mutant.source);

describe("mutateTypeScript()", () => {
  it("changes arithmetic, and drops what is joined to a text", () => {
    const source = "export function f(a: number, b = 2) { b++; b **= 2; return -a * b % 3; }";
    expect(changes(source, "arithmetic")).toEqual([
      "b++ → b--",
      "b **= 2 → b *= 2",
      "-a → a",
      "-a * b → -a + b",
      "-a * b → -a / b",
      "-a * b % 3 → -a * b * 3",
    ]);
    expect(changes('export const f = (a: string) => [a + "!"];', "arithmetic")).toEqual([
      'a + "!" → a',
    ]);
    expect(
      changes("export const f = (a: number) => [a + 0, a * 1, a / -1];", "arithmetic"),
    ).toEqual(["-1 → 1"]);
  });

  it("turns comparisons around and moves their boundaries", () => {
    const source =
      "export const f = (a: any, b: any) => [a < b, a === b, a instanceof Date, 'k' in b];";
    expect(changes(source, "boundary")).toEqual(["a < b → a <= b"]);
    expect(changes(source, "comparison")).toEqual([
      "a < b → a >= b",
      "a === b → a !== b",
      "a instanceof Date → !(a instanceof Date)",
      "'k' in b → !('k' in b)",
    ]);
    expect(
      changes("export const f = (a: number, b: number) => (a > b ? a : b);", "boundary"),
    ).toEqual([]);
  });

  it("changes constants, and keeps a text's quotes", () => {
    const source = `export const f = (a = 0.5) => [7, true, null, 'x', "", 10n, \`a\${a}\`, /x/];`;
    expect(changes(source, "constant").length).toBe(10);
    const made = sources(source).join("");
    for (const text of ["a = 1.5", "[8,", "[6,", "false", ", 0,", "''", '"x"', "11n", "9n", "``"]) {
      expect(made).toContain(text);
    }
  });

  it("negates and forces conditions", () => {
    const source = "export function f(a: any, b: any) { if (a && b) b(); return a ? 1 : 2; }";
    expect(changes(source, "condition")).toEqual([
      "a && b → !(a && b)",
      "a && b → false",
      "a && b → true",
      "a ? 1 : 2 → !(a) ? 1 : 2",
      "a ? 1 : 2 → false ? 1 : 2",
      "a ? 1 : 2 → true ? 1 : 2",
    ]);
  });

  it("swaps logical operators, and drops one exclamation mark", () => {
    const source = "export const f = (a: any, b: any) => [a && !b, a ?? b, (a ||= b), !!a];";
    expect(changes(source, "logical")).toEqual([
      "a && !b → a || !b",
      "!b → b",
      "a ?? b → a && b",
      "a ||= b → a &&= b",
    ]);
  });

  it("removes statements, where something is left to see", () => {
    const source = `export function f(a: any) {
      for (const b of a) { a.push(b); b.x = 1; if (!b) continue; delete b.x; }
      switch (a) { case 1: a = 2; break; default: a = 3; }
      if (a > 3) { throw new Error("no"); }
      console.log(a);
      return a;
    }`;
    expect(changes(source, "statement-removed")).toEqual([
      "a.push(b); → ;",
      "b.x = 1; → ;",
      "delete b.x; → ;",
      "a = 2; → ;",
      "break; → ;",
      "a = 3; → ;",
    ]);
  });

  it("swaps arguments and moves bounds", () => {
    const source =
      "export const f = (a: any, i: number) => [g(a, i), Math.max(a, i), a.slice(1, i), a[i]];";
    expect(changes(source, "arguments-swapped")).toEqual([
      "g(a, i) → g(i, a)",
      "a.slice(1, i) → a.slice(i, 1)",
    ]);
    expect(changes(source, "off-by-one")).toEqual([
      "a.slice(1, i) → a.slice(0, i)",
      "a.slice(1, i) → a.slice(2, i)",
      "a.slice(1, i) → a.slice(1, i + 1)",
      "a.slice(1, i) → a.slice(1, i - 1)",
      "a[i] → a[i + 1]",
      "a[i] → a[i - 1]",
    ]);
  });

  it("returns early, and replaces what is returned", () => {
    const source = "export function f(a: any) { const b = g(a); return b; }";
    expect(changes(source, "early-return")).toEqual([
      "const b = g(a); → return a; const b = g(a);",
      "const b = g(a); → return null; const b = g(a);",
      "return b; → return null;",
    ]);
    expect(changes("export const f = (a: any) => ({ a });", "early-return")).toEqual([
      "(a: any) => ({ a }) → (a: any) => (a)",
      "(a: any) => ({ a }) → (a: any) => (null)",
    ]);
  });

  it("throws other errors, where somebody knows them", () => {
    const source = `export function f(a: any) {
      if (a) throw new RangeError("no");
      if (a > 1) throw TypeError();
      if (a > 2) throw a;
      throw new errors.Own();
    }`;
    expect(changes(source, "error-type")).toEqual([
      'throw new RangeError("no"); → throw new TypeError("no");',
      "throw TypeError(); → throw RangeError();",
    ]);
    const declaring = (errors: readonly string[], text = source) =>
      mutateTypeScript(text, { ...all, errors }).filter(
        ({ operator }) => operator === "error-type",
      );
    expect(declaring([])).toEqual([]);
    expect(declaring(["RangeError"])).toHaveLength(1);
    expect(declaring([], `class TypeError extends Error {}\n${source}`)).toHaveLength(1);
    expect(declaring([], `${source}\ntry { f(1); } catch { f(2); }`)).toHaveLength(2);
  });

  it("removes what a class derives from, and changes defaults that are nothing or empty", () => {
    const source = `class A<T> extends B<T> { x = 1; }
class C extends B { constructor() { super(); } }
class OwnError extends Error {}
export function f(a = null, b: number[] = [], c = {}) { return [new A(), a, b, c, []]; }`;
    expect(changes(source, "base-removed")).toEqual(["extends B<T> → "]);
    const made = sources(source);
    for (const changed of ["a = 0,", "number[] = [0]"]) {
      expect(made.filter((one) => one.includes(changed))).toHaveLength(1);
    }
  });

  it("changes nothing that nobody can see", () => {
    const source = `"use strict";
import { join } from "node:path";
type Kind = "a" | 1;
interface Shape { readonly a: 1 }
declare const known: 5;
export class Box<T extends 1> { #n: 3 | undefined; constructor(n: 3) { super2(); this.#n = n; } }
export function f(a: Kind): 2 | undefined {
  const unused = 1 + 2;
  console.log("a" + "b");
  if (a) throw new Error("a" + 1);
  return a as unknown as 2;
  a = 3;
}`;
    const made = mutateTypeScript(source, all);
    expect([...new Set(made.map(({ line }) => line))].toSorted((a, b) => a - b)).toEqual([
      6, 8, 10, 11,
    ]);
    const message = '"a" + 1';
    const seen = changes(source).filter((change) => /unused = 3|"b"|"a" \+/.test(change));
    expect(seen).toEqual([`throw new Error(${message}); → throw new TypeError(${message});`]);
  });

  it("changes nothing on which a loop's end hangs", () => {
    const source = `export function f(n: number, q: number[]) {
      for (let i = 0; i < n; i++) { q.push(i); }
      while (n > 0) { n = Math.floor(n / 10); if (!q.length) break; q.pop(); }
      return n;
    }`;
    const made = mutateTypeScript(source, all)
      .filter(({ line }) => line === 2 || line === 3)
      .map(({ before, after }) => `${before} → ${after}`)
      .filter((change) => !change.includes("return"));
    expect(made).toEqual([
      "i = 0 → i = 1",
      "i < n → false",
      "i < n → i <= n",
      "q.push(i); → ;",
      "n > 0 → false",
      "n > 0 → n > 1",
      "n / 10 → n / 11",
      "!q.length → q.length",
    ]);
  });

  it.each([
    ["astral characters", "export const f = (é: number) => ['😀é', é * 2];", "['😀é', é / 2]"],
    ["CRLF and a BOM", "\uFEFFexport const f = (a: number) =>\r\n a * 2;\r\n", "=>\r\n a / 2;\r\n"],
    ["comments between", "export const f = (a: number) => a /* * */ // *\n * 2;", "// *\n / 2;"],
    [
      "types around",
      "export const f = (a: any) => (a as number)! * (<number>a);",
      "! / (<number>a)",
    ],
    ["satisfies", "export const f = (a: number) => (a * 2) satisfies number;", "(a / 2) satisfies"],
    ["a template", `export const f = (a: number) => \`é\${a * 2}\`;`, `\`é\${a / 2}\``],
    ["optional chaining", "export const f = (a: any) => a?.b?.(a * 2)[0];", "a?.b?.(a / 2)[0]"],
    [
      "a label",
      "export function f(a: any) { o: for (const b of a) { if (b) continue o; a * b; a(b * 2) } }",
      "a(b / 2)",
    ],
    [
      "a getter",
      "export class A { get a(): number { return 2 * this.#b; } #b = 1 }",
      "2 / this.#b",
    ],
    [
      "async iterators",
      "export async function* f(a: any) { for await (const b of a) yield b * 2; }",
      "b / 2",
    ],
    [
      "generics",
      "export const f = <T extends number>(a: T): T[] => [a * 2] as T[];",
      "[a / 2] as T[]",
    ],
  ])("keeps everything else as it is with %s", (_, source, expected) => {
    const found = sources(source).find((mutant) => mutant.includes(expected));
    expect(found?.length).toBe(source.length);
  });

  it("begins with what the entry reaches, by an exported name too", () => {
    const source = `function other(a: number) { return a + 1; }
const helper = (a: number) => a * 2;
function inner(a: number) { return helper(a) - 1; }
export { inner as f };
`;
    const lines = mutateTypeScript(source, { ...all, maxMutants: 8 }).map(({ line }) => line);
    expect(lines.filter((line) => line === 1)).toEqual([]);
    expect(lines.length).toBe(8);
  });
});
