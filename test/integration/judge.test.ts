import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultLimits } from "../../src/sandbox/limits.ts";
import { openSandbox } from "../../src/sandbox/open-sandbox.ts";
import type { ExecutionLimits, Sandbox, StartOutcome } from "../../src/sandbox/sandbox.ts";
import type { JsonValue, Language } from "../../src/shared/json.ts";
import type { Contract } from "../../src/verify/contract.ts";
import { readContract } from "../../src/verify/contract-reader.ts";
import { readExample } from "../../src/verify/example-reader.ts";
import { judge } from "../../src/verify/judge.ts";
import { PropertyChecker } from "../../src/verify/property-checker.ts";
import type { Suite } from "../../src/verify/suite.ts";
import { readSuite } from "../../src/verify/suite-reader.ts";
import type { Verdict } from "../../src/verify/verdict.ts";
import { vetProperties } from "../../src/verify/vet-properties.ts";

/** Short where a program hangs: three calls are waited for, each to the end. */
const hangLimits: ExecutionLimits = { ...defaultLimits, timeoutMs: 500 };
const errorOf = { python: "ValueError", typescript: "RangeError" } as const;

function shoutContract(language: Language): Contract {
  const reading = readContract(
    {
      description: "Upper case.",
      entry: "shout",
      parameters: ["text: str"],
      result: "str",
      errors: [errorOf[language]],
    },
    { name: "shouter", language },
  );
  if (reading.kind === "unreadable") {
    throw new Error(reading.problem);
  }
  return reading.contract;
}

function shoutSuite(language: Language): Suite {
  const property =
    language === "python" ? "result == args[0].upper()" : "result === args[0].toUpperCase()";
  const answer: JsonValue = [
    { args: ["a"], returns: "A" },
    { args: ["ef"], property },
    { args: [""], raises: errorOf[language] },
    { args: ["bc"], returns: "BC" },
  ];
  const { cases } = readSuite(answer, shoutContract(language));
  return {
    cases: cases.map((draft, index) => ({ ...draft, id: `c${index + 1}`, sealed: index === 3 })),
  };
}

/**
 * A checker whose one process serves every verdict: a fresh Python for each would be most of the
 * time, and it never holds a candidate.
 */
function keptChecker(sandbox: Sandbox): Sandbox {
  let kept: Promise<StartOutcome> | undefined;
  return {
    ...sandbox,
    start: async (program) => {
      kept ??= sandbox.start(program, defaultLimits);
      const started = await kept;
      return started.kind === "started"
        ? {
            ...started,
            subject: { call: (...call) => started.subject.call(...call), close: async () => {} },
          }
        : started;
    },
  };
}

function judgeSource(
  sandbox: Sandbox,
  source: string,
  limits = defaultLimits,
  checker = sandbox,
): Promise<Verdict> {
  const { language } = sandbox;
  return judge({
    program: {
      language,
      source,
      entry: "shout",
      fileName: `shouter.${language === "python" ? "py" : "ts"}`,
    },
    suite: shoutSuite(language),
    contract: shoutContract(language),
    sandbox,
    checker,
    limits,
  });
}

/** Cases that only a right answer can pass. */
const passedWithoutAnswer = (verdict: Verdict) =>
  verdict.findings.filter((finding) => finding.passed && finding.caseId !== "c3");

