import { describe, expect, it } from "vitest";
import { sampleContract } from "../testing/sample-suite.ts";
import { ScriptSandbox, scriptProgram, someLimits } from "../testing/script-sandbox.ts";
import { tellApart } from "./tell-apart.ts";

async function differencesOf(
  candidate: string,
  mutants: readonly string[],
  inputs: readonly (readonly (string | number)[])[],
) {
  const sandbox = new ScriptSandbox();
  const { differences: all } = await tellApart({
    contract: sampleContract,
    candidate: scriptProgram(candidate),
    mutants: mutants.map(scriptProgram),
    inputs,
    files: [],
    sandbox,
    limits: someLimits,
    signal: undefined,
  });
  expect(sandbox.open).toBe(0);
  return all.map((differences) => differences.map(({ args }) => args[0]));
}

describe("tellApart", () => {
  it("tellApart() gives the calls that differ, the simplest first, and none where all agree", async () => {
    const found = await differencesOf(
      "function f(n) { return n > 5; }",
      ["function f(n) { return n >= 5; }", "function f(n) { return 5 < n; }"],
      [[100], [5], [3]],
    );
    expect(found).toEqual([[5], []]);
  });

  it("tellApart() tells errors apart by the type that the contract knows them by", async () => {
    const mutants = [
      "function f(n) { throw new RangeError('b'); }",
      "function f(n) { throw new TypeError('a'); }",
      "function f(n) { throw new SyntaxError('a'); }",
      "function f(n) { return n; }",
    ];
    const declared = "function f(n) { throw new RangeError('a'); }";
    expect(await differencesOf(declared, mutants, [[1]])).toEqual([[], [1], [1], [1]]);
    const undeclared = "function f(n) { throw new TypeError('a'); }";
    expect(await differencesOf(undeclared, mutants, [[1]])).toEqual([[1], [], [], [1]]);
  });

  it("tellApart() goes on behind inputs that end the candidate, other shapes first", async () => {
    const digits = Array.from({ length: 9 }, (_, n) => [n + 1]);
    const found = await differencesOf(
      "function f(n) { if (n > 0 && n < 8) throw shared.die; return n; }",
      [
        "function f(n) { return n < -9 ? 0 : n; }",
        "function f(n) { return n === 'word' ? 0 : n; }",
        "function f(n) { return n > 8 ? 0 : n; }",
      ],
      [...digits, [-10], ["word"]],
    );
    expect(found).toEqual([[-10], ["word"], [9]]);
  });

  it("tellApart() stops when the candidate has died ten times", async () => {
    const sandbox = new ScriptSandbox();
    const { unanswered } = await tellApart({
      contract: sampleContract,
      candidate: scriptProgram("function f() { throw shared.die; }"),
      mutants: [scriptProgram("function f(n) { return n; }")],
      inputs: Array.from({ length: 200 }, (_, n) => [n]),
      files: [],
      sandbox,
      limits: someLimits,
      signal: undefined,
    });
    expect(sandbox.started).toHaveLength(10);
    expect(unanswered).toEqual({
      tried: 10,
      deaths: [{ reason: "crashed", inputs: 10, example: [0] }],
    });
    expect(sandbox.open).toBe(0);
  });

  it("tellApart() counts a mutant's end as an answer, and leaves out what ends the candidate", async () => {
    const found = await differencesOf(
      "function f(n) { if (n === 1) throw shared.die; return n; }",
      ["function f(n) { if (n === 22) throw shared.die; return n; }"],
      [[22], [1], [333]],
    );
    expect(found).toEqual([[22]]);
  });

  it("tellApart() puts calls that raise what the contract does not know last", async () => {
    const found = await differencesOf(
      "function f(n) { if (n === 1) throw new SyntaxError(); return n; }",
      ["function f(n) { return -n; }"],
      [[1], [4444], [22]],
    );
    expect(found).toEqual([[22, 4444, 1]]);
  });
});
