import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openSandbox } from "../../../src/sandbox/open-sandbox.ts";
import type { Sandbox } from "../../../src/sandbox/sandbox.ts";
import { executePrograms } from "./execute-programs.ts";

describe("executePrograms()", () => {
  let sandbox: Sandbox;

  beforeAll(async () => {
    sandbox = await openSandbox("python", { warmProcesses: 0 });
  });

  afterAll(() => sandbox.close());

  async function run(sources: readonly string[], inputs: readonly number[][][]) {
    const counts = { executions: 0, processes: 0, insideMs: 0 };
    const order = { sources, entry: "f", shapes: [], inputs, ownInputs: inputs.length };
    return { rows: await executePrograms(sandbox, order, counts), counts };
  }

  test("executePrograms() tells each program's outcomes apart when neighbours hang, exit or raise", async () => {
    const { rows } = await run(
      [
        "def f(xs):\n    return len(xs)",
        "def f(xs):\n    while True:\n        pass",
        "import os\ndef f(xs):\n    os._exit(3)",
        "def f(xs):\n    return xs[0] / len(xs[1:])",
        "def f(xs)\n",
        "def f(xs):\n    xs.append(1)\n    return xs",
      ],
      [[[2, 3]], [[4]]],
    );
    expect(rows).toEqual([
      [
        { kind: "value", value: 2 },
        { kind: "value", value: 1 },
      ],
      [{ kind: "died" }, { kind: "died" }],
      [{ kind: "died" }, { kind: "died" }],
      [
        { kind: "value", value: 2 },
        { kind: "raised", errorType: "ZeroDivisionError" },
      ],
      [
        { kind: "raised", errorType: "SyntaxError" },
        { kind: "raised", errorType: "SyntaxError" },
      ],
      [
        { kind: "value", value: [2, 3, 1] },
        { kind: "value", value: [4, 1] },
      ],
    ]);
  });

  test("executePrograms() takes one process when no program harms it", async () => {
    const sources = Array.from({ length: 30 }, (_, index) => `def f(xs):\n    return ${index}`);
    const { rows, counts } = await run(sources, [[[1]]]);
    expect(rows.map(([outcome]) => outcome)).toEqual(
      sources.map((_, value) => ({ kind: "value", value })),
    );
    expect(counts).toMatchObject({ executions: 30, processes: 1 });
    expect(counts.insideMs).toBeGreaterThan(0);
  });
});
