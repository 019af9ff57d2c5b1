import { describe, expect, it } from "vitest";
import type { MutationOperator } from "../mutant.ts";
import { mutatePython } from "./mutate-python.ts";

const all = { maxMutants: 1_000, seed: 1, entry: "f" };

/** `before → after` of every mutant, of one operator where it is named. */
function changes(source: string, operator?: MutationOperator): string[] {
  return mutatePython(source, all)
    .filter((mutant) => operator === undefined || mutant.operator === operator)
    .map(({ before, after }) => `${before} → ${after}`);
}

const sources = (source: string): string[] =>
  mutatePython(source, all).map((mutant) => mutant.source);

describe("mutatePython()", () => {
  it("changes arithmetic, and drops what is joined to a text", () => {
    expect(changes("def f(a, b):\n    return a * b - (a % b)\n", "arithmetic")).toEqual([
      "a * b → a + b",
      "a * b → a // b",
      "a * b - (a % b) → a * b + (a % b)",
      "a % b → a // b",
    ]);
    expect(changes("def f(a):\n    a += 2\n    return -a\n", "arithmetic")).toEqual([
      "a += 2 → a -= 2",
      "-a → a",
    ]);
    expect(changes("def f(a):\n    return [(a) + '!']\n", "arithmetic")).toEqual([
      "(a) + '!' → (a)",
    ]);
  });

  it("leaves arithmetic alone that changes nothing", () => {
    const source = "def f(a):\n    return [a + 0, a - 0, a * 1, a // 1, a * -1]\n";
    expect(changes(source, "arithmetic").filter((change) => !change.startsWith("-1"))).toEqual([]);
  });

  it("turns comparisons around and moves their boundaries, each of a chain", () => {
    const source = "def f(a, b):\n    return 0 < a <= b, a == b, a is None, a not in b\n";
    expect(changes(source, "boundary")).toEqual([
      "0 < a <= b → 0 <= a <= b",
      "0 < a <= b → 0 < a < b",
    ]);
    expect(changes(source, "comparison")).toEqual([
      "0 < a <= b → 0 >= a <= b",
      "0 < a <= b → 0 < a > b",
      "a == b → a != b",
      "a is None → a is not None",
      "a not in b → a in b",
    ]);
  });

  it("moves no boundary that only chooses between equals", () => {
    const loop = "def f(a):\n    m = a[0]\n    for x in a:\n        if x > m:\n            m = x\n";
    expect(changes(`${loop}    return m\n`, "boundary")).toEqual([]);
    expect(changes("def f(a, b):\n    return a if a >= b else b\n", "boundary")).toEqual([]);
  });

  it("changes constants, and keeps a text's quotes and prefix", () => {
    const source = "def f(a=0.5):\n    return [7, True, None, rb'x', '', 0x0F, f'{a}!']\n";
    expect(changes(source, "constant").length).toBe(10);
    const made = sources(source).join("");
    for (const text of ["a=1.5", "[8, ", "[6, ", "False", ", 0, rb'x'", "rb''", "'x',", " 16,"]) {
      expect(made).toContain(text);
    }
    expect(made).toContain(" 14, f'{a}!']");
    expect(made).toContain("0x0F, '']");
  });

  it("negates and forces conditions of every kind", () => {
    const source = "def f(a, b):\n    if a and b:\n        a = 1\n    return [x for x in b if x]\n";
    expect(changes(source, "condition")).toEqual([
      "a and b → False",
      "a and b → True",
      "a and b → not (a and b)",
      "x → False",
      "x → True",
      "x → not (x)",
    ]);
    const match = "def f(a):\n    match a:\n        case int() if a:\n            return 1\n";
    expect(changes(match, "condition")).toEqual(["a → False", "a → True", "a → not (a)"]);
    expect(changes("def f(a):\n    return 1 if a else 2\n", "condition")).toContain(
      "1 if a else 2 → 1 if True else 2",
    );
  });

  it("swaps and and or, and drops not", () => {
    expect(changes("def f(a, b):\n    return a and not b or b\n", "logical")).toEqual([
      "a and not b → a or not b",
      "not b → b",
      "a and not b or b → a and not b and b",
    ]);
  });

  it("removes statements, where something is left to see", () => {
    const source = `def f(a):
    x = 0
    for b in a:
        x += b
        if b:
            a.append(b)
            del a[0]
        if x:
            continue
        a.sort()
    x = 5
    if not x:
        raise ValueError("no")
    return x
`;
    expect(changes(source, "statement-removed")).toEqual([
      "x += b → pass",
      "a.append(b) → pass",
      "del a[0] → pass",
      "a.sort() → pass",
      "x = 5 → pass",
    ]);
  });

  it("swaps the first two arguments of a call, unless their order means nothing", () => {
    const source =
      "def f(a, b):\n    return g(a, b, 1), max(a, b), g(a, a), g(*a, b), a.h(1, x=2)\n";
    expect(changes(source, "arguments-swapped")).toEqual(["g(a, b, 1) → g(b, a, 1)"]);
  });

  it("moves bounds of slices, indexes and ranges", () => {
    expect(changes("def f(a, i):\n    return a[1:i], a[-1], a[i], a['k']\n", "off-by-one")).toEqual(
      [
        "a[1:i] → a[0:i]",
        "a[1:i] → a[2:i]",
        "a[1:i] → a[1:i + 1]",
        "a[1:i] → a[1:i - 1]",
        "a[-1] → a[-0]",
        "a[-1] → a[-2]",
        "a[i] → a[i + 1]",
        "a[i] → a[i - 1]",
      ],
    );
    expect(changes("def f(a, n):\n    return range(n), range(1, len(a))\n", "off-by-one")).toEqual([
      "range(n) → range(n + 1)",
      "range(n) → range(n - 1)",
      "range(1, len(a)) → range(1, len(a) - 1)",
    ]);
  });

  it("returns early, behind the docstring, and replaces what is returned", () => {
    const source = 'def f(a):\n    """Doc."""\n    b = g(a)\n    return b\n';
    expect(changes(source, "early-return")).toEqual([
      "b = g(a) → return None; b = g(a)",
      "b = g(a) → return a; b = g(a)",
      "return b → return None",
    ]);
    expect(sources(source)).toContain(
      'def f(a):\n    """Doc."""\n    return None\n    b = g(a)\n    return b\n',
    );
    expect(changes("def f(a):\n    for x in a:\n        yield x\n", "early-return")).toEqual([
      "for x in a: yield x → return; for x in a: yield x",
    ]);
    expect(sources("def f(a): g(a); return 1\n")).toContain("def f(a): return a; g(a); return 1\n");
  });

  it("changes nothing that nobody can see", () => {
    const source = `"""Doc 1."""
from __future__ import annotations
import os
__all__ = ["f"]
__version__ = "1"
T = TypeVar("T", bound=1)
type Alias = list[1]
@cache(1)
def f(a: Literal[1]) -> Literal[2]:
    """Doc."""
    unused = 1 + 2
    print("a" + "b")
    logging.warning("x %s", 3)
    try:
        pass
    except ValueError:
        raise TypeError("a" + "b" if 1 < 2 else "c")
    open(a, encoding="utf-8")
    return a
    a += 1
assert f(1) == 1
if __name__ == "__main__":
    f(3)
`;
    expect(mutatePython(source, all).map(({ line, after }) => [line, after])).toEqual([
      [11, "return None; unused = 1 + 2"],
      [11, "return a; unused = 1 + 2"],
      [16, "TypeError"],
      [17, "pass"],
      [17, 'raise ValueError("a" + "b" if 1 < 2 else "c")'],
      [18, "pass"],
      [19, "return None"],
    ]);
  });

  it("raises and catches other errors, where somebody knows them", () => {
    const source = `def f(a):
    if a: raise ValueError("no")
    if a > 1: raise errors.OwnError from a
    if a > 2: raise NotImplementedError
    if a > 3: raise a
`;
    const swapped = [
      'raise ValueError("no") → raise TypeError("no")',
      "raise errors.OwnError from a → raise TypeError from a",
    ];
    expect(changes(source, "error-type")).toEqual(swapped);
    const declaring = (errors: readonly string[], text = source) =>
      mutatePython(text, { ...all, errors }).filter(({ operator }) => operator === "error-type");
    expect(declaring([])).toEqual([]);
    expect(declaring(["OwnError"])).toHaveLength(1);
    expect(declaring([], `class OwnError(Exception): pass\n${source}`)).toHaveLength(1);
    const caught = `def f(a):
    try:
        raise TypeError
    except (KeyError, OSError):
        return 1
    except ValueError as e:
        return 2
    except ImportError:
        return 3
    except:
        return 4
`;
    expect(declaring([], caught).map(({ before, after }) => `${before} → ${after}`)).toEqual([
      "raise TypeError → raise ValueError",
      "(KeyError, OSError) → (KeyError,)",
      "(KeyError, OSError) → (OSError,)",
      "ValueError → TypeError",
    ]);
  });

  it("removes decorators, bases and fields of records, and changes their options", () => {
    const source = `@total_ordering
@dataclass(frozen=True)
class A(Base, Other, metaclass=M):
    x: int = 3
    y: int
    __hash__ = None
    __slots__ = ("x",)
    @staticmethod
    def g(): return 1
    @lru_cache(maxsize=8)
    @property  # kept
    def h(self): return self.x
class E(ValueError): pass
class P(Generic[T], Base): pass
def f(a): return A(a)
`;
    expect(changes(source, "decorator-removed")).toEqual([
      "@total_ordering → ",
      "@dataclass(frozen=True) → ",
      "@staticmethod → ",
      "@property → ",
    ]);
    expect(changes(source, "base-removed")).toEqual([
      "Base, → ",
      ", Other → ",
      "ValueError → Exception",
      ", Base → ",
    ]);
    expect(changes(source, "annotation-removed")).toEqual(["x: int = 3 → x = 3"]);
    const removed = changes(source, "statement-removed").map((change) => change.slice(0, 4));
    expect(removed).toEqual(["x: i", "y: i", "__ha"]);
    expect(changes(source, "constant")).toContain("frozen=True → frozen=False");
    expect(sources(source)).toContain(source.replace("@property ", " "));
    expect(changes("class A:\n    x: int = 3\n", "annotation-removed")).toEqual([]);
    expect(changes("class A(Base): pass\n", "base-removed")).toEqual(["Base → "]);
  });

  it("changes defaults that are nothing or empty", () => {
    const source = "def f(a=None, b=[], *, c=(), d={}): return a, b, c, d, []\n";
    const made = sources(source);
    for (const changed of ["a=0,", "b=[0]", "c=(0,)"]) {
      expect(made.filter((one) => one.includes(changed))).toHaveLength(1);
    }
  });

  it("changes nothing on which a loop's end hangs", () => {
    const source = `def f(n, q):
    i = 0
    while i < n and n > 0:
        i += 1
        n //= 10
        x = q.pop()
        if not q:
            break
        if x:
            continue
        q.append(x)
    while True:
        if i:
            return i
        i = i - 1
`;
    const made = changes(source).filter((change) => !change.startsWith("i = 0"));
    expect(made).toEqual([
      "i < n and n > 0 → False",
      "i < n → i <= n",
      "i < n and n > 0 → i < n or n > 0",
      "n > 0 → n > 1",
      "i += 1 → i += 2",
      "n //= 10 → n //= 11",
      "not q → q",
      "i → not (i)",
      "return i → return None",
      "i - 1 → i - 2",
    ]);
  });

  it.each([
    [
      "astral characters",
      "def f(a):\n    é = '😀é'; return é + a * 2\n",
      "'😀é'; return é + a // 2",
    ],
    ["tabs", "def f(a):\n\tif a:\n\t\ta = 1\n\treturn a * 2\n", "\treturn a // 2\n"],
    ["CRLF", "def f(a):\r\n    b = 1\r\n    return a * b\r\n", "b = 1\r\n    return a // b\r\n"],
    ["lone CR", "def f(a):\r    b = 1\r    return a * b\r", "\r    return a // b\r"],
    ["a BOM", "\uFEFFx = 1; y = x * 2\ny\n", "\uFEFFx = 1; y = x // 2\n"],
    ["a form feed", "def f(a):\n    b = a\n\f    return a * b\n", "\n\f    return a // b\n"],
    [
      "line separators",
      "def f(a):\n    b = 'x\u2028'; return b, a * 2\n",
      "'x\u2028'; return b, a // 2",
    ],
    [
      "a text in a text",
      "def f(a):\n    return f'é{a * 2!r:>{a}}' 'b'\n",
      "f'é{a // 2!r:>{a}}' 'b'",
    ],
    ["joined lines", "def f(a):\n    return a \\\n  * \\\n a\n", "a \\\n  // \\\n a\n"],
    ["comments between", "def f(a):\n    return (a  # *\n  * a)\n", "(a  # *\n  // a)"],
    ["a walrus", "def f(a):\n    return (b := a * 2) + b\n", "(b := a // 2) + b"],
    ["async", "async def f(a):\n    async for x in a: yield await x * 2\n", "await x // 2"],
    ["a lambda", "f = lambda a, *b: a * 2\n", "f = lambda a, *b: a // 2\n"],
    ["except without brackets", "def f(a):\n try: a\n except A, B: a\n return a * 2\n", "a // 2"],
  ])("keeps everything else byte for byte with %s", (_, source, expected) => {
    const found = sources(source).find((mutant) => mutant.includes(expected));
    expect(found?.length).toBe(source.length + 1);
  });

  it("begins with what the entry reaches", () => {
    const source = `def other(a):
    return a + 1
class Kept:
    def __init__(self): self.a = 1
    def used(self): return self.a * 2
    def left(self): return self.a * 3
def helper(a):
    return Kept().used() + a
def f(a):
    return helper(a) - 1
`;
    const lines = mutatePython(source, { ...all, maxMutants: 8 }).map(({ line }) => line);
    expect(lines.filter((line) => [2, 6].includes(line))).toEqual([]);
    expect(mutatePython(source, all).map(({ line }) => line)).toEqual(
      expect.arrayContaining([2, 6]),
    );
  });
});
