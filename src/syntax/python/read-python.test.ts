import { describe, expect, it } from "vitest";
import { UnreadableSource } from "../unreadable.ts";
import { readPython } from "./read-python.ts";

const names = (source: string): string[] => readPython(source).reached.map(({ name }) => name);
const digest = (source: string): string => readPython(source).treeDigest;

describe("readPython()", () => {
  it("lists imports by their top-level module with their first line", () => {
    const source = "import os.path, json as j\nfrom xml.etree import ElementTree\nimport os\n";
    expect(readPython(source).imports).toEqual([
      { module: "os", line: 1 },
      { module: "json", line: 1 },
      { module: "xml", line: 2 },
    ]);
  });

  it("lists a module that importlib loads by a constant name", () => {
    const { imports } = readPython("import importlib\nimportlib.import_module('sub' + 'process')");
    expect(imports.map(({ module }) => module)).toEqual(["importlib", "subprocess"]);
  });

  it("gives constant arguments, with null for what is not known", () => {
    const [call] = readPython("def f(p, m):\n    return open(p, 'w', encoding=m)").reached;
    expect(call).toEqual({
      name: "builtins.open",
      line: 2,
      use: "call",
      constantArgs: [null, "w"],
      constantKeywords: { encoding: null },
    });
  });

  it("gives the beginning of a path of which the end is not known", () => {
    const { reached } = readPython("def f(n):\n    return open(f'/etc/{n}')");
    expect(reached[0]?.constantArgs).toEqual(["/etc/"]);
  });

  it("tells calls, references and imports apart", () => {
    const { reached } = readPython("import os\nf = os.system\nos.system('ls')");
    expect(reached.map(({ name, use, line }) => [name, use, line])).toEqual([
      ["os", "import", 1],
      ["os.system", "reference", 2],
      ["os.system", "call", 3],
    ]);
  });

  it("knows a builtin from a local of the same name", () => {
    expect(names("def compile(x): return x\ncompile('1')")).toEqual([]);
    expect(names("def f(eval): return eval(1)")).toEqual([]);
    expect(names("class A:\n    eval = 1\n    def f(self): return eval('1')")).toEqual([
      "builtins.eval",
    ]);
    expect(names("def f():\n    global eval\n    eval = print\neval(1)")).toContain(
      "builtins.print",
    );
  });

  it("ends on names that are defined by one another", () => {
    expect(names("a = b\nb = a\na()")).toEqual([]);
    const chain = Array.from({ length: 300 }, (_, i) => `x${i + 1} = x${i} + x${i}`).join("\n");
    expect(names(`x0 = 'a'\n${chain}`)).toEqual([]);
  });

  it("lists public functions with their parameters as written", () => {
    const source =
      "async def f(a, /, b=1, *rest, c, **more): pass\ndef _hidden(): pass\n" +
      "class A:\n    def method(self): pass\nif True:\n    def g(): pass\nh = lambda x: x\n";
    const found = readPython(source).functions;
    expect(found.map(({ signature: _signature, ...written }) => written)).toEqual([
      { name: "f", parameters: ["a", "b", "*rest", "c", "**more"], line: 1 },
      { name: "g", parameters: [], line: 6 },
      { name: "h", parameters: ["x"], line: 7 },
    ]);
  });

  it("tells what is written of a function's types and defaults", () => {
    const source =
      'def f(a: int, b: "list[str] | None" = None, c=-1, d=object(), *rest, e, g=1) -> tuple[int, ...]: pass\n' +
      "def g(a: typing.Optional[dict[str, int]], b: f() = [], c: x[0] = {}): pass\n";
    expect(readPython(source).functions.map(({ signature }) => signature)).toEqual([
      {
        parameters: [
          { name: "a", type: "int" },
          { name: "b", type: "list[str] | None", preset: null },
          { name: "c", preset: -1 },
          { name: "d", preset: null },
        ],
        namedOnly: ["e"],
        result: "tuple[int, ...]",
      },
      {
        parameters: [
          { name: "a", type: "Optional[dict[str, int]]" },
          { name: "b", preset: [] },
          { name: "c", preset: {} },
        ],
        namedOnly: [],
      },
    ]);
  });

  it.each([
    ["print 'a'", 1],
    ["x = 1\nif x:\n  y\n z\n", 4],
    ["x = 0777", 1],
    ["def f(a, a): pass", 1],
    ["x = 1\nreturn x", 2],
    ["x = 1\nbreak  # noqa", 2],
    ["def f():\n    await x", 2],
    ["f(**k, *a)", 1],
    ["1 = x", 1],
  ])("throws with the line when CPython would refuse %j", (source, line) => {
    expect(() => readPython(source)).toThrow(UnreadableSource);
    expect(() => readPython(source)).toThrow(new RegExp(`^Line ${line}:`));
  });

  it.each([
    "match x:\n    case {'a': [1, *r], **k} as d if e: pass\n    case A(b=c) | B(c): pass\n",
    "class A[T]: pass\ntype X = int\ndef f[T](x: T) -> T: return x\n",
    "try:\n    pass\nexcept* ValueError:\n    pass\n",
    "try:\n    pass\nexcept ValueError, TypeError:\n    pass\n",
    "x = f'{a!r:>{width}} {b=}' f\"{'nested'}\"\n",
    "\f\nx = 1\n",
    "async def f():\n    return [x async for x in y if await x]\n",
  ])("reads %j, as CPython 3.14 does", (source) => {
    expect(readPython(source).language).toBe("python");
  });
});

describe("readPython().treeDigest", () => {
  it.each([
    ["comments and formatting", "def f(a):\n  return a+1 # c", "def f(a):\n\n    return (a + 1)\n"],
    ["docstrings", "def f(a):\n  return a", '"""m"""\ndef f(a):\n  """d"""\n  return a'],
    ["names of locals", "def f(a):\n  x = a\n  return x", "def f(a):\n  total = a\n  return total"],
    ["quotes", "x = 'a'", 'x = "a"'],
    [
      "names of loop variables",
      "def f(a):\n  return [i for i in a]",
      "def f(a):\n  return [item for item in a]",
    ],
  ])("is equal when only %s differ", (_, one, other) => {
    expect(digest(one)).toBe(digest(other));
  });

  it.each([
    [
      "which local is returned",
      "def f():\n  x=1\n  y=2\n  return x",
      "def f():\n  x=1\n  y=2\n  return y",
    ],
    ["a name of the top level", "x = 1", "y = 1"],
    ["bytes and text", "x = b'a'", "x = 'a'"],
    ["a parameter's name", "def f(a, b): return a - b", "def f(b, a): return b - a"],
    ["an operator", "x = a + b", "x = a - b"],
    ["a constant's type", "x = 1", "x = '1'"],
    [
      "locals that the program can see",
      "def f():\n  x = 1\n  return locals()",
      "def f():\n  y = 1\n  return locals()",
    ],
    [
      "what an inner function reads",
      "def f():\n x=1\n def g():\n  y=2\n  return x\n return g",
      "def f():\n x=1\n def g():\n  y=2\n  return y\n return g",
    ],
  ])("differs when %s differs", (_, one, other) => {
    expect(digest(one)).not.toBe(digest(other));
  });
});
