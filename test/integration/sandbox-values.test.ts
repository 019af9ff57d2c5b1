import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultLimits } from "../../src/sandbox/limits.ts";
import type { Subject, TaggedValue } from "../../src/sandbox/sandbox.ts";
import type { Language } from "../../src/shared/json.ts";
import { callOnce, openBoth, programOf, workFile } from "./sandbox-programs.ts";

const sandboxes = await openBoth();
afterAll(async () => {
  await Promise.all([sandboxes.python.close(), sandboxes.typescript.close()]);
});

async function start(language: Language, source: string): Promise<Subject> {
  const started = await sandboxes[language].start(programOf(language, source), defaultLimits);
  if (started.kind !== "started") {
    throw new Error(`the program did not load: ${JSON.stringify(started)}`);
  }
  return started.subject;
}

const values: readonly TaggedValue[] = [
  null,
  true,
  0,
  1.5,
  "ünï \u0000 \u2028 😀",
  [1, [2, { a: null }]],
  { "": 1, __proto__: 2, $a: 1, b: [] },
  { $bytes: "AAEC/w==" },
  { $set: [1, 2, 3] },
  { $float: "nan" },
  { $float: "inf" },
  { $float: "-inf" },
  { $float: "-0" },
  { $integer: "123456789012345678901234567890" },
  { $object: { $set: [1] } },
  9_007_199_254_740_991,
];

describe.each(["python", "typescript"] as const)("%s values", (language) => {
  let echo: Subject;
  beforeAll(async () => {
    const source =
      language === "python" ? "def f(x):\n    return x\n" : "function f(x) { return x; }";
    echo = await start(language, source);
  });
  afterAll(() => echo.close());

  it.each(values.map((value) => [JSON.stringify(value), value] as const))(
    "call() gives %s back when it is passed in and returned",
    async (_text, value) => {
      expect(await echo.call({ args: [value] })).toMatchObject({ kind: "returned", value });
    },
  );
});

const pythonValues = String.raw`
import collections, dataclasses, datetime, decimal, enum, typing
class Text(str):
    def __eq__(self, other): return True
    def __str__(self): return "lie"
    __hash__ = str.__hash__
class Number(int):
    def __int__(self): return 42
    def __repr__(self): return "42"
class Mapping(dict):
    def items(self): return [("lie", 1)]
class Color(enum.Enum):
    RED = "red"
class Level(enum.IntEnum):
    HIGH = 3
@dataclasses.dataclass
class Point:
    x: int
    y: list
class Pair(typing.NamedTuple):
    a: int
    b: int
class Opaque:
    pass
VALUES = {
    "text": lambda: Text("truth"),
    "number": lambda: Number(7),
    "mapping": lambda: Mapping(a=Text("b")),
    "enum": lambda: [Color.RED, Level.HIGH],
    "dataclass": lambda: Point(1, [Pair(2, 3)]),
    "ordered": lambda: collections.OrderedDict(a=1),
    "keys": lambda: {1: "a", None: "b", True: "c", 2.5: "d"},
    "collision": lambda: {1: "a", "1": "b"},
    "tuple": lambda: (1, (2,)),
    "sets": lambda: {frozenset({"b", "a"}), "c"},
    "opaque": lambda: Opaque(),
    "generator": lambda: (x for x in [1]),
    "date": lambda: datetime.date(2020, 1, 2),
    "cycle": lambda: (lambda a: a.append(a) or a)([]),
    "deep": lambda: __import__("functools").reduce(lambda a, _: [a], range(300), []),
    "surrogate": lambda: "\ud800",
}
def f(name):
    return VALUES[name]()
`;

describe("python results", () => {
  let subject: Subject;
  beforeAll(async () => {
    subject = await start("python", pythonValues);
  });
  afterAll(() => subject.close());

  it.each<[string, TaggedValue]>([
    ["text", "truth"],
    ["number", 7],
    ["mapping", { a: "b" }],
    ["enum", ["red", 3]],
    ["dataclass", { x: 1, y: [[2, 3]] }],
    ["ordered", { a: 1 }],
    ["collision", { $repr: "{1: 'a', '1': 'b'}" }],
    ["tuple", [1, [2]]],
    ["sets", { $set: ["c", { $set: ["a", "b"] }] }],
    ["opaque", { $repr: "<skill.Opaque object>" }],
    ["generator", { $repr: "<generator object <lambda>.<locals>.<genexpr>>" }],
    ["date", { $repr: "datetime.date(2020, 1, 2)" }],
    ["surrogate", "\ud800"],
  ])("call() reduces %s to what is plain when it is returned", async (name, value) => {
    const outcome = await subject.call({ args: [name] });
    if (name === "generator") {
      expect(outcome).toMatchObject({ value: { $repr: expect.not.stringContaining("0x") } });
    } else {
      expect(outcome).toMatchObject({ kind: "returned", value });
    }
  });

  it.each(["cycle", "deep"])("call() reports an error when the result is a %s", async (name) => {
    const outcome = await subject.call({ args: [name] });
    expect(outcome).toMatchObject({ kind: "raised", errorType: "ValueError" });
  });
});

