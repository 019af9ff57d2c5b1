import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fenced, fencedList, shorten } from "./prompt-text.ts";

describe("fenced()", () => {
  it("fenced() uses a fence that the text cannot close, whatever the text", () => {
    const text = fc
      .array(fc.constantFrom("`", "``", "```", "\n", "x", "`````"))
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, (inner) => {
        const lines = fenced(inner, "text").split("\n");
        const fence = lines.at(-1) ?? "";
        expect(lines[0]).toBe(`${fence}text`);
        expect(inner).not.toContain(fence);
      }),
    );
  });

  it("fencedList() indents further lines of an item", () => {
    expect(fencedList(["a\nb", "c"])).toBe("```text\n- a\n  b\n- c\n```");
  });
});

describe("shorten()", () => {
  it("shorten() keeps beginning and end within the limit and counts what is missing", () => {
    const { text, leftOut } = shorten(`start${"x".repeat(5_000)}end`, 400);
    expect(text.length).toBeLessThanOrEqual(400);
    expect(text.startsWith("start")).toBe(true);
    expect(text.endsWith("end")).toBe(true);
    expect(text).toContain(`${leftOut} characters left out`);
    expect(shorten("short", 400)).toEqual({ text: "short", leftOut: 0 });
  });

  it("shorten() never splits a surrogate pair", () => {
    fc.assert(
      fc.property(fc.integer({ min: 60, max: 200 }), (limit) => {
        expect(shorten(`a${"😀".repeat(200)}`, limit).text.isWellFormed()).toBe(true);
        expect(shorten("😀".repeat(200), limit).text.isWellFormed()).toBe(true);
      }),
    );
  });
});
