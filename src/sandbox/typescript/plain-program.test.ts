import { describe, expect, it } from "vitest";
import { isPlain } from "./plain-program.ts";

const program = (source: string) => ({ source, entry: "f", fileName: "skill.ts" });

describe("isPlain", () => {
  it.each([
    "function f(text) { return JSON.parse(text); }",
    "function f(url) { return new URL(url).host + crypto.randomUUID(); }",
    'function f() { return "\\u00e9\\u{1F600}" + processed + itself; }',
    "async function f() { return await Promise.all([]); }",
  ])("isPlain() is true when a script names nothing of Node: %s", (source) => {
    expect(isPlain(program(source))).toBe(true);
  });

  it.each([
    'function f() { return import("node:fs"); }',
    'function f() { return import /* x */ ("node:fs"); }',
    'function f() { return import.source("x"); }',
    "function f() { return import.meta.url; }",
    "// important\nfunction f() {}",
    'const { join } = __modules["path"]; function f() {}',
    "async function f() { await new Promise((done) => setTimeout(done, 1)); }",
    "function f() { return globalThis[name]; }",
    "function f() { return self.f; }",
    "function f() { \\u0063onsole.log(1); }",
    "function f() { \\u{63}onsole.log(1); }",
    "function f() { \\u{000063}onsole.log(1); }",
    "function f() { return process.argv; }",
    "function f() { return Buffer.alloc(1); }",
    "Error.prepareStackTrace = () => 1; function f() {}",
  ])("isPlain() is false when a script names, or could name, what Node has: %s", (source) => {
    expect(isPlain(program(source))).toBe(false);
  });

  it("isPlain() is false when a program is a module, has further ones, or is run as a whole", () => {
    const { source, entry, fileName } = program("function f() {}");
    expect(isPlain({ source, fileName })).toBe(false);
    expect(isPlain({ source, entry, fileName, imports: {} })).toBe(false);
    const modules = [{ path: "a.ts", source: "", imports: {} }];
    expect(isPlain({ source, entry, fileName, modules })).toBe(false);
  });

  it("isPlain() is false when no comment could carry the file's name", () => {
    expect(isPlain({ ...program("function f() {}"), fileName: "my skill.ts" })).toBe(false);
  });
});
