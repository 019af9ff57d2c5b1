import { afterAll, describe, expect, it } from "vitest";
import { openSourceReader } from "../syntax/source-reader.ts";
import { openSafetyReader } from "./open-safety-reader.ts";

const reader = openSourceReader();
const safety = openSafetyReader({ reader });
afterAll(() => reader.close());

const hostile: [string, string][] = [
  ["builtin-eval", "eval('1')"],
  ["builtin-eval", "(0, eval)('1')"],
  ["builtin-eval", "const e = eval; e('1')"],
  ["builtin-eval", "let e; e = eval; e('1')"],
  ["builtin-eval", "globalThis['ev' + 'al']('1')"],
  ["builtin-eval", "globalThis[`\u0024{'ev'}al`]('1')"],
  ["builtin-eval", "const { eval: e } = globalThis; e('1')"],
  ["builtin-eval", "globalThis[['ev', 'al'].join('')]('1')"],
  ["builtin-eval", "globalThis['lave'.split('').reverse().join('')]('1')"],
  ["builtin-eval", "self.eval('1')"],
  ["builtin-eval", "const w = window; w.globalThis.eval('1')"],
  ["builtin-eval", "globalThis[atob('ZXZhbA==')]('1')"],
  ["builtin-eval", "new Function('return 1')()"],
  ["builtin-eval", "Function('return 1')()"],
  ["builtin-eval", "(() => {}).constructor('return 1')()"],
  ["builtin-eval", "(function () {})['const' + 'ructor']('return 1')()"],
  ["builtin-eval", "''.constructor.constructor('return 1')()"],
  ["builtin-eval", "[].map.constructor('return 1')()"],
  ["builtin-eval", "function f() {} f.constructor('return 1')"],
  ["builtin-eval", "Object.getPrototypeOf(async function () {}).constructor('return 1')"],
  ["builtin-eval", "(eval as any)('1')"],
  ["builtin-eval", "globalThis?.eval?.('1')"],
  ["builtin-eval", "eval`1`"],
  ["builtin-eval", "setTimeout('x = 1', 1)"],
  ["builtin-eval", "new WebAssembly.Module(new Uint8Array())"],
  ["builtin-eval", "Reflect.apply(eval, null, ['1'])"],
  ["command", "new Deno.Command('ls').outputSync()"],
  ["command", "const { Command } = Deno; new Command('ls')"],
  ["command", "const { Command: C = null } = Deno; new C('ls')"],
  ["command", "new Deno['Com' + 'mand']('ls')"],
  ["command", "Reflect.get(Deno, 'Command')"],
  ["command", "new globalThis.Deno.Command('ls')"],
  ["command", "import { execSync } from 'node:child_process'; execSync('ls')"],
  ["command", "import * as cp from 'child_process'; cp.exec('ls')"],
  ["command", "async function f() { const c = await import('node:child_process'); c.exec('ls'); }"],
  ["dynamic-name", "function f(k: string) { return Deno[k]; }"],
  ["dynamic-name", "function f(k: string) { return globalThis[k]; }"],
  ["dynamic-name", "const d = Deno; console.log(Object.keys(d))"],
  ["builtin-import", "const fs = require('fs')"],
  ["builtin-import", "async function f(m: string) { return await import(m); }"],
  ["builtin-import", "process.getBuiltinModule('fs')"],
  ["native-code", "Deno.dlopen('libc.so.6', {})"],
  ["code-from-text", "import vm from 'node:vm'; vm.runInThisContext('1')"],
  ["code-from-text", "new Worker('data:text/javascript,1')"],
  ["code-from-text", "import { Worker } from 'worker_threads'"],
  ["process-control", "Deno.exit(0)"],
  ["process-control", "process.exit(0)"],
  ["network", "await fetch('http://example.com')"],
  ["network", "const f = globalThis.fetch; f('http://example.com')"],
  ["network", "new WebSocket('ws://example.com')"],
  ["network", "Deno.connect({ port: 1 })"],
  ["network", "import http from 'node:http'"],
  ["storage", "localStorage.setItem('a', 'b')"],
  ["storage", "caches.open('x')"],
  ["environment", "Deno.env.get('HOME')"],
  ["environment", "process.env['HOME']"],
  ["environment", "import { homedir } from 'node:os'; homedir()"],
  ["file-outside", "import { readFileSync } from 'node:fs'; readFileSync('/etc/passwd')"],
  ["file-outside", "import fs from 'fs'; fs.promises.readFile('../x')"],
  ["file-outside", "Deno.readTextFileSync('/etc/passwd')"],
  [
    "file-outside",
    "import { readFile } from 'node:fs/promises'; const f = (n: string) => readFile(`/etc/\u0024{n}`)",
  ],
  ["write-outside", "import { writeFileSync as w } from 'node:fs'; w('/tmp/x', 'a')"],
  ["write-outside", "import * as fs from 'node:fs'; fs.rmSync('~/x')"],
  ["module-unavailable", "import _ from 'lodash'"],
  ["module-unavailable", "import { a } from './a.ts'"],
  ["module-unavailable", "import x from 'npm:chalk@5'"],
  ["module-unavailable", "import x from 'https://example.com/x.ts'"],
  ["module-unavailable", "export * from 'jsr:@std/path'"],
];

