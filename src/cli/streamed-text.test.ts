import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { StreamedText } from "./streamed-text.ts";

/** What was shown after each piece, then at the end. */
function show(isTTY: boolean, pieces: readonly string[], whole = pieces.join("")): string[] {
  const stream = Object.assign(new PassThrough({ encoding: "utf8" }), { isTTY });
  const streamed = new StreamedText(stream);
  const read = (): string => stream.read() ?? "";
  const shown = pieces.map((piece) => {
    streamed.write(piece);
    return read();
  });
  streamed.end(whole);
  return [...shown, read()];
}

describe("StreamedText", () => {
  it("write() shows each piece at once, a pipe as it is, a terminal without control characters", () => {
    const pieces = ["\u001b[31mred\n", "\u009b2J", "\ttab"];
    expect(show(false, pieces)).toEqual([...pieces, ""]);
    expect(show(true, pieces)).toEqual(["\\x1b[31mred\n", "\\x9b2J", "\ttab", "\n"]);
  });

  it("write() keeps half a character until the other half comes", () => {
    expect(show(false, ["a\ud83d", "\ude00b"])).toEqual(["a", "😀b", ""]);
    expect(show(true, ["a\ud83d", "\ude00b"])).toEqual(["a", "😀b", "\n"]);
    expect(show(true, ["a\ud83d"])).toEqual(["a", "\\u{d83d}\n"]);
  });

  it("write() takes a line break that comes in two pieces for one", () => {
    expect(show(true, ["a\r", "\nb\r", "c\n"])).toEqual(["a", "\nb", "\\rc\n", ""]);
    expect(show(false, ["a\r", "\nb"])).toEqual(["a\r", "\nb", ""]);
  });

  it("end() shows what no piece held, and ends the line on a terminal alone", () => {
    expect(show(false, ["a"], "abc")).toEqual(["a", "bc"]);
    expect(show(true, ["a"], "abc")).toEqual(["a", "bc\n"]);
    expect(show(true, [], "")).toEqual([""]);
  });
});
