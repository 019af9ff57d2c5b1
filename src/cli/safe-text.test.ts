import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonLine, safeLine, safeText, shorten } from "./safe-text.ts";

describe("safeLine", () => {
  it("safeLine() writes out escape sequences, bells, carriage returns and newlines", () => {
    expect(safeLine("\u001b[31mred\u0007\r\n")).toBe("\\x1b[31mred\\x07\\r\\n");
    expect(safeLine("\u001b]0;title\u0007")).toBe("\\x1b]0;title\\x07");
  });

  it("safeLine() writes out C1 controls, DEL, bidirectional marks, tags and lone surrogates", () => {
    expect(safeLine("\u009b2J\u007f")).toBe("\\x9b2J\\x7f");
    expect(safeLine("a\u202eb\u2066c\u200ed")).toBe("a\\u{202e}b\\u{2066}c\\u{200e}d");
    expect(safeLine("\u{e0041}\u2028\u200b\ufeff\ud800")).toBe(
      "\\u{e0041}\\u{2028}\\u{200b}\\u{feff}\\u{d800}",
    );
  });

  it("safeLine() leaves letters of all scripts and joined emoji alone", () => {
    for (const text of ["Größe", "创建一个", "مرحبا", "👩‍💻 ✅ ⚠️", "नमस्ते", "a\u0301"]) {
      expect(safeLine(text)).toBe(text);
    }
  });

  it("safeLine() lets no control character through whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(safeLine(text)).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
        expect(safeText(text)).not.toMatch(/(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });
});

describe("safeText", () => {
  it("safeText() keeps newlines and tabs, and joins Windows line ends", () => {
    expect(safeText("a\r\n\tb\u001b[2J\rc")).toBe("a\n\tb\\x1b[2J\\rc");
  });
});

describe("jsonLine", () => {
  it("jsonLine() says the same to a program, and nothing that a terminal obeys", () => {
    const value = {
      "\u009bk": "\u009b31m\u001b[2J\u202e\u{e0041}\u2028\ud800\u007f",
      b: ["👩‍💻", 1],
    };
    const line = jsonLine(value);
    expect(JSON.parse(line)).toEqual(value);
    expect(line).toContain("👩‍💻");
    expect(line).toContain("\\u009b31m\\u001b[2J\\u202e\\udb40\\udc41\\u2028\\ud800\\u007f");
  });

  it("jsonLine() lets no control character through whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const line = jsonLine([text]);
        expect(line).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
        expect(JSON.parse(line)).toEqual([text]);
      }),
    );
  });
});

describe("shorten", () => {
  it("shorten() cuts between characters and marks the cut", () => {
    expect(shorten("abc", 3)).toBe("abc");
    expect(shorten("abcd", 3)).toBe("ab…");
    expect(shorten("😀😀😀😀", 3)).toBe("😀😀…");
  });
});
