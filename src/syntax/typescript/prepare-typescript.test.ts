import { describe, expect, it } from "vitest";
import { UnreadableSource } from "../unreadable.ts";
import { prepareTypeScript } from "./prepare-typescript.ts";

/** Runs a prepared script of ours, never a candidate, as the sandbox does: inside an async function. */
async function run(source: string, modules: object, result: string): Promise<unknown> {
  const body = `return (async (__modules) => { ${prepareTypeScript(source)}\nreturn ${result}; })(modules);`;
  return await new Function("modules", body)(modules);
}

const path = { join: (...parts: string[]) => parts.join("/"), default: { sep: "/" } };

describe("prepareTypeScript()", () => {
  it.each([
    ["export function f(a: number): number { return a + 1; }", "f(1)", 2],
    ["export const f = <T,>(a: T): T => a;", "f(2)", 2],
    ["export default function f(a?: string) { return a ?? 'none'; }", "f()", "none"],
    ["export default class Counter { constructor(public n: number) {} }", "new Counter(3).n", 3],
    ["export default (a: number) => a * 2;", "__default(2)", 4],
    ["const inner = 5; export { inner as outer };", "outer", 5],
    ["export enum Color { Red, Green }", "Color[1]", "Green"],
    ["export namespace N { export const a = 7; }", "N.a", 7],
    ["import { join as j } from 'node:path'; export const a = j('x', 'y');", "a", "x/y"],
    ["import path from 'path'; export const a = path.sep;", "a", "/"],
    ["import * as p from 'node:path'; export const a = p.join('x', 'y');", "a", "x/y"],
    ["import p, { join } from 'node:path'; export const a = join(p.sep, 'y');", "a", "//y"],
    ["export { join } from 'node:path';", "join('x', 'y')", "x/y"],
    ["export const a = (await import('node:path')).join('x', 'y');", "a", "x/y"],
    [
      "import type { X } from './x.ts'; import { type Y, join } from 'path'; export const a: Y = join('x');",
      "a",
      "x",
    ],
    ["const f = (x: unknown) => x as string; export const a = f('b')!;", "a", "b"],
    [
      "abstract class A { abstract b(): void; declare c: number; } export const a = typeof A;",
      "a",
      "function",
    ],
    ["#!/usr/bin/env deno\nexport const a = 1;", "a", 1],
  ])("makes a script of %j that works", async (source, result, expected) => {
    expect(await run(source, { "node:path": path }, result)).toEqual(expected);
  });

  it("keeps line numbers when types can be blanked out", () => {
    const source =
      'import {\n  join,\n} from "node:path";\ninterface A {\n  b: string;\n}\nexport function f(a: A) {\n  return join(a.b);\n}\n';
    expect(prepareTypeScript(source).split("\n")[7]).toBe("  return join(a.b);");
  });

  it.each([
    "export function f(a: number) { boom(); }",
    "export default function f<T>(a: T) { boom(); }",
    "export default class A { constructor() { boom(); } }",
    "export const f = async (a?: string): Promise<void> => { boom(); };",
    'type A = 1; import { join } from "node:path";\nexport const f = () => { boom(join as A); };',
  ])("keeps the columns of %j", (source) => {
    const lines = [source, prepareTypeScript(source)].map((text) => text.split("\n"));
    const columns = lines.map((each) => each.map((line) => line.indexOf("boom")));
    expect(columns[1]?.slice(0, columns[0]?.length)).toEqual(columns[0]);
  });

  it("binds an import ahead of the code that comes before it", async () => {
    const source = "export const a = join('x', 'y'); import { join } from 'node:path';";
    expect(await run(source, { "node:path": path }, "a")).toBe("x/y");
  });

  it.each([
    ["import x from './x.ts';", "only the standard library"],
    ["import x from 'npm:lodash';", "only the standard library"],
    ["import x from 'https://example.com/x.ts';", "only the standard library"],
    ["import x from 'jsr:@std/path';", "only the standard library"],
    ["import { exec } from 'node:child_process';", "only the standard library"],
    ["async function f(m: string) { return import(m); }", "only the standard library"],
    ["export * from 'node:path';", "export *"],
    ["import fs = require('fs');", "use import and export"],
    ["console.log(import.meta.url);", "import.meta"],
    ["const x = ;", "Unexpected token"],
    ["let a; let a;", "already been declared"],
  ])("refuses %j with line and reason", (source, reason) => {
    expect(() => prepareTypeScript(`\n${source}`)).toThrow(UnreadableSource);
    expect(() => prepareTypeScript(`\n${source}`)).toThrow(/^Line 2: /);
    expect(() => prepareTypeScript(`\n${source}`)).toThrow(reason);
  });
});
