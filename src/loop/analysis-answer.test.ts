import { describe, expect, it } from "vitest";
import { analysisAnswerSchema, analysisFormat } from "./analysis-answer.ts";

describe("analysisAnswerSchema", () => {
  it("analysisAnswerSchema accepts agreement, with and without an empty input", () => {
    const agree = { verdict: "agree", explanation: "All fine." };
    expect(analysisAnswerSchema.safeParse(agree).success).toBe(true);
    expect(analysisAnswerSchema.parse({ ...agree, input: null })).toEqual(agree);
    expect(analysisAnswerSchema.parse({ ...agree, input: ["a"] })).toEqual(agree);
  });

  it("analysisAnswerSchema accepts an objection only when it names an input", () => {
    const objection = { verdict: "object", explanation: "Two spaces give an empty word." };
    expect(analysisAnswerSchema.safeParse({ ...objection, input: ["a  b"] }).success).toBe(true);
    expect(analysisAnswerSchema.safeParse(objection).success).toBe(false);
    expect(analysisAnswerSchema.safeParse({ ...objection, input: null }).success).toBe(false);
  });

  it("analysisAnswerSchema refuses another verdict and an empty explanation", () => {
    expect(analysisAnswerSchema.safeParse({ verdict: "pass", explanation: "x" }).success).toBe(
      false,
    );
    expect(analysisAnswerSchema.safeParse({ verdict: "agree", explanation: "" }).success).toBe(
      false,
    );
  });

  it("analysisFormat names the members that the schema reads", () => {
    expect(Object.keys(analysisFormat["properties"] ?? {})).toEqual([
      "explanation",
      "verdict",
      "input",
    ]);
  });
});
