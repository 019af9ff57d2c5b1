import { describe, expect, it } from "vitest";
import { estimateTokens, fewestTokens } from "./estimate-tokens.ts";

describe("estimateTokens", () => {
  it("estimateTokens() counts words, digits, punctuation and other scripts", () => {
    expect(estimateTokens("")).toBe(0);
    expect(estimateTokens("hello world")).toBe(2);
    expect(estimateTokens("12345")).toBe(5);
    expect(estimateTokens("你好世界")).toBeGreaterThanOrEqual(4);
    expect(estimateTokens("def f(x):\n    return x\n")).toBeGreaterThanOrEqual(8);
  });

  it("estimateTokens() is never below the fewest possible", () => {
    for (const text of ["a b c", "x = {1: 2}", "– — …", "\n\n a\t\tb", "🙂 🙂"]) {
      expect(estimateTokens(text)).toBeGreaterThanOrEqual(fewestTokens(text));
    }
  });

  it("estimateTokens() comes to an end on 5 MB", () => {
    expect(estimateTokens("word ".repeat(1_000_000))).toBe(1_000_000);
    expect(estimateTokens(" ".repeat(5_000_000))).toBe(1);
  });
});
