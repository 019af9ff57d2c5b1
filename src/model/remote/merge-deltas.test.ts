import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drivers } from "../../../test/support/model-servers/drivers.ts";
import type { Wire } from "../../../test/support/model-servers/wire.ts";
import { testSize } from "../../../test/support/requirements.ts";
import { describeEndpoint } from "../../shared/server-url.ts";
import type { RemoteKind } from "./api-key.ts";
import { loadLanguageModel } from "./language-model.ts";
import { DeltaMerger } from "./merge-deltas.ts";
import { RemoteServer } from "./remote-server.ts";

const kinds = ["openai", "anthropic", "compatible"] as const;
const wires = kinds.map((kind): [RemoteKind, Wire] => {
  const found = drivers.find(({ wire }) => wire.provider === kind);
  if (found === undefined) throw new Error(`There is no wire of ${kind}`);
  return [kind, found.wire];
});
const asked = { model: "m", prompt: "Write a function." };

function chunksOf(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += chunks.at(-1)?.length ?? 1) {
    chunks.push(bytes.subarray(at, at + (sizes[chunks.length % sizes.length] ?? 1)));
  }
  return chunks;
}

/** Reads below some size go on as they are: a comment makes up for it. */
const filling = `:${" ".repeat(4_096)}\n\n`;

function merge(kind: RemoteKind, text: string): { text: string; count: number } {
  let count = 0;
  const merger = new DeltaMerger(kind, (more) => {
    count += more;
  });
  const merged = Buffer.from(merger.push(Buffer.from(filling + text))).toString();
  return { text: merged.replace(filling, ""), count };
}

/** What the provider's package makes of a stream. */
async function read(kind: RemoteKind, chunks: readonly Uint8Array[]) {
  const server = new RemoteServer(kind, describeEndpoint("http://127.0.0.1/v1"), "key");
  const headers = { "content-type": "text/event-stream" };
  const fetch = async () => new Response(ReadableStream.from(chunks), { headers });
  const model = await loadLanguageModel(server, "m", fetch);
  const seen = { text: "", thinking: "", pieces: 0, rest: [] as unknown[] };
  try {
    const { stream } = await model.doStream({ prompt: [] });
    for await (const part of stream) {
      if (part.type === "text-delta") {
        seen.text += part.delta;
        seen.pieces += part.delta === "" ? 0 : 1;
      } else if (part.type === "reasoning-delta") seen.thinking += part.delta;
      else if (part.type === "error") {
        seen.rest.push("error");
        break;
      } else seen.rest.push(part);
    }
  } catch {
    seen.rest.push("thrown");
  }
  return seen;
}

