import { describe, expect, it } from "vitest";
import { outcomeKey } from "./agreement/behaviour.ts";
import { observePrograms } from "./observe-programs.ts";
import { propertyCase, returnsCase, sampleContract } from "./testing/sample-suite.ts";
import { ScriptSandbox, scriptProgram, someLimits } from "./testing/script-sandbox.ts";

describe("observePrograms", () => {
  it("observePrograms() says what each passes and answers, each in a process of its own", async () => {
    const sandbox = new ScriptSandbox();
    const observed = await observePrograms({
      contract: sampleContract,
      programs: [
        "function f(n) { shared.calls = (shared.calls ?? 0) + 1; return { b: n, a: shared.calls }; }",
        "function f(n) { if (n === 7) throw shared.die; throw new RangeError(); }",
        "function f(n",
      ].map(scriptProgram),
      openCases: [returnsCase("c1", 1, { a: 1, b: 1 }), propertyCase("c2", 2, "result.b === 2")],
      inputs: [[7], [8]],
      files: [],
      sandbox,
      limits: someLimits,
      signal: undefined,
    });
    expect(sandbox.open).toBe(0);
    expect(observed).toEqual([
      {
        passed: ["c1", "c2"],
        caseAnswers: { c1: 'returns {"a":1,"b":1}', c2: 'returns {"a":2,"b":2}' },
        outcomes: [1, 2, 7, 8].map((b, index) =>
          outcomeKey({ kind: "returned", value: { b, a: index + 1 } }),
        ),
        isFamiliar: [true, true],
      },
      {
        passed: [],
        caseAnswers: { c1: "raises RangeError", c2: "raises RangeError" },
        outcomes: ["raised:RangeError", "raised:RangeError", "died", "raised:RangeError"],
        isFamiliar: [true, true],
      },
      {
        passed: [],
        caseAnswers: { c1: "raises SyntaxError", c2: "raises SyntaxError" },
        outcomes: Array.from({ length: 4 }, () => "raised:SyntaxError"),
        isFamiliar: [true, true],
      },
    ]);
  });
});
