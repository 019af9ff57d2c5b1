import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultLimits } from "../../src/sandbox/limits.ts";
import type { Program, Sandbox } from "../../src/sandbox/sandbox.ts";
import { linkTypeScript } from "../../src/syntax/typescript/link-typescript.ts";
import { prepareTypeScript } from "../../src/syntax/typescript/prepare-typescript.ts";
import { usableSandboxes } from "../support/usable-backends.ts";

const limits = { ...defaultLimits, timeoutMs: 5_000 };
const sandboxes: Sandbox[] = [];

beforeAll(async () => {
  sandboxes.push(
    ...(await usableSandboxes("typescript", 1)),
    ...(await usableSandboxes("python", 1)),
  );
});

afterAll(() => Promise.all(sandboxes.map((sandbox) => sandbox.close())));

/** How the program ended on each backend of its language, and what it printed. */
async function runEverywhere(
  program: Omit<Program, "fileName"> & { readonly fileName?: string },
  given = limits,
): Promise<readonly object[]> {
  const outcomes: object[] = [];
  for (const sandbox of sandboxes.filter(({ language }) => language === program.language)) {
    const started = await sandbox.start({ fileName: "main.ts", ...program }, given);
    await started.subject?.close();
    outcomes.push(started.kind === "started" ? { kind: "ended", ...started.loading } : started);
  }
  expect(outcomes).not.toEqual([]);
  return outcomes;
}

async function expectTypeScript(source: string, wanted: object, given = limits): Promise<void> {
  for (const outcome of await runEverywhere({ language: "typescript", source }, given)) {
    expect(outcome).toMatchObject(wanted);
  }
}