const innocent: string[] = [
  "const match = /a+/.exec('aa');",
  "class Machine { eval(x: string) { return x; } run() { return this.eval('1'); } }",
  "class Machine { exec() { return 1; } } new Machine().exec();",
  "// eval('1')\n/* new Function('x') */\nconst text = 'eval(1)';",
  "const message = `use Deno.Command or fetch`;",
  "const object = { eval: 1, fetch: 2 }; object.eval + object.fetch;",
  "function f(fetch: (x: number) => number) { return fetch(1); }",
  "const Command = class {}; new Command();",
  "const isFunction = (x: unknown): x is Function => x instanceof Function;",
  "const kind = (x: unknown) => typeof x === 'function' && typeof Deno !== 'undefined';",
  "export const name = (x: object) => x.constructor.name;",
  "class A { clone() { return new (this.constructor as typeof A)(); } }",
  "class A { constructor(public x: number) {} }",
  "const copy = Array.prototype.slice.call([1]); Function.prototype.call;",
  "import { join } from 'node:path'; join('a', '..', 'b');",
  "import path from 'path'; path.basename('/etc/passwd');",
  "import { readFileSync, writeFileSync } from 'node:fs'; writeFileSync('out.txt', 'a'); readFileSync('in/a.txt');",
  "import * as fs from 'node:fs/promises'; export async function f(p: string) { return await fs.readFile(p, 'utf8'); }",
  "import { Buffer } from 'node:buffer'; Buffer.from('a').toString('base64');",
  "import { createHash, randomUUID } from 'node:crypto'; createHash('sha256');",
  "import assert from 'node:assert/strict'; assert.equal(1, 1);",
  "import { setTimeout as delay } from 'node:timers/promises'; await delay(1);",
  "import type { Foo } from './types.ts'; const x: Foo | null = null;",
  "setTimeout(() => {}, 1); setInterval(function () {}, 1);",
  "Deno.readTextFileSync('a.txt'); Deno.writeTextFileSync('b.txt', 'x');",
  "new URL('http://example.com/a?b=c').searchParams.get('b');",
  "JSON.parse('{}'); JSON.stringify({}); structuredClone({});",
  "const map = new Map<string, number>(); map.get('a');",
  "Object.keys({}).map((key) => key.length); Reflect.ownKeys({});",
  "const get = (o: Record<string, unknown>, k: string) => o[k];",
  "atob('YQ=='); btoa('a'); encodeURIComponent('a');",
  "enum Color { Red, Green } export const f = (c: Color) => Color[c];",
  "namespace N { export const a = 1; } N.a;",
  "export function* g() { yield 1; } for (const x of g()) console.log(x);",
  "label: for (;;) { break label; }",
  "const self = { x: 1 }; self.x;",
  "const top = [1][0]; const parent = { top };",
  "new Date().toISOString(); Intl.DateTimeFormat('en');",
  "try { throw new TypeError('x'); } catch (error) { console.error(error); }",
  "process.stdout.write('x'); process.cwd();",
];

describe("openSafetyReader() for TypeScript", () => {
  it.each(hostile)("finds %s in %j", async (rule, source) => {
    const report = await safety.read("typescript", source, []);
    expect(report.findings.map((finding) => finding.rule)).toContain(rule);
    expect(report.accepted).toBe(false);
  });

  it.each(innocent)("accepts %j", async (source) => {
    const report = await safety.read("typescript", source, []);
    expect(report.findings).toEqual([]);
    expect(report.accepted).toBe(true);
  });

  it("read() names the modules that there are when another is imported", async () => {
    const { findings } = await safety.read("typescript", "import x from 'left-pad';", []);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ tier: "unavailable", line: 1 });
    expect(findings[0]?.message).toContain("node:path");
  });
});
