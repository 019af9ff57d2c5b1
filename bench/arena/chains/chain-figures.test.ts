import { describe, expect, test } from "vitest";
import type { ChainRow } from "../read-rows.ts";
import { countRefusals, countRepeats } from "./chain-figures.ts";

const chain: ChainRow = {
  chain_id: "c",
  dataset: "d",
  problem_id: "p",
  prompt: "",
  entry_point: "f",
  model: "m",
  tests: [],
  attempts: [true, false].map((isRight) => ({ code: "", hidden_pass: isRight, test_bits: "" })),
};

describe("countRefusals()", () => {
  test("countRefusals() counts right and wrong attempts apart, the most refused first", () => {
    const refusals = [
      { attempt: 0, by: "hidden-case" },
      { attempt: 0, by: "wrong-value" },
      { attempt: 1, by: "wrong-value" },
    ];
    expect(countRefusals([{ chain, outcome: { refusals } }])).toEqual([
      { by: "wrong-value", right: 1, wrong: 1 },
      { by: "hidden-case", right: 1, wrong: 0 },
    ]);
  });

  test("countRepeats() counts what equals any earlier attempt of its chain", () => {
    expect(countRepeats([["a", "b", "a"], ["a"]])).toMatchObject({ retries: 2, repeated: 1 });
  });
});
