import { describe, expect, it } from "vitest";
import { UnreadableSource } from "../unreadable.ts";
import { readTypeScript } from "./read-typescript.ts";

const names = (source: string): string[] => readTypeScript(source).reached.map(({ name }) => name);
const digest = (source: string): string => readTypeScript(source).treeDigest;

describe("readTypeScript()", () => {
  it("lists imports with the full names of Node's modules", () => {
    const source =
      "import fs from 'fs';\nimport type { A } from './a.ts';\nexport * from 'npm:x';\nrequire('os');";
    expect(readTypeScript(source).imports).toEqual([
      { module: "node:fs", line: 1 },
      { module: "npm:x", line: 3 },
      { module: "node:os", line: 4 },
    ]);
  });

  it("follows aliases, destructuring and constant keys", () => {
    expect(names("const { Command: C } = Deno; new C('ls');")).toContain("Deno.Command");
    expect(names("const d = globalThis['De' + 'no']; d.exit();")).toContain("Deno.exit");
    expect(names("import f from 'fs'; f.promises.readFile('x');")).toContain(
      "node:fs/promises.readFile",
    );
  });

  it("does not take members and locals for globals", () => {
    expect(names("const o = { eval: 1 }; o.eval; class A { fetch() {} }")).toEqual([]);
    expect(names("function f(fetch: () => void) { fetch(); }")).toEqual([]);
    expect(names("const x: Function | undefined = undefined; x instanceof Function")).toEqual([]);
  });

  it("lists exported functions, or all of the top level when nothing is exported", () => {
    const source =
      "export const f = (a: number, { b }: X, ...c: string[]) => a;\nfunction g() {}\n" +
      "export { g as h };\nexport default async function (x = 1, [y]: number[]) {}\nfunction own() {}";
    const found = readTypeScript(source).functions;
    expect(found.map(({ signature: _signature, ...written }) => written)).toEqual([
      { name: "f", parameters: ["a", "{}", "...c"], line: 1 },
      { name: "h", parameters: [], line: 2 },
      { name: "__default", parameters: ["x", "[]"], line: 4 },
    ]);
    expect(readTypeScript("function own(a: string) {}").functions.map(({ name }) => name)).toEqual([
      "own",
    ]);
  });

  it("tells what is written of a function's types and defaults", () => {
    const source =
      "export async function f(a: string[], { b }: { b: number }, c = -1, d?: string | null, " +
      "e = now(), ...rest: string[]): Promise<Record<string, number>> { return {}; }\n" +
      "export const g = (a) => a;";
    expect(readTypeScript(source).functions.map(({ signature }) => signature)).toEqual([
      {
        parameters: [
          { name: "a", type: "string[]" },
          { name: "value2", type: "{ b: number }" },
          { name: "c", preset: -1 },
          { name: "d", type: "string | null", preset: null },
          { name: "e", preset: null },
        ],
        namedOnly: [],
        result: "Record<string, number>",
      },
      { parameters: [{ name: "a" }], namedOnly: [] },
    ]);
  });

  it.each(["const x = ;", "let a; let a;", "export const a = 010;", "function f( {"])(
    "throws with the line when the source is %j",
    (source) => {
      expect(() => readTypeScript(`\n${source}`)).toThrow(UnreadableSource);
      expect(() => readTypeScript(`\n${source}`)).toThrow(/^Line 2:/);
    },
  );
});

describe("readTypeScript().treeDigest", () => {
  it.each([
    [
      "types",
      "function f(a) { return a; }",
      "function f(a: number): number { return a as number; }",
    ],
    ["comments", "const a = 1;", "/* one */ const a = 1; // two"],
    [
      "names of locals",
      "function f(a) { const x = a; return x; }",
      "function f(a) { const y = a; return y; }",
    ],
    ["interfaces", "const a = 1;", "interface A { b: string }\nconst a = 1;"],
    ["quotes", "const a = 'b';", 'const a = "b";'],
  ])("is equal when only %s differ", (_, one, other) => {
    expect(digest(one)).toBe(digest(other));
  });

  it.each([
    ["a regular expression", "const a = /b/;", "const a = /c/;"],
    ["a big integer", "const a = 1n;", "const a = 2n;"],
    ["an export", "const a = 1;", "export const a = 1;"],
    [
      "which local is returned",
      "function f() { let x = 1, y = 2; return x; }",
      "function f() { let x = 1, y = 2; return y; }",
    ],
    [
      "a key named as a local",
      "function f() { const x = 1; return { x: x }; }",
      "function f() { const y = 1; return { y: y }; }",
    ],
  ])("differs when %s differs", (_, one, other) => {
    expect(digest(one)).not.toBe(digest(other));
  });
});
