import { describe, expect, it } from "vitest";
import type { RunnerMessage } from "../protocol.ts";
import { lineOf, readMessages } from "./channel-lines.ts";

const encoder = new TextEncoder();

/** Reads these pieces, each in one go. */
function reader(pieces: readonly Uint8Array[]) {
  const waiting = [...pieces];
  return async (buffer: Uint8Array): Promise<number | null> => {
    const piece = waiting.shift();
    buffer.set(piece ?? []);
    return piece?.length ?? null;
  };
}

describe("lineOf", () => {
  it("lineOf() writes what JSON.stringify() would, whatever stands in it", () => {
    const messages: RunnerMessage[] = [
      { type: "printed", id: "1", text: 'a"\n\u2028€\ud800' },
      { type: "file", id: "1", path: "__proto__", contentBase64: "", last: false },
      { type: "raised", id: "1", errorType: "A", errorBases: ["B", "C"], message: "", trace: "" },
      { type: "loaded", id: "1" },
    ];
    expect(messages.map(lineOf)).toEqual(messages.map((message) => JSON.stringify(message)));
  });

  it("lineOf() asks nothing that a message inherits", () => {
    const asked: unknown[] = [];
    const inherited = {
      toJSON(this: unknown) {
        asked.push(this);
        return {};
      },
    };
    const errorBases = Object.setPrototypeOf(["B"], inherited);
    const message = { type: "raised", id: "1", errorType: "A", errorBases, message: "", trace: "" };
    Object.setPrototypeOf(message, inherited);
    expect(lineOf(message as RunnerMessage)).toContain('"errorBases":["B"]');
    expect(asked).toEqual([]);
  });
});

describe("readMessages", () => {
  it("readMessages() finds each line, however the pieces are cut", async () => {
    const messages = [{ a: "€".repeat(9) }, { b: 1 }, { c: ["\u{1f600}"] }];
    const bytes = encoder.encode(messages.map((each) => `${JSON.stringify(each)}\n`).join(""));
    for (const size of [1, 2, 3, 7, bytes.length]) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      );
      const found: unknown[] = [];
      await readMessages(reader(pieces), (message) => found.push(message));
      expect(found).toEqual(messages);
    }
  });

  it("readMessages() does not take an earlier read's newline for one of a shorter read", async () => {
    const found: unknown[] = [];
    await readMessages(
      reader([encoder.encode('{"a":1}\n'), encoder.encode("{"), encoder.encode("}\n")]),
      (message) => found.push(message),
    );
    expect(found).toEqual([{ a: 1 }, {}]);
  });
});