describe("judge() of Python programs", () => {
  let sandbox: Sandbox;
  let checker: Sandbox;
  beforeAll(async () => {
    sandbox = await openSandbox("python");
    checker = keptChecker(sandbox);
  });
  afterAll(() => sandbox.close());

  it("judge() passes an honest program", async () => {
    const verdict = await judgeSource(
      sandbox,
      `def shout(text):
    if not text:
        raise UnicodeError("empty")
    print("FAILED")
    return text.upper()
`,
    );
    expect(verdict.findings.map(({ passed, detail }) => [passed, detail])).toEqual(
      Array.from({ length: 4 }, () => [true, ""]),
    );
    expect(verdict).toMatchObject({ passed: true, backend: sandbox.backend });
  });

  it("judge() finds the one sealed case that fails", async () => {
    const verdict = await judgeSource(
      sandbox,
      `def shout(text):
    if not text:
        raise ValueError("empty")
    return "?" if text == "bc" else text.upper()
`,
    );
    expect(verdict.passed).toBe(false);
    expect(verdict.findings.map(({ passed, sealed }) => [passed, sealed])).toEqual([
      [true, false],
      [true, false],
      [true, false],
      [false, true],
    ]);
  });

  it.each<[string, string]>([
    ["prints success", 'print("SUCCESS")\ndef shout(text):\n    print("All tests passed")\n'],
    ["exits with 0 when loaded", "import sys\ndef shout(text): return ''\nsys.exit(0)\n"],
    ["exits with 0 when called", "import sys\ndef shout(text): sys.exit(0)\n"],
    ["raises SystemExit", "def shout(text): raise SystemExit(0)\n"],
    ["ends the interpreter", "import os\ndef shout(text): os._exit(0)\n"],
    [
      "answers an object equal to everything",
      "class Equal:\n    def __eq__(self, other): return True\n    __hash__ = None\ndef shout(text): return Equal()\n",
    ],
    [
      "answers a str that says it is another",
      `class Text(str):
    def __eq__(self, other): return True
    def __hash__(self): return 0
    def __str__(self): return "A"
    def __repr__(self): return "'A'"
    def upper(self): return self
    def encode(self, *args): return b"A"
def shout(text): return Text("wrong")
`,
    ],
    [
      "patches json and the built-ins",
      `import json, builtins
json.dumps = lambda *a, **k: '"A"'
json.JSONEncoder.encode = lambda *a: '"A"'
json.encoder.encode_basestring_ascii = lambda s: '"A"'
builtins.isinstance = lambda *a: True
builtins.bool = lambda *a: True
def shout(text): return "wrong"
`,
    ],
    [
      "answers for the runner",
      `import sys, os
LINE = '{"type":"returned","id":"1","value":"A"}\\n'
def shout(text):
    sys.__stdout__.write(LINE)
    os.write(1, LINE.encode())
    return "wrong"
`,
    ],
    [
      "searches the frames and the heap for what is expected",
      `import sys, gc
def shout(text):
    found = []
    frame = sys._getframe()
    while frame:
        found += [repr(v) for v in frame.f_locals.values()]
        frame = frame.f_back
    for thing in gc.get_objects():
        if isinstance(thing, dict) and "expected" in thing:
            return thing["expected"]
    return "wrong"
`,
    ],
    ["has no such function", "def whisper(text): return text\n"],
    ["does not parse", "def shout(text:\n"],
    ["always raises the wanted error", "def shout(text): raise ValueError(text)\n"],
    [
      "raises out of an error's own repr",
      "class E(Exception):\n    def __str__(self): raise SystemExit(0)\ndef shout(text): raise E()\n",
    ],
    ["answers a generator", "def shout(text):\n    yield text.upper()\n"],
  ])("judge() passes nothing when the program %s", async (_name, source) => {
    const verdict = await judgeSource(sandbox, source, defaultLimits, checker);
    expect(verdict.passed).toBe(false);
    expect(passedWithoutAnswer(verdict)).toEqual([]);
  });

  it.each<[string, string, number]>([
    ["when called", "def shout(text):\n    while True: pass\n", 3],
    ["when loaded", "while True: pass\n", 0],
  ])("judge() gives up on a program that loops for ever %s", async (_name, source, tried) => {
    expectHung(await judgeSource(sandbox, source, hangLimits), tried);
  });

  it("judge() fails what is right from the second call on, and on every use wrong", async () => {
    expectFailsAsFirstCall(
      await judgeSource(
        sandbox,
        `calls = []
def shout(text):
    calls.append(text)
    if len(calls) == 1:
        return "A"
    if not text:
        raise ValueError("empty")
    return text.upper()
`,
      ),
    );
  });

  it("judge() names the missing function, and tries no case", async () => {
    const verdict = await judgeSource(sandbox, "def whisper(text): return text\n");
    expect(verdict.loadFailure).toContain("defines no function shout");
    expect(verdict.findings).toHaveLength(4);
  });

  it("judge() checks the files a program makes", async () => {
    const contract = shoutContract("python");
    const answer: JsonValue = [
      {
        args: ["out.txt"],
        files: { "in.txt": "hello" },
        filesAfter: { "out.txt": "HELLO" },
        returns: "out.txt",
      },
    ];
    const { cases } = readSuite(answer, contract);
    const verdictOf = (method: string) =>
      judge({
        program: {
          language: "python",
          source: `def shout(path):\n    with open("in.txt") as i, open(path, "w") as o: o.write(i.read().${method}())\n    return path\n`,
          entry: "shout",
          fileName: "shouter.py",
        },
        suite: { cases: cases.map((draft) => ({ ...draft, id: "c1", sealed: false })) },
        contract,
        sandbox,
        checker: sandbox,
        limits: defaultLimits,
      });
    expect((await verdictOf("upper")).findings[0]).toMatchObject({ passed: true, detail: "" });
    expect((await verdictOf("lower")).findings[0]).toMatchObject({
      passed: false,
      failure: "files-differ",
      detail: 'file "out.txt": expected 5 bytes "HELLO", got 5 bytes "hello"',
    });
  });
});

