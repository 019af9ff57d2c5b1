import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { readBoundedLines } from "./bounded-lines.ts";

function collect(chunks: readonly (string | Buffer)[], maxBytes: number) {
  const stream = new PassThrough();
  const lines: string[] = [];
  let tooLong = 0;
  readBoundedLines(stream, () => maxBytes, {
    onLine: (line) => lines.push(line),
    onTooLong: () => {
      tooLong += 1;
    },
  });
  for (const chunk of chunks) {
    stream.emit("data", Buffer.from(chunk));
  }
  return { lines, tooLong };
}

describe("readBoundedLines", () => {
  it("readBoundedLines() joins a line when it arrives in pieces", () => {
    const euro = Buffer.from("€\n");
    expect(collect(["a", "b\nc\n\nd", euro.subarray(0, 1), euro.subarray(1)], 10)).toEqual({
      lines: ["ab", "c", "", "d€"],
      tooLong: 0,
    });
  });

  it("readBoundedLines() stops once when a line grows too long, ended or not", () => {
    expect(collect(["ok\n12345678", "9012", "3\nafter\n"], 10)).toEqual({
      lines: ["ok"],
      tooLong: 1,
    });
    expect(collect(["12345678901\nafter\n"], 10)).toEqual({ lines: [], tooLong: 1 });
  });
});
