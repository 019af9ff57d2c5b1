import { afterAll, describe, expect, it } from "vitest";
import { quickShare } from "../../test/support/quick-share.ts";
import { openSourceReader } from "./source-reader.ts";

const reader = openSourceReader();
/** Where reading must succeed, a machine that is busy elsewhere must not matter. */
const patient = openSourceReader({ timeoutMs: 50_000 });
afterAll(() => Promise.all([reader.close(), patient.close()]));

const repeat = (text: string, times: number): string => text.repeat(times);

/** Each of these kills, or would kill, one of the parsers. */
const python: [string, string][] = [
  ["10,000 parentheses", `x = ${repeat("(", 10_000)}1${repeat(")", 10_000)}`],
  ["200,000 brackets", repeat("[", 200_000)],
  ["80,000 sums", `x = ${repeat("1+", 80_000)}1`],
  ["100,000 times not", `x = ${repeat("not ", 100_000)}1`],
  ["100,000 minus signs", `x = ${repeat("-", 100_000)}1`],
  ["60,000 attributes", `x = a${repeat(".b", 60_000)}`],
  ["60,000 calls", `x = a${repeat("()", 60_000)}`],
  ["50,000 conditions", `x = ${repeat("1 if a else ", 50_000)}2`],
  ["50,000 lambdas", `x = ${repeat("lambda x: ", 50_000)}1`],
  ["50,000 powers", `x = ${repeat("2**", 50_000)}1`],
  ["more than a megabyte", repeat("x = 1\n", 200_000)],
  ["a deep f-string", `x = ${repeat("f'{", 2_000)}1${repeat("}'", 2_000)}`],
  ["a NUL character", "x = 1\0"],
];

const typescript: [string, string][] = [
  ["10,000 parentheses", `const x = ${repeat("(", 10_000)}1${repeat(")", 10_000)};`],
  ["200,000 brackets", repeat("[", 200_000)],
  ["80,000 sums", `const x = ${repeat("1+", 80_000)}1;`],
  ["100,000 exclamation marks", `const x = ${repeat("!", 100_000)}1;`],
  ["60,000 attributes", `const x = a${repeat(".b", 60_000)};`],
  ["50,000 conditions", `const x = ${repeat("a?1:", 50_000)}2;`],
  ["50,000 arrows", `const x = ${repeat("a=>", 50_000)}1;`],
  ["50,000 assignments", `${repeat("x=", 50_000)}1;`],
  ["50,000 labels", `${repeat("a:", 50_000)};`],
  ["100,000 array types", `let x: a${repeat("[]", 100_000)};`],
  ["more than a megabyte", repeat("x = 1;\n", 200_000)],
];