describe("errors", () => {
  it("call() names type, bases, message and own lines when Python raises", async () => {
    const outcome = await callOnce(
      sandboxes.python,
      "import json\nclass Bad(ValueError): pass\ndef f(text):\n    try:\n        json.loads(text)\n" +
        "    except ValueError as error:\n        raise Bad('no JSON') from error\n",
      ["{"],
    );
    expect(outcome).toMatchObject({
      kind: "raised",
      errorType: "Bad",
      errorBases: ["ValueError", "Exception", "BaseException"],
      message: "no JSON",
      trace: "skill.py:7 in f: raise Bad('no JSON') from error",
    });
  });

  it("call() names type, bases, message and own lines when TypeScript throws", async () => {
    const outcome = await callOnce(
      sandboxes.typescript,
      "class Bad extends TypeError {}\nfunction f() {\n  throw new Bad('no JSON');\n}",
    );
    expect(outcome).toMatchObject({
      kind: "raised",
      errorType: "Bad",
      errorBases: ["TypeError", "Error"],
      message: "no JSON",
      trace: "skill.ts:3 in f",
    });
  });

  it.each([
    ["python", "def f(:\n", "SyntaxError"],
    ["python", "x = 1\n", "NameError"],
    ["typescript", "function f( {", "SyntaxError"],
    ["typescript", "null.x;", "TypeError"],
    ["typescript", "const x = 1;", "ReferenceError"],
  ] as const)("start() answers raised when %s cannot load %j", async (language, source, type) => {
    const outcome = await sandboxes[language].start(programOf(language, source), defaultLimits);
    expect(outcome).toMatchObject({ kind: "raised", errorType: type });
    expect(JSON.stringify(outcome)).not.toContain(import.meta.dirname.slice(0, 12));
  });

  it.each([
    ["python", "import asyncio\nasync def f(x):\n    await asyncio.sleep(0.001)\n    return x"],
    [
      "python",
      "import asyncio\nasync def g(x):\n    await asyncio.sleep(0)\n    return x\ndef f(x):\n    return asyncio.run(g(x))",
    ],
    ["typescript", "async function f(x) { await new Promise((r) => setTimeout(r, 1)); return x; }"],
  ] as const)("call() awaits the result when %s runs %j", async (language, source) => {
    expect(await callOnce(sandboxes[language], source, [7])).toMatchObject({ value: 7 });
  });

  it("call() makes the allowed modules reachable when a script is prepared with them", async () => {
    const source = `
      const { createHash } = __modules["node:crypto"];
      const { gzipSync, gunzipSync } = __modules["zlib"];
      const { writeFileSync, readFileSync, readdirSync } = __modules["node:fs"];
      const path = __modules["node:path"].default;
      async function f() {
        writeFileSync("a.txt", "é");
        const text = await __modules["node:fs/promises"].readFile("a.txt", "utf8");
        const packed = gunzipSync(gzipSync(Buffer.from(text))).toString();
        return [packed, readdirSync("."), path.basename("/x/y"), createHash("md5").update("").digest("hex")];
      }`;
    expect(await callOnce(sandboxes.typescript, source)).toMatchObject({
      value: ["é", ["a.txt"], "y", "d41d8cd98f00b204e9800998ecf8427e"],
    });
  });
});

const fileSkills = {
  python:
    "import os\ndef f():\n    names = sorted(os.listdir('.'))\n    text = open('in/a.txt').read()\n" +
    "    os.makedirs('out', exist_ok=True)\n    open('out/b.txt', 'w').write(text.upper())\n" +
    "    open('/tmp/leak', 'a').write('x')\n    return [names, os.getcwd(), os.path.getsize('/tmp/leak')]\n",
  typescript:
    "function f() { const names = [...Deno.readDirSync('.')].map((e) => e.name); const text = Deno.readTextFileSync('in/a.txt');" +
    "Deno.mkdirSync('out', { recursive: true }); Deno.writeTextFileSync('out/b.txt', text.toUpperCase()); return [names, Deno.cwd(), 1]; }",
};

describe.each(["python", "typescript"] as const)("%s work folder", (language) => {
  it("call() lays files out, collects them, and wipes them when the next call comes", async () => {
    const subject = await start(language, fileSkills[language]);
    for (const text of ["one", "two"]) {
      const outcome = await subject.call({
        args: [],
        files: [workFile("in/a.txt", text)],
        collectFiles: true,
      });
      expect(outcome).toMatchObject({
        kind: "returned",
        value: [["in"], "/work", 1],
        files: [workFile("in/a.txt", text), workFile("out/b.txt", text.toUpperCase())],
      });
    }
    await subject.close();
  });

  it("call() carries a file whole when it is larger than a line", async () => {
    const text = "0123456789".repeat(200_000);
    const source =
      language === "python"
        ? "def f():\n    return len(open('big').read())\n"
        : "function f() { return Deno.readTextFileSync('big').length; }";
    const outcome = await callOnce(sandboxes[language], source, [], {
      files: [workFile("big", text)],
      collectFiles: true,
    });
    expect(outcome).toMatchObject({ value: text.length, files: [workFile("big", text)] });
  });

  it("call() refuses the input when a name leads out of the folder", async () => {
    const outcome = await callOnce(sandboxes[language], fileSkills[language], [], {
      files: [workFile("../a.txt", "x")],
    });
    expect(outcome).toMatchObject({ kind: "died", reason: "file-limit" });
  });
});
