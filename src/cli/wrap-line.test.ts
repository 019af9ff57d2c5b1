import { styleText } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { displayWidth } from "./display-width.ts";
import { wrapLine } from "./wrap-line.ts";

const red = (text: string) => styleText("red", text, { validateStream: false });

describe("wrapLine", () => {
  it("wrapLine() leaves a line that fits as it is", () => {
    expect(wrapLine("  one  two", 24)).toEqual(["  one  two"]);
    expect(wrapLine("", 24)).toEqual([""]);
  });

  it("wrapLine() breaks between words and indents like the line", () => {
    expect(wrapLine("   the quick brown fox jumps over it", 24)).toEqual([
      "   the quick brown fox",
      "   jumps over it",
    ]);
  });

  it.each([
    ["❌ ", "   "],
    ["⚠️  ", "    "],
    ["     → ", "       "],
    ["[12] ✅ ", "        "],
    ["  … ", "    "],
    ["   • ", "     "],
  ])("wrapLine() indents to the text behind %j", (sign, indent) => {
    const [first, second] = wrapLine(`${sign}aaaa bbbb cccc dddd eeee ffff`, 28);
    expect(first?.startsWith(sign)).toBe(true);
    expect(second).toMatch(new RegExp(`^${indent}[a-f]{4}`));
  });

  it("wrapLine() indents to what was found of a part that was checked", () => {
    for (const part of ["  ✓ stubs                ", "  – flake runs           "]) {
      const [, second] = wrapLine(`${part}left out here ${"and more ".repeat(9)}`, 80);
      expect(second).toMatch(/^ {25}\w/);
    }
  });

  it("wrapLine() keeps a word whole that fits on no line, and begins a new line behind it", () => {
    const path = `/${"x".repeat(40)}`;
    expect(wrapLine(`  File: ${path} and more`, 24)).toEqual([`  File: ${path}`, "  and more"]);
    expect(wrapLine(`${path} and`, 24)).toEqual([path, "and"]);
  });

  it("wrapLine() breaks between wide characters, but not before what closes", () => {
    expect(wrapLine("检查文本是否有效的工具。", 24)).toEqual(["检查文本是否有效的工", "具。"]);
    expect(wrapLine("检查文本是否有效的工具是。", 25)).toEqual(["检查文本是否有效的工具", "是。"]);
  });

  it("wrapLine() counts neither colours nor marks, and loses none", () => {
    const line = `  ${red("aaaa bbbb")} ${red("cccc")} e\u0301 ddddd eeee`;
    const lines = wrapLine(line, 24);
    expect(lines).toEqual([`  ${red("aaaa bbbb")} ${red("cccc")} e\u0301`, "  ddddd eeee"]);
  });

  it("wrapLine() leaves lines to a terminal that is too narrow for words", () => {
    const line = "a sentence that is longer than that";
    expect(wrapLine(line, 12)).toEqual([line]);
  });

  it("wrapLine() loses no word and passes no edge, whatever the words", () => {
    const word = fc.stringMatching(/^[a-z能]{1,12}$/);
    fc.assert(
      fc.property(
        fc.array(word),
        fc.nat(10),
        fc.integer({ min: 40, max: 90 }),
        (words, n, columns) => {
          const line = " ".repeat(n) + words.join(" ");
          const lines = wrapLine(line, columns);
          expect(lines.join("").replaceAll(" ", "")).toBe(line.replaceAll(" ", ""));
          for (const each of lines) {
            expect(displayWidth(each)).toBeLessThan(columns);
          }
        },
      ),
    );
  });
});