describe("openSourceReader()", () => {
  it.each(quickShare(python, 2))(
    "facts() refuses Python with %s and answers the next request",
    async (_, source) => {
      expect((await reader.facts("python", source)).kind).toBe("unreadable");
      expect((await reader.facts("python", "def f(a): return a")).kind).toBe("read");
    },
  );

  it.each([
    ...python.slice(0, 3).map(([title, source]) => ["python", title, source] as const),
    ...typescript.slice(0, 3).map(([title, source]) => ["typescript", title, source] as const),
  ])("mutants() refuses %s with %s and answers the next request", async (language, _, source) => {
    const options = { maxMutants: 5, seed: 1, entry: "f" };
    expect((await reader.mutants(language, source, options)).kind).toBe("unreadable");
    const next = await reader.mutants("python", "def f(a):\n    return -a\n", options);
    expect(next).toMatchObject({
      value: [
        { id: "m1", line: 2 },
        { id: "m2", line: 2 },
      ],
    });
  });

  it.each([
    ["python", `x = '${repeat("a", 1_000_000)}'\ny = x`],
    ["typescript", `export const x = '${repeat("a", 1_000_000)}';`],
    ["python", `x = 1${repeat(" + 1", 1_000)}\nx`],
    ["typescript", `export const x = 1${repeat(" + 1", 1_000)};`],
  ] as const)("mutants() changes large but plain %s (%#)", async (language, source) => {
    const outcome = await patient.mutants(language, source, { maxMutants: 5, seed: 1, entry: "f" });
    const shown = outcome.kind === "read" ? outcome.value : [];
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.every(({ before, after }) => before.length + after.length < 400)).toBe(true);
  });

  it.each(quickShare(typescript, 2, 1))(
    "facts() and prepareTypeScript() refuse TypeScript with %s and answer the next request",
    async (_, source) => {
      expect((await reader.facts("typescript", source)).kind).toBe("unreadable");
      expect((await reader.prepareTypeScript(source)).kind).toBe("unreadable");
      expect((await reader.facts("typescript", "export const a = 1;")).kind).toBe("read");
    },
  );

  it.each([
    ["python", `x = '${repeat("a", 1_000_000)}'`],
    ["typescript", `const x = '${repeat("a", 1_000_000)}';`],
    ["python", repeat("x = foo(1, 'abc')\n", 4_000)],
    ["python", `x = (${repeat("'a'\n", 10_000)})`],
    ["python", `x = {${repeat("'a': {", 90)}${repeat("}", 90)}}`],
    ["typescript", repeat("foo(1, 'abc');\n", 5_000)],
    ["typescript", `const x = 1${repeat(" + 1", 1_000)};`],
    ["python", `x = 1${repeat(" + 1", 1_000)}`],
  ] as const)("facts() reads large but plain %s (%#)", async (language, source) => {
    expect((await patient.facts(language, source)).kind).toBe("read");
  });

  it("facts() says the reason when a source is too large or too deep", async () => {
    expect(await reader.facts("python", repeat("x = 1\n", 200_000))).toMatchObject({
      reason: "too-large",
    });
    expect(await reader.facts("python", repeat("(", 10_000))).toMatchObject({ reason: "too-deep" });
  });

  it.each(["python", "typescript"] as const)(
    "constants() gives the literals of %s, and refuses what facts() refuses",
    async (language) => {
      expect(await patient.constants(language, "x = 4711")).toMatchObject({
        value: { numbers: ["4711"], texts: [] },
      });
      for (const source of ["x = (", repeat("[", 200_000)]) {
        expect((await patient.constants(language, source)).kind).toBe("unreadable");
      }
    },
  );

  it.each(["python", "typescript"] as const)(
    "facts() calls a long sum in %s too much for its parser, whatever that died of",
    async (language) => {
      // How much a parser's stack holds differs with how far its code was optimised by then.
      for (const terms of [60_000, 200_000]) {
        const outcome = await patient.facts(language, `x = 1${repeat(" + 1", terms)}`);
        const reason = outcome.kind === "read" ? "" : outcome.message;
        expect(reason).toMatch(
          terms === 60_000 ? /^$|too many parts|less nesting/ : /parts|nesting/,
        );
      }
    },
  );

  it("facts() serves requests that come at once, each with its own answer", async () => {
    const names = Array.from({ length: 20 }, (_, index) => `name${index}`);
    const outcomes = await Promise.all(
      names.map((name) => reader.facts("python", `def ${name}(): pass`)),
    );
    const found = outcomes.map((outcome) =>
      outcome.kind === "read" ? outcome.value.functions[0]?.name : outcome.message,
    );
    expect(found).toEqual(names);
  });

  it("facts() answers again after close()", async () => {
    const own = openSourceReader();
    expect((await own.facts("python", "x = 1")).kind).toBe("read");
    await own.close();
    await own.close();
    expect((await own.facts("python", "x = 1")).kind).toBe("read");
    await own.close();
  });

  it("matchPatterns() gives index and line of what matches", async () => {
    const patterns = [
      { source: "nothing", flags: "" },
      { source: "B", flags: "gi" },
    ];
    expect(await reader.matchPatterns("a\nb\nb", patterns)).toEqual({
      kind: "read",
      value: [{ index: 1, line: 2 }],
    });
  });

  it("matchPatterns() gives up when a pattern does not end, and the next request works", async () => {
    const own = openSourceReader({ timeoutMs: 1_000 });
    const endless = [{ source: "(a+)+$", flags: "" }];
    expect(await own.matchPatterns(`${repeat("a", 60)}b`, endless)).toMatchObject({
      reason: "timeout",
    });
    expect((await own.matchPatterns("a", endless)).kind).toBe("read");
    await own.close();
  });
});