describe("start() of a whole TypeScript program", () => {
  it("runs until no timer and no promise is left, but those that the program lets go of", async () => {
    const source = `
let ticks = 0;
const ticking = setInterval(() => { if (++ticks === 3) clearInterval(ticking); console.log("tick"); }, 5);
Deno.unrefTimer(setInterval(() => {}, 5));
setTimeout(() => console.log("let go"), 60_000).unref();
queueMicrotask(() => console.log("microtask"));
new Promise((resolve) => setTimeout(resolve, 60)).then(() => console.log("settled"));
crypto.subtle.digest("SHA-256", new Uint8Array(9)).then(() => console.log("digested"));
await new Promise((resolve) => setTimeout(resolve, 40));
console.log("top level");`;
    const outcomes = await runEverywhere({ language: "typescript", source });
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ kind: "ended" });
      const { printed } = outcome as { readonly printed: string };
      expect(printed.trim().split("\n").toSorted()).toEqual([
        ...["digested", "microtask", "settled", "tick", "tick", "tick", "top level"],
      ]);
    }
  });

  it.each([
    ["throws in a timer", "setTimeout(() => fail(), 5);"],
    ["throws in a microtask", "queueMicrotask(() => fail()); setInterval(() => {}, 5);"],
    [
      "leaves a promise rejected",
      "(async () => { await 1; fail(); })(); setInterval(() => {}, 5);",
    ],
    ["throws at its top level", "setInterval(() => {}, 5); fail();"],
  ])("is raised, with its own lines, when it %s", async (_title, source) => {
    const whole = `const fail = () => {\n  throw new RangeError("too far");\n};\n${source}`;
    await expectTypeScript(whole, {
      kind: "raised",
      errorType: "RangeError",
      message: "too far",
      trace: expect.stringMatching(/^main\.ts:2 in fail/),
    });
  });

  it("tells what listens on its process, and ends by what that says", async () => {
    const source = `
import { EventEmitter } from "node:events";
process.once("exit", (code) => console.log("exit", code)).on("unhandledRejection", (reason) => console.log("rejected", reason));
process.on("uncaughtException", (error) => { console.log(error.message); process.exitCode = 4; });
const many = new EventEmitter();
for (let count = 0; count < 11; count += 1) many.on("x", () => {});
process.stdout.write("length " + new Buffer(5).length + " " + Buffer(5).length + "\\n");
setTimeout(() => { throw new Error("late"); }, 5);
Promise.reject(7);`;
    await expectTypeScript(source, {
      kind: "died",
      exitCode: 4,
      printed: expect.stringMatching(
        /^\(deno\) MaxListenersExceededWarning: .+\nlength 5 5\nrejected 7\nlate\nexit 4\n$/s,
      ),
    });
  });

  it("goes on when the program handles what is thrown", async () => {
    const source = `
addEventListener("unhandledrejection", (event) => { event.preventDefault(); console.log("handled", event.reason); });
addEventListener("error", (event) => { event.preventDefault(); console.log("handled", event.error); });
Promise.reject("a rejection");
setTimeout(() => { throw "an error"; }, 5);
setTimeout(() => console.log("last"), 20);`;
    const printed = "handled a rejection\nhandled an error\nlast\n";
    await expectTypeScript(source, { kind: "ended", printed });
  });

  it("is raised when its top level waits for what can never come", async () => {
    await expectTypeScript("await new Promise(() => {});", {
      kind: "raised",
      message: expect.stringContaining("nothing is left to settle"),
    });
  });

  it("dies of timeout when a timer never ends", async () => {
    const given = { ...limits, timeoutMs: 500 };
    const wanted = { kind: "died", reason: "timeout", printed: "before\n" };
    await expectTypeScript('console.log("before"); setInterval(() => {}, 5);', wanted, given);
  });

  it.each([
    "process.exitCode = 4;",
    "Deno.exitCode = 4;",
    "process.exitCode = '4'; setTimeout(() => {}, 5);",
    "Deno.exit(4);",
    "setTimeout(() => process.exit(4), 5);",
  ])("ends with the exit code of %s, nothing printed is lost", async (source) => {
    const whole = `console.log("one");\nconsole.log("two");\n${source}`;
    await expectTypeScript(whole, { kind: "died", exitCode: 4, printed: "one\ntwo\n" });
  });

  it("finds its arguments and what it is by import.meta", async () => {
    const source = `
import { sep } from "node:path";
console.log(Deno.args, process.argv, import.meta.main, import.meta.url, import.meta.filename, sep);`;
    const program = { language: "typescript", source, args: ["a", "b"] } as const;
    for (const outcome of await runEverywhere(program)) {
      expect(outcome).toMatchObject({
        printed:
          "[ 'a', 'b' ] [ 'deno', 'main.ts', 'a', 'b' ] true file:///skill/main.ts /skill/main.ts /\n",
      });
    }
  });
});

/** A TypeScript program of several files; the first is the main one. */
function programOfFiles(files: Readonly<Record<string, string>>): Program {
  const given = Object.entries(files).map(([path, source]) => ({ path, source }));
  const [main, ...modules] = linkTypeScript(given);
  const { path: fileName = "", source = "", imports = {} } = main ?? {};
  return { language: "typescript", source, fileName, imports, modules };
}

const ring = {
  "main.ts": `import { count, next, type Shape, state } from "./lib/counter.ts";
import Base, * as all from "./lib/base.js";
import data from "./data.json" with { type: "json" };
const shape: Shape = { sides: 3 };
next(); next();
console.log(count, state(), new Base().name, Object.keys(all), data.items, shape.sides);
try { eval("0") } catch { console.log("no eval") }
console.log((await import("./lib/late.ts")).late, this);
export function hoisted(): string { return "hoisted"; }
export const inTime = "in time";`,
  "lib/counter.ts": `import { hoisted, inTime } from "../main.ts";
export interface Shape { sides: number }
export let count = 0;
export const next = () => { count += 1; };
export function state(): string { return hoisted() + (() => { try { return inTime; } catch (error) { return String(error); } })(); }`,
  "lib/base.js":
    'export default class Base { name = "base"; }\nexport * from "./counter.ts";\nexport { next as again } from "./counter.ts";',
  "lib/late.ts": "export const late: string = import.meta.url + import.meta.main;",
  "data.json": '{ "items": [1] }',
};