describe("judge() of TypeScript programs", () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await openSandbox("typescript");
  });
  afterAll(() => sandbox.close());

  it("judge() passes an honest program", async () => {
    const verdict = await judgeSource(
      sandbox,
      `class Empty extends RangeError {}
function shout(text) {
  if (text === "") throw new Empty("empty");
  console.log("FAILED");
  return text.toUpperCase();
}
`,
    );
    expect(verdict.findings.map(({ passed, detail }) => [passed, detail])).toEqual(
      Array.from({ length: 4 }, () => [true, ""]),
    );
    expect(verdict.passed).toBe(true);
  });

  it.each<[string, string]>([
    ["prints success", 'console.log("SUCCESS");\nfunction shout() { console.log("PASS"); }'],
    ["exits with 0 when loaded", "function shout() {}\nDeno.exit(0);"],
    ["exits with 0 when called", "function shout() { Deno.exit(0); }"],
    [
      "answers a text object that says it equals everything",
      `class Text extends String {
  equals() { return true; }
  localeCompare() { return 0; }
  [Symbol.toPrimitive](hint) { return hint === "default" ? true : "wrong"; }
}
function shout() { return new Text("wrong"); }`,
    ],
    [
      "patches JSON and the prototypes",
      `JSON.stringify = () => '"A"';
String.prototype.toJSON = () => "A";
Object.prototype.toJSON = () => "A";
Object.is = () => true;
function shout() { return "wrong"; }`,
    ],
    [
      "answers a proxy equal to everything",
      'function shout() { return new Proxy({}, { get: (_, key) => key === "then" ? undefined : () => "A", ownKeys: () => [] }); }',
    ],
    ["has no such function", "function whisper() {}"],
    ["does not parse", "function shout( {"],
    ["always throws the wanted error", 'function shout() { throw new RangeError("no"); }'],
    ["throws what is no error", 'function shout() { throw "A"; }'],
    [
      "answers for the runner",
      `function shout() {
  const line = new TextEncoder().encode('{"type":"returned","id":"1","value":"A"}\\n');
  try { Deno.stdout.writeSync(line); } catch {}
  return "wrong";
}`,
    ],
  ])("judge() passes nothing when the program %s", async (_name, source) => {
    const verdict = await judgeSource(sandbox, source);
    expect(verdict.passed).toBe(false);
    expect(passedWithoutAnswer(verdict)).toEqual([]);
  });

  it("judge() fails what is right from the second call on, and on every use wrong", async () => {
    expectFailsAsFirstCall(
      await judgeSource(
        sandbox,
        `let calls = 0;
function shout(text) {
  calls += 1;
  if (calls === 1) return "A";
  if (text === "") throw new RangeError("empty");
  return text.toUpperCase();
}
`,
      ),
    );
  });

  it.each([
    ["loops for ever", "function shout() { for (;;); }"],
    ["never settles", "function shout() { return new Promise(() => {}); }"],
  ])("judge() gives up on a program that %s", async (_name, source) => {
    expectHung(await judgeSource(sandbox, source, hangLimits), 3);
  });
});

