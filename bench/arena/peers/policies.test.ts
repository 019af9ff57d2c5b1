import { describe, expect, test } from "vitest";
import { b4 } from "./b4.ts";
import { codeT } from "./code-t.ts";
import type { RecordedProblem } from "./recorded.ts";
import { allOwnTests, firstThatRuns, mostTests } from "./simple-policies.ts";

function problem(rows: readonly string[], samples: readonly number[] = []): RecordedProblem {
  return {
    testWeights: [...(rows[0] ?? "")].map(() => 1),
    programs: rows.map((row, index) => ({
      bits: [...row].map((bit) => bit === "1"),
      samples: samples[index] ?? 1,
      runs: row.includes("1"),
    })),
  };
}

describe("peers' policies", () => {
  test("firstThatRuns() takes the first program that answers anything", () => {
    expect(firstThatRuns(problem(["000", "010"]))).toEqual({ chosen: [1], answersUsed: 2 });
  });

  test("allOwnTests() takes none when no program passes all, or there are no tests", () => {
    expect(allOwnTests(problem(["101", "111"]))).toEqual({ chosen: [1], answersUsed: 2 });
    expect(allOwnTests(problem(["101"])).chosen).toEqual([]);
    expect(allOwnTests(problem([""])).chosen).toEqual([]);
  });

  test("mostTests() keeps equals for the draw when several pass most", () => {
    expect(mostTests(problem(["110", "011", "100"])).chosen).toEqual([0, 1]);
  });

  test("codeT() takes many programs with few tests before one that passes more", () => {
    expect(codeT(problem(["1100", "0111"], [9, 1])).chosen).toEqual([0]);
    expect(codeT(problem(["1000", "0111"], [4, 1])).chosen).toEqual([1]);
  });

  test("b4() takes the programs and tests that bear one another out", () => {
    const rows = ["1110", "1110", "1110", "0001", "0000"];
    expect(b4(problem(rows)).chosen).toEqual([0, 1, 2]);
  });
});
