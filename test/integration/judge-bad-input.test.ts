import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultLimits } from "../../src/sandbox/limits.ts";
import { openSandbox } from "../../src/sandbox/open-sandbox.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import type { JsonValue, Language } from "../../src/shared/json.ts";
import type { Contract } from "../../src/verify/contract.ts";
import { readContract } from "../../src/verify/contract-reader.ts";
import { judge } from "../../src/verify/judge.ts";
import type { Case } from "../../src/verify/suite.ts";
import { readSuite } from "../../src/verify/suite-reader.ts";
import { tagJson } from "../../src/verify/tagged-value.ts";
import type { Verdict } from "../../src/verify/verdict.ts";
import { testSize } from "../support/requirements.ts";

const timeoutMs = 300_000;
const echo: Readonly<Record<Language, string>> = {
  python: "def echo(value):\n    return value\n",
  typescript: "function echo(value) { return value; }",
};

function contractOf(language: Language): Contract {
  const reading = readContract(
    { description: "Gives it back.", entry: "echo", parameters: ["value"], result: {} },
    { name: "echoes", language },
  );
  if (reading.kind === "unreadable") {
    throw new Error(reading.problem);
  }
  return reading.contract;
}

function caseOf(id: string, given: JsonValue, expected: JsonValue): Case {
  const parts = { files: [], filesAfter: [], origin: "model", why: "", sealed: false } as const;
  return { ...parts, id, kind: "returns", args: [tagJson(given)], expected: tagJson(expected) };
}

