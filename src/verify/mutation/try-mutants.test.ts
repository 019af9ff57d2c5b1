import { describe, expect, it } from "vitest";
import type { Case } from "../suite.ts";
import { propertyCase, returnsCase, sampleContract } from "../testing/sample-suite.ts";
import { ScriptSandbox, scriptProgram, someLimits } from "../testing/script-sandbox.ts";
import { countSurvivors, shortageOfMutants } from "./mutation-evidence.ts";
import { tryMutants } from "./try-mutants.ts";

const candidate = "function f(n) { return [n + 1].at(0) * 2; }";
/** Seven of them only raise; a suite notices those whatever it says. */
const mutants = [
  ...["at()", "missing", "null.x", "n.x.y", "[].a.b", "g(n)", "new n()"].map(
    (raising) => `function f(n) { return ${raising === "at()" ? "n.at(0)" : raising}; }`,
  ),
  "function f(n) { return [n - 1].at(0) * 2; }",
  "function f(n) { return [n + 2].at(0) * 2; }",
  "function f(n) { return [n + 1].at(0) * 3; }",
];

async function trialOn(cases: readonly Case[]) {
  const trial = await tryMutants({
    contract: sampleContract,
    suite: { cases },
    candidate: scriptProgram(candidate),
    mutants: mutants.map((source, index) => ({
      mutant: { id: `m${index}`, operator: "arithmetic", line: 1, before: "", after: "", source },
      program: scriptProgram(source),
    })),
    inputs: [[7], [-7]],
    sandbox: new ScriptSandbox(),
    limits: someLimits,
    slowestCallMs: 1,
    signal: undefined,
  });
  const { killed, trivial, survivors } = trial;
  const counts = { killed, trivial, ...countSurvivors(killed, survivors) };
  return { ...counts, shortage: shortageOfMutants(counts, 0.8) };
}

describe("tryMutants()", () => {
  it("tryMutants() gives a suite no credit when it only asks that something comes back", async () => {
    const weak = [1, 2, 3].map((n) => propertyCase(`c${n}`, n, "result !== null"));
    expect(await trialOn(weak)).toMatchObject({
      ...{ killed: 0, trivial: 7, score: 0, shortage: "too-few-noticed" },
    });
  });

  it("tryMutants() kills the same mutants by cases that say what comes back", async () => {
    const exact = [1, 2, 3].map((n) => returnsCase(`c${n}`, n, (n + 1) * 2));
    expect(await trialOn(exact)).toMatchObject({
      ...{ killed: 3, trivial: 7, score: 1, shortage: undefined },
    });
  });
});
