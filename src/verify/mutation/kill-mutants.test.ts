import { describe, expect, it } from "vitest";
import { propertyCase, returnsCase, sampleContract } from "../testing/sample-suite.ts";
import { ScriptSandbox, scriptProgram, someLimits } from "../testing/script-sandbox.ts";
import { killMutants } from "./kill-mutants.ts";

const cases = [
  propertyCase("c1", 4, "result > args[0]"),
  returnsCase("c2", 1, 2),
  returnsCase("c3", 2, 3),
];
const candidate = "function f(n) { return n + 1; }";

async function survivorsAmong(sources: readonly string[]) {
  const sandbox = new ScriptSandbox();
  const { alive: survivors, trivial } = await killMutants({
    contract: sampleContract,
    cases,
    candidate: scriptProgram(candidate),
    mutants: sources.map(scriptProgram),
    sandbox,
    limits: someLimits,
    signal: undefined,
  });
  expect(sandbox.open).toBe(0);
  return { survivors, trivial, sandbox };
}

describe("killMutants", () => {
  it("killMutants() returns those that pass every case, properties included", async () => {
    const { survivors } = await survivorsAmong([
      "function f(n) { return n - 1; }",
      "function f(n) { return n > 3 ? 0 : n + 1; }",
      "function f(n) { return n + 1 + 0; }",
      "function f(n) { throw new RangeError(); }",
      "function f(n) { return 1 + n; }",
    ]);
    expect(survivors).toEqual([2, 4]);
  });

  it("killMutants() takes one that ends its process as killed, and goes on with the rest", async () => {
    const { survivors } = await survivorsAmong([
      "function f(n) { throw shared.die; }",
      "function f(n) { return n + 1; }",
      "function f(n) { if (n === 2) throw shared.die; return n + 1; }",
      "function f(n) { return 1 + n; }",
    ]);
    expect(survivors).toEqual([1, 3]);
  });

  it("killMutants() tries each alone when one spoils what they share", async () => {
    const spoiling = "function f(n) { shared.spoilt = true; return n; }";
    const spoilt = "function f(n) { return shared.spoilt ? 0 : n + 1; }";
    const sandbox = new ScriptSandbox();
    const { alive: survivors } = await killMutants({
      contract: sampleContract,
      cases,
      candidate: scriptProgram(spoilt),
      mutants: [spoiling, spoiling, spoilt, spoilt].map(scriptProgram),
      sandbox,
      limits: someLimits,
      signal: undefined,
    });
    expect(survivors).toEqual([2, 3]);
  });

  it("killMutants() kills none when the unchanged program fails alone as well", async () => {
    const sandbox = new ScriptSandbox();
    const { alive: survivors } = await killMutants({
      contract: sampleContract,
      cases,
      candidate: scriptProgram("function f(n) { return 0; }"),
      mutants: [scriptProgram("function f(n) { return 1; }")],
      sandbox,
      limits: someLimits,
      signal: undefined,
    });
    expect(survivors).toEqual([0]);
  });

  it("killMutants() calls trivial what raises an error for every case that wants a result", async () => {
    const { survivors, trivial } = await survivorsAmong([
      "function f(n) { throw new RangeError(); }",
      "function f(n) { if (n > 1) throw new RangeError(); return n + 1; }",
      "function f(n) { throw shared.die; }",
      "function f(n) { if (n === 1) throw shared.die; return n + 1; }",
      "function f(n) { return null; }",
    ]);
    expect({ survivors, trivial }).toEqual({ survivors: [], trivial: [0] });
  });

  it("killMutants() calls none trivial where the cases want no result at all", async () => {
    const { alive, trivial } = await killMutants({
      contract: sampleContract,
      cases: [{ ...returnsCase("c1", 1, 2), kind: "raises", errorType: "RangeError" }],
      candidate: scriptProgram("function f(n) { throw new RangeError(); }"),
      mutants: ["throw new TypeError()", "return 1", "throw new RangeError()"].map((body) =>
        scriptProgram(`function f(n) { ${body}; }`),
      ),
      sandbox: new ScriptSandbox(),
      limits: someLimits,
      signal: undefined,
    });
    expect({ alive, trivial }).toEqual({ alive: [2], trivial: [] });
  });

  it("killMutants() tries each alone when they cannot be loaded together", async () => {
    const { survivors } = await survivorsAmong([
      "function f(n) { return n; ",
      "function f(n) { return 1 + n; }",
    ]);
    expect(survivors).toEqual([1]);
  });
});
