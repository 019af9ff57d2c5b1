import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { type InputLine, readLines } from "./read-lines.ts";

async function linesOf(chunks: readonly (string | Buffer)[], maxLineBytes = 10) {
  const lines: InputLine[] = [];
  for await (const line of readLines(Readable.from(chunks), maxLineBytes)) {
    lines.push(line);
  }
  return lines;
}

describe("readLines()", () => {
  it("gives lines with their numbers, however they come, and leaves empty ones out", async () => {
    expect(await linesOf(["a", "b\n\n  \nc", "d\r\ne\n", "f"])).toEqual([
      { number: 1, text: "ab" },
      { number: 4, text: "cd" },
      { number: 5, text: "e" },
      { number: 6, text: "f" },
    ]);
    expect(await linesOf([])).toEqual([]);
  });

  it("says which line is too long, and goes on after it", async () => {
    const problem = expect.stringContaining("it has 11 bytes, at most 10 are wanted");
    expect(await linesOf(["a\n12345678901\nb\n", "12345", "678901", "\n1234567890\n"])).toEqual([
      { number: 1, text: "a" },
      { number: 2, problem },
      { number: 3, text: "b" },
      { number: 4, problem },
      { number: 5, text: "1234567890" },
    ]);
    expect(await linesOf(["12345678901"])).toEqual([{ number: 1, problem }]);
  });

  it("says which line is no UTF-8, and takes a character that comes in two pieces", async () => {
    const euro = Buffer.from("€\n");
    const lines = await linesOf([
      ...[Buffer.from([0xff, 0x0a]), euro.subarray(0, 1), euro.subarray(1), Buffer.from([0xc3])],
    ]);
    const problem = expect.stringContaining("no UTF-8");
    expect(lines).toEqual([
      { number: 1, problem },
      { number: 2, text: "€" },
      { number: 3, problem },
    ]);
  });
});
