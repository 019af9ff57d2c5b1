import { describe, expect, it } from "vitest";
import { launchedSandbox } from "../../src/sandbox/launched-sandbox.ts";
import { defaultLimits } from "../../src/sandbox/limits.ts";
import type { JsonValue, Language } from "../../src/shared/json.ts";
import { type UsableBackend, usableBackends } from "../support/usable-backends.ts";

/** What a program reads of where its own code stands; `FIRST` is what a change makes longer. */
const readers: readonly (readonly [name: string, language: Language, source: string])[] = [
  [
    "a plain program",
    "typescript",
    `async function f() {
  const said = []; addEventListener("error", (event) => { event.preventDefault(); said.push([event.lineno, event.colno]); });
  FIRST; said.push(new Error("x").stack, Deno.inspect(new Error("y")), structuredClone(new Error("z")).stack);
  const target = new EventTarget(); target.addEventListener("a", () => { FIRST; throw new Error("a"); });
  target.dispatchEvent(new Event("a"));
  Error["prepare" + "StackTrace"] = (error, sites) => sites;
  FIRST; const [site] = new Error("x").stack;
  const names = Object.getOwnPropertyNames(Object.getPrototypeOf(site)).filter((name) => name !== "constructor");
  return [...said, ...names.map((name) => [name, String(site[name]())])];
}
`,
  ],
  [
    "a program with Node's layer",
    "typescript",
    `function f() {
  const util = __modules["node:util"];
  FIRST; const text = new Error("x").stack; const sites = util.getCallSites();
  const quoted = []; const { ok, strict, Assert } = __modules["node:assert"];
  for (const assert of [ok, strict, __modules["assert/strict"].default, new Assert().ok]) {
    try { assert((FIRST, false)); } catch (error) { quoted.push(error.message, error.stack); }
  }
  const before = Error.prepareStackTrace;
  Error.prepareStackTrace = (error, sites) => before(error, sites) + sites.length;
  FIRST; quoted.push(new Error("again").stack);
  Error.prepareStackTrace = before;
  FIRST; quoted.push(new Error("as before").stack);
  return [text, sites.map((site) => ({ ...site })), quoted.length, quoted];
}
`,
  ],
  [
    "a program",
    "python",
    `import inspect, sys, traceback
def f():
    try:
        FIRST; raise KeyError(1)
    except KeyError as error:
        last = traceback.TracebackException.from_exception(error).stack[-1]
    FIRST; places = [[line, column] for line, _, column, _ in sys._getframe().f_code.co_positions()]
    try:
        text = inspect.getsource(f)
    except OSError:
        text = ""
    main = sorted(name for name in vars(sys.modules["__main__"]) if not name.startswith("__"))
    return [last.lineno, last.colno, last.end_colno, last.line, text, main, [place for place in places if place[1] is not None]]
`,
  ],
];

async function answerOf({ language, name, launcher }: UsableBackend, source: string) {
  const sandbox = launchedSandbox(language, name, launcher, { warmProcesses: 0 });
  try {
    const program = { language, source, entry: "f", fileName: "skill.x" } as const;
    const { subject } = await sandbox.start(program, defaultLimits);
    const outcome = await subject?.call({ args: [] });
    await subject?.close();
    return outcome?.kind === "returned" ? outcome.value : (outcome as unknown as JsonValue);
  } finally {
    await sandbox.close();
  }
}

describe("what code can tell of its own text", () => {
  it.each(readers)("start() gives %s in %s nothing that a longer line changes", async (...of) => {
    const [, language, source] = of;
    // The last two of three differ in their lock alone.
    for (const backend of (await usableBackends(language)).slice(0, 2)) {
      const [short, long] = await Promise.all(
        ["1", "1_000_000"].map((first) =>
          answerOf(backend, source.replaceAll("FIRST", `[${first}]`)),
        ),
      );
      expect(short, backend.name).toBeInstanceOf(Array);
      expect(long, backend.name).toEqual(short);
      if (language === "python") {
        expect(short, backend.name).toEqual([4, null, null, "", "", [], []]);
      } else {
        expect(JSON.stringify(short)).toMatch(/skill\.x:3:1\b/);
      }
    }
  });
});