describe("start() of a TypeScript program of several files", () => {
  it("binds imports live, in a ring too, and knows each file's own name", async () => {
    const printed = [
      "2 hoistedReferenceError: Cannot access 'inTime' before initialization base " +
        "[ 'again', 'count', 'default', 'next', 'state' ] [ 1 ] 3",
      "no eval",
      "file:///skill/lib/late.tsfalse undefined",
      "",
    ].join("\n");
    for (const outcome of await runEverywhere(programOfFiles(ring))) {
      expect(outcome).toMatchObject({ kind: "ended", printed });
    }
  });

  it("calls the entry that its main file exports", async () => {
    const program = programOfFiles({
      "main.ts": 'import { twice } from "./twice.ts";\nexport const f = (n: number) => twice(n);',
      "twice.ts": "export const twice = (n: number): number => 2 * n;",
    });
    const [sandbox] = sandboxes;
    const started = await sandbox?.start({ ...program, entry: "f" }, limits);
    expect(await started?.subject?.call({ args: [4] })).toMatchObject({ value: 8 });
    await started?.subject?.close();
    expect(await sandbox?.start({ ...program, entry: "twice" }, limits)).toMatchObject({
      kind: "raised",
      message: expect.stringContaining("defines no function twice"),
    });
  });

  it("is raised with file, line and column of each of its own sources", async () => {
    const program = programOfFiles({
      "main.ts": 'import type { T } from "./lib/a.ts"; import { a } from "./lib/a.ts"; a(1 as T);',
      "lib/a.ts": "export type T = number;\n\nexport function a(n: T): T { return n.b.c; }",
    });
    for (const outcome of await runEverywhere(program)) {
      expect(outcome).toMatchObject({
        kind: "raised",
        trace: "lib/a.ts:3 in a\nmain.ts:1",
      });
    }
  });

  it("names the column too in a skill's first line", async () => {
    const source = prepareTypeScript("export function f(a: number) { throw new Error('boom'); }");
    for (const sandbox of sandboxes.filter(({ language }) => language === "typescript")) {
      const program = { language: "typescript", source, entry: "f", fileName: "skill.ts" } as const;
      const started = await sandbox.start(program, limits);
      expect(await started.subject?.call({ args: [1] })).toMatchObject({
        kind: "raised",
        trace: "skill.ts:1 in f",
      });
      await started.subject?.close();
    }
  });

  it.each([
    ["/etc/passwd", "{}"],
    ["file:///etc/passwd", '{ type: "text" }'],
    ["../../../../etc/passwd", '{ type: "bytes" }'],
    ["data:text/javascript,export default 1", "{}"],
    ["node:child_process", "{}"],
    ["constructor", "{}"],
  ])(
    "links no import of %s, also when nobody has looked at it before",
    async (name, attributes) => {
      const source = `import x from ${JSON.stringify(name)} with ${attributes};\nconsole.log(x);`;
      await expectTypeScript(source, {
        kind: "raised",
        printed: "",
        message: expect.stringMatching(/no file of the program|attribute/),
      });
    },
  );
});

describe("start() of a whole Python program", () => {
  it("runs what asyncio waits for, then the handlers of its end", async () => {
    const source = `
import asyncio, atexit, sys
atexit.register(print, "at exit")
async def wait(seconds):
    await asyncio.sleep(seconds)
    print("waited", seconds)
async def main():
    await asyncio.gather(wait(0.02), wait(0.01))
asyncio.run(main())
sys.exit(3)
`;
    const program = { language: "python", source, fileName: "main.py" } as const;
    for (const outcome of await runEverywhere(program)) {
      expect(outcome).toMatchObject({
        kind: "raised",
        errorType: "SystemExit",
        message: "3",
        printed: "waited 0.01\nwaited 0.02\nat exit\n",
      });
    }
  });
});