describe.each(wires)("DeltaMerger of %s", (kind, wire) => {
  const texts = fc.string({ unit: "binary", size: "max", maxLength: 200 });
  const streams = fc
    .record({
      text: texts,
      thinking: texts,
      // What may stand between two pieces of text, and where; `\r\n` ends lines as well as `\n` does.
      between: fc.constantFrom(
        "",
        wire.ping ?? "",
        "\n",
        ": c\n\n",
        wire.garbage,
        wire.streamError,
      ),
      at: fc.nat(50),
      lineEnd: fc.constantFrom("\n", "\n", "\r\n"),
      sizes: fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 1 }),
    })
    .map(({ text, thinking, between, at, lineEnd, sizes }) => {
      const { opening, pieces, closing } = wire.stream({ text, thinking }, asked);
      const events = [...opening, ...pieces.toSpliced(at, 0, between), ...closing];
      return chunksOf(Buffer.from(events.join("").replaceAll("\n", lineEnd)), sizes);
    });

  it("push() changes nothing that the package reads, however the bytes are cut", async () => {
    await fc.assert(
      fc.asyncProperty(streams, async (chunks) => {
        let merged = 0;
        const merger = new DeltaMerger(kind, (count) => {
          merged += count;
        });
        const [before, after] = [
          await read(kind, chunks),
          await read(
            kind,
            chunks.map((chunk) => merger.push(chunk)),
          ),
        ];
        if (before.rest.includes("error") || before.rest.includes("thrown")) {
          expect(after.rest.at(-1)).toBe(before.rest.at(-1));
          expect(after.text).toBe(before.text);
          return;
        }
        expect({ ...after, pieces: after.pieces + merged }).toEqual(before);
      }),
      { numRuns: testSize(40, 400) },
    );
  });

  it("push() makes one event of pieces that came in one read, and counts them", async () => {
    const text = 'grüße 👋 "quoted" \\ \n end'.repeat(20);
    const { opening, pieces, closing } = wire.stream({ text }, asked);
    const { text: merged, count } = merge(kind, [...opening, ...pieces, ...closing].join(""));
    expect(count).toBe(pieces.length - 1);
    expect(await read(kind, [Buffer.from(merged)])).toMatchObject({ text, pieces: 1 });
  });

  it("push() leaves a small read alone", () => {
    const bytes = Buffer.from(wire.stream({ text: "abcdefgh" }, asked).pieces.join(""));
    expect(new DeltaMerger(kind, () => undefined).push(bytes)).toBe(bytes);
  });

  it("push() leaves alone the rest of an event that began in an earlier read", async () => {
    const { opening, pieces, closing } = wire.stream({ text: "abcd".repeat(30) }, asked);
    // With what was cut off before it, the first piece is a comment.
    const chunks = [
      `${opening.join("")}:`,
      pieces.join("").replace("event:", ""),
      closing.join(""),
    ];
    const merger = new DeltaMerger(kind, () => undefined);
    const merged = chunks.map((chunk) => merger.push(Buffer.from(chunk)));
    expect((await read(kind, merged)).text).toBe(
      (await read(kind, [Buffer.from(chunks.join(""))])).text,
    );
  });

  it("push() leaves as it is what joined would mean something else", () => {
    const [piece = ""] = wire.stream({ text: "#!#!" }, asked).pieces;
    const of = (...bodies: readonly string[]) =>
      bodies.map((body) => piece.replace("#!#!", body)).join("");
    expect(merge(kind, of("a", "b")).count).toBe(1);
    for (const [one, other] of [
      [String.raw`\u00`, "41"],
      ["a\\", "n"],
      ["a", ""],
      ["a", "\t"],
      ["a", 'b"'],
    ] as const) {
      expect(merge(kind, of(one, other))).toEqual({ text: of(one, other), count: 0 });
    }
  });
});

describe("DeltaMerger", () => {
  it("push() leaves alone two halves of a letter, which joined would be one", () => {
    const event = (text: string) =>
      `data: {"choices":[{"index":0,"delta":{"content":"${text}"}}]}\n\n`;
    const isLeftAlone = (...texts: readonly string[]) => {
      const bytes = Buffer.from(filling + texts.map(event).join(""), "latin1");
      return new DeltaMerger("compatible", () => undefined).push(bytes) === bytes;
    };
    const [first, second] = Buffer.from("é").toString("latin1");
    expect(isLeftAlone("a", "b")).toBe(false);
    expect(isLeftAlone(`a${first}`, `${second}b`)).toBe(true);
  });

  const openai = (fields: object) =>
    `event: response.output_text.delta\ndata: ${JSON.stringify({ type: "response.output_text.delta", ...fields })}\n\n`;

  it("push() passes over OpenAI's numbers and padding, and over nothing else", () => {
    const event = (sequence_number: number, item_id: string, delta: string, obfuscation: string) =>
      openai({ sequence_number, item_id, delta, logprobs: [], obfuscation });
    const [one, two] = [event(8, "i", "a", "x1"), event(9, "i", "b", "yyy2")];
    expect(merge("openai", one + two)).toEqual({ text: event(8, "i", "ab", "x1"), count: 1 });
    const other = one + event(9, "j", "b", "y");
    expect(merge("openai", other)).toEqual({ text: other, count: 0 });
  });

  it.each([
    ["thinking beside the text", { delta: { content: "a", reasoning_content: "b" } }],
    ["a call of a tool", { delta: { content: "a", tool_calls: [{ index: 0 }] } }],
    ["a reason to finish", { delta: { content: "a" }, finish_reason: "stop" }],
  ])("push() leaves alone: %s", (_, choice) => {
    const event = `data: ${JSON.stringify({ choices: [{ index: 0, ...choice }] })}\n\n`;
    expect(merge("compatible", event + event)).toEqual({ text: event + event, count: 0 });
  });
});