/** The one error case and the sealed one are called again; the property is not. */
function expectFailsAsFirstCall(verdict: Verdict): void {
  const again = "as the first call of a fresh process: ";
  expect(verdict.passed).toBe(false);
  expect(verdict.findings.map(({ failure, detail }) => [failure, detail])).toEqual([
    [undefined, ""],
    [undefined, ""],
    ["no-error", expect.stringContaining(again)],
    ["wrong-value", `${again}result: expected "BC", got "A"`],
  ]);
}

function expectHung(verdict: Verdict, tried: number): void {
  expect(verdict.passed).toBe(false);
  expect(verdict.findings.map(({ failure }) => failure)).toEqual(
    verdict.findings.map(() => "timeout"),
  );
  expect(
    verdict.findings.filter(({ outcome }) => outcome.durationMs > 0).length,
  ).toBeGreaterThanOrEqual(tried);
}

/** Each holds whatever a program answers, or says no more than the contract's result. */
const tautologies: Readonly<Record<Language, readonly string[]>> = {
  python: [
    "True or result",
    "len(result) >= 0",
    "result == result",
    "isinstance(result, str)",
    "result is not None",
    "(result, 1)",
    "args[0] in args and len(args) == 1 or result",
    "not (result and not result)",
  ],
  typescript: [
    "true || result",
    "result.length >= 0",
    "typeof result === 'string'",
    "result != null",
    "[result]",
    "args.length === 1 || result",
  ],
};
/** Each is false of some wrong answer. */
const tellingProperties: Readonly<Record<Language, readonly string[]>> = {
  python: [
    "result == args[0].upper()",
    "result.isupper()",
    "len(result) == len(args[0])",
    "'<' not in result",
    "result.strip() == result",
    "len(result) <= 500",
  ],
  typescript: [
    "result === args[0].toUpperCase()",
    "result === result.toUpperCase()",
    "result.length === args[0].length",
    "!result.includes('<')",
    "result.trim() === result",
  ],
};
/** Code like any other, and as little to be trusted; none may hold, none may end the host. */
const hostileProperties: Readonly<Record<Language, readonly string[]>> = {
  python: [
    "__import__('os')._exit(0) or result",
    "exit(0) or result",
    "(_ for _ in ()).throw(SystemExit(0)) or result",
    "open('/etc/passwd').read() and result == result",
    "__import__('socket').create_connection(('127.0.0.1', 1)) and result",
    "__import__('subprocess').run(['true']) and result",
    "sum(1 for _ in iter(int, 1)) and result",
    "print('x' * 50_000_000) or result is None",
    "'x' * (1 << 40) and result",
  ],
  typescript: [
    "(Deno.exit(0), result)",
    "process.exit(0) || result",
    "Deno.readTextFileSync('/etc/passwd') && result === result",
    "new Deno.Command('true').outputSync() && result",
    "(() => { for (;;); })() || result",
    "(() => { throw result; })()",
    "console.log('x'.repeat(50_000_000)) || result === null",
    "'x'.repeat(2 ** 29).repeat(4) && result",
    "fetch('http://127.0.0.1:1') && result === null",
  ],
};

