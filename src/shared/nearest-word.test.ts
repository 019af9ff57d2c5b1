import { describe, expect, it } from "vitest";
import { editDistance, nearestWord, nearestWords } from "./nearest-word.ts";

describe("nearestWord", () => {
  const known = ["skills", "show", "memory", "maxIterations"];

  it("nearestWord() returns the known word when letters are missing, swapped or of another case", () => {
    expect(nearestWord("skils", known)).toBe("skills");
    expect(nearestWord("sohw", known)).toBe("show");
    expect(nearestWord("maxiteration", known)).toBe("maxIterations");
  });

  it("nearestWord() returns undefined when nothing is near", () => {
    expect(nearestWord("quicksort", known)).toBeUndefined();
    expect(nearestWord("x".repeat(100_000), known)).toBeUndefined();
  });
});

describe("editDistance", () => {
  it("editDistance() counts a swap of neighbours as one", () => {
    expect(editDistance("ab", "ba")).toBe(1);
    expect(editDistance("", "abc")).toBe(3);
    expect(editDistance("abc", "abc")).toBe(0);
  });
});

describe("nearestWords", () => {
  it("nearestWords() puts first what holds the word, then what is spelled most like it", () => {
    const known = ["llama3:8b", "qwen3-coder:30b", "gwen3", "qwen3-coder-next:q4_K_M"];
    expect(nearestWords("qwen3-coder", known, 3)).toEqual([
      "qwen3-coder:30b",
      "qwen3-coder-next:q4_K_M",
      "gwen3",
    ]);
    expect(nearestWords("x", [], 3)).toEqual([]);
  });
});
