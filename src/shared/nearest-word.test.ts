import { describe, expect, it } from "vitest";
import { editDistance, nearestWord } from "./nearest-word.ts";

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
