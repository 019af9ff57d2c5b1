import { describe, expect, test } from "vitest";
import { independenceOf } from "./independence.ts";

const own = { model: "a", prompt: "", language: "python" };

describe("independenceOf()", () => {
  test("independenceOf() takes the strongest difference when there are several", () => {
    const rest = { prompt: "literal", language: "typescript" };
    expect(independenceOf(own, { ...rest, model: "b" })).toBe("other model");
    expect(independenceOf(own, { ...rest, model: "a" })).toBe("other language");
    expect(independenceOf(own, { ...own, prompt: "literal" })).toBe("other prompt");
    expect(independenceOf(own, own)).toBe("same prompt");
  });
});