describe.each(["python", "typescript"] as const)("judge() of bad input in %s", (language) => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await openSandbox(language);
  });
  afterAll(() => sandbox.close());

  function verdictOn(source: string, cases: readonly Case[]): Promise<Verdict> {
    const fileName = language === "python" ? "echoes.py" : "echoes.ts";
    return judge({
      program: { language, source, entry: "echo", fileName },
      suite: { cases },
      contract: contractOf(language),
      sandbox,
      checker: sandbox,
      limits: { ...defaultLimits, timeoutMs: 5_000 },
    });
  }

  it(
    "judge() reaches a verdict on 10,000 cases, each with its finding",
    async () => {
      const count = testSize(1_000, 10_000, 2_000);
      const cases = Array.from({ length: count }, (_, n) =>
        caseOf(`c${n}`, [n], n === 7 ? [0] : [n]),
      );
      const verdict = await verdictOn(echo[language], cases);
      expect(verdict.findings).toHaveLength(count);
      expect(verdict.findings.filter(({ passed }) => !passed)).toMatchObject([
        { caseId: "c7", failure: "wrong-value", detail: "result[0]: expected 0, got 7" },
      ]);
    },
    timeoutMs,
  );

  it(
    "judge() says why a case of 10 MB cannot be judged, or judges it, and goes on",
    async () => {
      const large = "x".repeat(10 * 1024 * 1024);
      const cases = [caseOf("c1", 1, 1), caseOf("c2", large, large), caseOf("c3", 3, 3)];
      const verdict = await verdictOn(echo[language], cases);
      const [first, second, third] = verdict.findings;
      expect([first?.passed, third?.passed]).toEqual([true, true]);
      expect(second?.passed === true || (second?.detail.length ?? 0) > 20).toBe(true);
      expect(JSON.stringify(verdict).length).toBeLessThan(200_000);
    },
    timeoutMs,
  );

  it(
    "judge() carries odd values there and back without a difference, and tells them apart",
    async () => {
      const odd: readonly JsonValue[] = [
        { $float: "nan" },
        { $float: "-0" },
        { $float: "-inf" },
        "\ud800",
        ["\udc00x", { "\ud800": 1 }],
        JSON.parse('{"__proto__": {"a": 1}, "constructor": {"prototype": 2}, "toString": null}'),
        { hasOwnProperty: 1, length: 3 },
        { $integer: "123456789012345678901234567890" },
        "\u0000\u001b[2J\u202e",
        { "": { " ": [] } },
      ];
      const right = await verdictOn(
        echo[language],
        odd.map((value, n) => caseOf(`c${n}`, value, value)),
      );
      expect(right.findings.filter(({ passed }) => !passed).map(({ detail }) => detail)).toEqual(
        [],
      );
      const other = await verdictOn(
        echo[language],
        odd.map((value, n) => caseOf(`c${n}`, value, [value])),
      );
      expect(other.findings.map(({ passed }) => passed)).toEqual(odd.map(() => false));
    },
    timeoutMs,
  );

  it(
    "judge() hands odd values to a property as they are",
    async () => {
      const odd: readonly [JsonValue, string, string][] = [
        [{ $float: "nan" }, "result != result", "Number.isNaN(result)"],
        [{ $float: "-0" }, "math.copysign(1, result) == -1", "Object.is(result, -0)"],
        ["\ud800", "result == '\\ud800'", "result === '\\ud800'"],
        [
          JSON.parse('{"__proto__": 1, "constructor": 2}'),
          "sorted(result) == ['__proto__', 'constructor']",
          "Object.keys(result).sort().join() === '__proto__,constructor'",
        ],
      ];
      const cases = odd.map(([value, python, typescript], n): Case => {
        const { expected: _expected, ...base } = {
          ...caseOf(`c${n}`, value, value),
          expected: null,
        };
        return { ...base, kind: "property", expression: { python, typescript }[language] };
      });
      const verdict = await verdictOn(echo[language], cases);
      expect(verdict.findings.map(({ passed, detail }) => [passed, detail])).toEqual(
        odd.map(() => [true, ""]),
      );
    },
    timeoutMs,
  );

  const bad: Readonly<Record<Language, readonly [string, string, RegExp][]>> = {
    python: [
      [
        "answers in a circle",
        "def echo(value):\n    a = []\n    a.append(a)\n    return a\n",
        /nest|no plain value|circ|deep/i,
      ],
      [
        "answers otherwise each time",
        "import itertools\nturns = itertools.count()\ndef echo(value): return next(turns)\n",
        /expected/,
      ],
      [
        "prints megabytes",
        "def echo(value):\n    print('x' * 30_000_000)\n    return value\n",
        /print|output|limit/i,
      ],
      ["exits", "import sys\ndef echo(value): sys.exit(0)\n", /SystemExit|ended|exit/i],
      [
        "answers megabytes",
        "def echo(value): return ['x' * 1000] * 100_000\n",
        /large|limit|expected/i,
      ],
      [
        "answers 200,000 levels deep",
        "def echo(value):\n    a = []\n    for _ in range(200_000): a = [a]\n    return a\n",
        /deep|nest|large|no plain/i,
      ],
    ],
    typescript: [
      [
        "answers in a circle",
        "function echo() { const a = []; a.push(a); return a; }",
        /nest|no plain value|circ|deep/i,
      ],
      [
        "answers otherwise each time",
        "let turn = 0; function echo() { return turn++; }",
        /expected/,
      ],
      [
        "prints megabytes",
        "function echo(value) { console.log('x'.repeat(30_000_000)); return value; }",
        /print|output|limit/i,
      ],
      ["exits", "function echo() { Deno.exit(0); }", /ended|exit/i],
      [
        "answers megabytes",
        "function echo() { return Array(100_000).fill('x'.repeat(1000)); }",
        /large|limit|expected/i,
      ],
      [
        "answers 200,000 levels deep",
        "function echo() { let a = []; for (let i = 0; i < 200_000; i += 1) a = [a]; return a; }",
        /deep|nest|large|no plain/i,
      ],
    ],
  };
  it.each(bad[language])(
    "judge() fails a skill that %s, with a reason",
    async (_name, source, reason) => {
      const cases = [caseOf("c1", "a", "a"), caseOf("c2", "b", "b"), caseOf("c3", "c", "c")];
      const verdict = await verdictOn(source, cases);
      expect(verdict.passed).toBe(false);
      expect(verdict.findings).toHaveLength(3);
      for (const finding of verdict.findings) {
        expect(finding.passed ? "expected" : finding.detail).toMatch(reason);
      }
      expect(JSON.stringify(verdict).length).toBeLessThan(400_000);
    },
    timeoutMs,
  );
});

describe("readSuite() of bad input", () => {
  it("readSuite() keeps 60 of 10,000 cases and says why the others are gone", () => {
    const cases = Array.from({ length: 10_000 }, (_, n) => ({ args: [n], returns: n }));
    const { cases: kept, dropped } = readSuite({ cases }, contractOf("python"));
    expect(kept).toHaveLength(60);
    expect(dropped.at(-1)?.reason ?? "").toBe("more than 60 cases");
    expect(dropped.length).toBeLessThanOrEqual(60);
  });

  it("readSuite() throws out what is no case, too large or too deep, each with its reason", () => {
    let deep: JsonValue = 1;
    for (let level = 0; level < 100_000; level += 1) {
      deep = [deep];
    }
    const cases = [
      7,
      null,
      "1 => 2",
      [],
      { args: [1] },
      { args: ["x".repeat(10_000_000)], returns: 1 },
      { args: [deep], returns: 1 },
    ];
    const { cases: kept, dropped } = readSuite({ cases }, contractOf("python"));
    expect(kept).toEqual([]);
    expect(dropped).toHaveLength(cases.length);
    expect(dropped.every(({ reason, text }) => reason !== "" && text.length <= 200)).toBe(true);
  });
});
