import { describe, expect, it } from "vitest";
import { UnreadableSource } from "../unreadable.ts";
import { linkTypeScript } from "./link-typescript.ts";

/** The program whose main file is `main.ts`. */
function link(files: Readonly<Record<string, string>>) {
  return linkTypeScript(Object.entries(files).map(([path, source]) => ({ path, source })));
}

function sourcesOf(files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(link(files).map(({ path, source }) => [path, source]));
}

describe("linkTypeScript()", () => {
  it("gives the main file and what it imports, directly or not, each once", () => {
    const modules = link({
      "main.ts":
        'import { a } from "./a.ts";\nimport "./lib/b.js";\nimport { join } from "path";\n',
      "a.ts": 'export * from "./lib/b.js";\nexport const a: number = 1;\n',
      "lib/b.ts": 'import { a } from "../a.ts";\nexport const late = () => import("../d.json");\n',
      "d.json": "[1]",
      "unused.ts": "import x from 'npm:left-pad';",
    });
    expect(modules.map(({ path, imports }) => [path, imports])).toEqual([
      ["main.ts", { "./a.ts": "a.ts", "./lib/b.js": "lib/b.ts", path: "node:path" }],
      ["a.ts", { "./lib/b.js": "lib/b.ts" }],
      ["lib/b.ts", { "../a.ts": "a.ts", "../d.json": "d.json" }],
      ["d.json", {}],
    ]);
  });

  it("keeps lines and columns when types are left out", () => {
    const main = 'import { T, a } from "./a.ts"; export { T };\nconst b: T = a(); console.log(b);';
    const found = sourcesOf({
      "main.ts": main,
      "a.ts": "export type T = number;\nexport const a = (): T => 1;",
    })["main.ts"];
    expect(found).toHaveLength(main.length);
    expect(found?.indexOf("console")).toBe(main.indexOf("console"));
    expect(found?.split("\n")[0]).toBe('import {    a } from "./a.ts"; export {   };');
  });

  it.each([
    ["an interface by its name", "export interface A { b: 1 }", "A"],
    ["a type exported on", "type A = 1; export type { A };", "A"],
    ["a type under another name", "type B = 1; export { type B as A };", "A"],
    ["a type of another file", 'export { A } from "./t.ts";', "A"],
    [
      "a type of another file, imported and exported",
      'import { A } from "./t.ts"; export { A };',
      "A",
    ],
    ["all of another file", 'export * from "./t.ts";', "A"],
    ["all types of another file", 'export type * from "./t.ts";', "A"],
    ["a declared value", "export declare const A: 1;", "A"],
    ["a default interface", "export default interface A { b: 1 }", "default as A"],
  ])("leaves an import out when it is %s", (_title, source, name) => {
    const t = "export interface A { b: 1 }";
    const main = `import { ${name} } from "./a.ts";`;
    expect(sourcesOf({ "main.ts": main, "a.ts": source, "t.ts": t })["main.ts"]).toMatch(
      /^import \{ +\} from "\.\/a\.ts";$/,
    );
  });

  it("leaves a default import out when it is a type", () => {
    const main = 'import Shape from "./a.ts"; export let s: Shape;';
    const files = { "main.ts": main, "a.ts": "export default interface Shape { b: 1 }" };
    expect(sourcesOf(files)["main.ts"]).toMatch(/^import \{\} +from "\.\/a\.ts"; export let s +;$/);
  });

  it.each([
    ["/etc/passwd", "only the program's own files"],
    ["file:///etc/passwd", "only the program's own files"],
    ["data:text/javascript,export default 1", "only the program's own files"],
    ["https://example.com/x.ts", "only the program's own files"],
    ["npm:left-pad", "only the program's own files"],
    ["left-pad", "only the program's own files"],
    ["#internal", "only the program's own files"],
    ["node:child_process", "only the program's own files"],
    ["./../x.ts", "leads out of the program's folder"],
    ["./lib/../../../etc/passwd", "leads out of the program's folder"],
    ["./%2e%2e/x.ts", "not among the program's files"],
    ["./missing.ts", "not among the program's files"],
    ["./a.ts?raw", "is no module"],
    ["./a", "with .ts at its end"],
    ["./lib", "with /index.ts at its end"],
    ["./picture.png", "is no module"],
    ["./__proto__", "is no module"],
  ])("refuses the import of %s, static, exported on and dynamic", (specifier, reason) => {
    const name = JSON.stringify(specifier);
    for (const line of [
      `import x from ${name};`,
      `import ${name};`,
      `export { x } from ${name};`,
      `export * from ${name};`,
      `const f = () => import(${name});`,
    ]) {
      const files = { "main.ts": `\n${line}`, "a.ts": "", "lib/index.ts": "", "x.ts": "" };
      expect(() => link(files), line).toThrow(UnreadableSource);
      expect(() => link(files), line).toThrow(/^Line 2: /);
      expect(() => link(files), line).toThrow(reason);
    }
  });

  it.each([
    ["const f = (m: string) => import(m);", "by a plain text"],
    ['import { b } from "./a.ts";', '"./a.ts" exports no b.'],
    ['import a from "./a.ts";', '"./a.ts" exports no default.'],
    ['export { b } from "./a.ts";', '"./a.ts" exports no b.'],
    ['import d from "./d.json";', 'with { type: "json" }'],
    ['import d from "./a.ts" with { type: "json" };', "the only attribute"],
    ['import d from "./d.json" with { type: "text" };', "the only attribute"],
    ['import fs = require("fs");', "use import and export"],
    ['import "./broken.ts";', "broken.ts: Line 3: "],
    ['import d from "./broken.json" with { type: "json" };', "broken.json: "],
    ['import "./far.ts";', "far.ts: Line 1: "],
  ])("refuses %s", (main, reason) => {
    const files = {
      "main.ts": main,
      "a.ts": "export const a = 1;",
      "d.json": "{}",
      "broken.ts": "\n\nconst x = ;",
      "broken.json": "{",
      "far.ts": 'import "/etc/passwd";',
    };
    expect(() => link(files)).toThrow(reason);
  });

  it("refuses a file that cannot be read when it is imported, and only then", () => {
    const broken = { path: "a.ts", problem: "it is no UTF-8." };
    const main = (source: string) => [{ path: "main.ts", source }, broken];
    expect(() => linkTypeScript(main('import "./a.ts";'))).toThrow("a.ts: it is no UTF-8.");
    expect(linkTypeScript(main("export {};"))).toHaveLength(1);
  });

  it("ends when files import and export one another in a ring", () => {
    const files = {
      "main.ts": 'export * from "./a.ts";\nimport { b } from "./a.ts"; b;',
      "a.ts": 'export * from "./main.ts";\nexport { b } from "./b.ts";',
      "b.ts": 'export { b } from "./a.ts";',
    };
    expect(() => link(files)).toThrow('"./a.ts" exports no b.');
  });
});