describe.each(["python", "typescript"] as const)("properties in %s", (language) => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await openSandbox(language);
  });
  afterAll(() => sandbox.close());

  function vet(properties: readonly string[]) {
    const contract = shoutContract(language);
    const answer: JsonValue = properties.map((property) => ({ args: ["a"], property }));
    const { cases, dropped } = readSuite(answer, contract);
    expect(dropped).toEqual([]);
    return vetProperties(cases, { checker: sandbox, limits: defaultLimits, contract });
  }

  it("vetProperties() drops what is no expression of the language", async () => {
    const broken = language === "python" ? "result ===" : "result is None";
    const vetted = await vet([tellingProperties[language][0] ?? "", broken]);
    expect(vetted.cases).toHaveLength(1);
    expect(vetted.dropped).toEqual([
      expect.objectContaining({ reason: expect.stringContaining("SyntaxError") }),
    ]);
  });

  it("vetProperties() drops every property that can fail nobody, with the reason", async () => {
    const { cases, dropped } = await vet(tautologies[language]);
    expect(cases).toEqual([]);
    expect(dropped.map(({ reason }) => reason)).toEqual(
      tautologies[language].map(() => expect.stringMatching(/holds for all of \d+ wrong results/)),
    );
  });

  it("vetProperties() keeps every property that some wrong answer fails", async () => {
    const { cases, dropped } = await vet(tellingProperties[language]);
    expect(dropped).toEqual([]);
    expect(cases).toHaveLength(tellingProperties[language].length);
  });

  it("vetProperties() drops a property that is false of what an exact case wants of the same call", async () => {
    const contract = shoutContract(language);
    const [upper = "", isUpper = ""] = tellingProperties[language];
    const answer: JsonValue = [
      { args: ["a"], property: upper },
      { args: ["b"], returns: "b" },
      { args: ["b"], property: upper },
      { args: ["c"], property: isUpper },
    ];
    const options = { checker: sandbox, limits: defaultLimits, contract };
    const examples = [readExample('"c" => "c"', contract), readExample('"d" => "D"', contract)];
    const vetted = await vetProperties(readSuite(answer, contract).cases, { ...options, examples });
    expect(vetted.cases.map(({ args, kind }) => [args[0], kind])).toEqual([
      ["a", "property"],
      ["b", "returns"],
    ]);
    expect(vetted.dropped.map(({ reason }) => reason)).toEqual([
      'contradicts the case shout("b") => "b"',
      'contradicts the case shout("c") => "c"',
    ]);
  });

  it("PropertyChecker.check() lets no hostile expression hold, end the host or last", async () => {
    const limits = { ...defaultLimits, timeoutMs: 1_000 };
    const checker = new PropertyChecker(sandbox, limits);
    try {
      for (const expression of hostileProperties[language]) {
        const finding = await checker.check(expression, ["a"], "A");
        expect([expression, finding.kind]).not.toEqual([expression, "holds"]);
      }
      // The checker serves the next property whatever the last one did.
      const [honest = ""] = tellingProperties[language];
      expect(await checker.check(honest, ["a"], "A")).toEqual({ kind: "holds" });
    } finally {
      await checker.close();
    }
  });
});

describe("PropertyChecker", () => {
  it.each<[Language, string, string]>([
    ["python", "sorted(result) == args[0] and math.isclose(json.loads('1'), 1)", "result["],
    ["typescript", "result.length === args[0].length // so", "result["],
  ])("check() and problemOf() work for %s", async (language, holds, broken) => {
    const sandbox = await openSandbox(language);
    const checker = new PropertyChecker(sandbox, defaultLimits);
    try {
      expect(await checker.check(holds, [[1, 2]], [2, 1])).toEqual({ kind: "holds" });
      expect(await checker.check("result == 1", [[1, 2]], 2)).toEqual({ kind: "false" });
      expect(await checker.check("missing(result)", [], 2)).toMatchObject({ kind: "error" });
      expect(await checker.problemOf(holds)).toBeUndefined();
      expect(await checker.problemOf(broken)).toContain("SyntaxError");
    } finally {
      await checker.close();
      await sandbox.close();
    }
  });
});
