import { describe, expect, it } from "vitest";
import { readTerminalOutput } from "./terminal-cells.ts";
import { renderTerminalSvg } from "./terminal-svg.ts";

const shown = (output: string) =>
  readTerminalOutput(output).map((line) => line.map(({ text }) => text).join(""));

describe("readTerminalOutput", () => {
  it("readTerminalOutput() keeps what is left when lines are cleared and written over", () => {
    expect(shown("\r\u001b[2Kworking…\r\u001b[2Kdone\nnext\n\n")).toEqual(["done", "next"]);
    expect(shown("abc\rX")).toEqual(["Xbc"]);
    expect(shown("done\n⠙\u001b[1G\u001b[0K")).toEqual(["done"]);
    expect(shown("\u001b]0;title\u0007a\u001b[?25lb")).toEqual(["ab"]);
  });

  it("readTerminalOutput() reads colours of 16, 256 and 16 million", () => {
    const cells = readTerminalOutput(
      "\u001b[1;32ma\u001b[0mb\u001b[38;5;196mc\u001b[38;2;1;2;3md\u001b[39me\u001b[7;94mf\u001b[41mg",
    )[0];
    expect(cells?.map(({ style }) => style)).toEqual([
      { bold: true, color: "#3fb950" },
      {},
      { color: "rgb(255, 0, 0)" },
      { color: "rgb(1, 2, 3)" },
      {},
      { inverse: true, color: "#79c0ff" },
      { inverse: true, color: "#79c0ff", background: "#ff7b72" },
    ]);
  });
});

describe("renderTerminalSvg", () => {
  it("renderTerminalSvg() places text behind a wide emoji two columns on", () => {
    const svg = renderTerminalSvg("✅ ok");
    expect(svg).toContain('x="18" y="56" textLength="16.8"');
    expect(svg).toContain('x="43.2" y="56" textLength="16.8" lengthAdjust="spacingAndGlyphs">ok<');
  });

  it("renderTerminalSvg() escapes text, title and label", () => {
    const svg = renderTerminalSvg('<script>"&\u0001', { title: "<t\u0001>", label: 'a"<b>' });
    expect(svg).toContain(">&lt;script&gt;&quot;&amp;<");
    expect(svg).toContain("<title>&lt;t\ufffd&gt;</title>");
    expect(svg).toContain("a&quot;&lt;b&gt;");
    expect(svg).not.toContain("<script");
  });

  it("renderTerminalSvg() breaks a long line behind a word and keeps its indent", () => {
    const svg = renderTerminalSvg("  one two three", { columns: 9 });
    const [x] = /x="[\d.]+"(?=[^>]*>one.two<)/.exec(svg) ?? [];
    expect(x).toBeDefined();
    expect(/x="[\d.]+"(?=[^>]*>three<)/.exec(svg)?.[0]).toBe(x);
    expect(renderTerminalSvg("one two", { columns: 7 })).toMatch(/>one.two</);
  });

  it("renderTerminalSvg() wraps lines that are too long and loads nothing", () => {
    const svg = renderTerminalSvg("abcdef", { columns: 3 });
    expect(svg).toContain(">abc<");
    expect(svg).toContain(">def<");
    expect(svg).not.toMatch(/href|url\(|@import/);
    expect(svg).toBe(renderTerminalSvg("abcdef", { columns: 3 }));
  });
});
