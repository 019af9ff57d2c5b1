import { describe, expect, it } from "vitest";
import { callLines, loadLines } from "./host-messages.ts";
import { describeDeath } from "./limit-texts.ts";
import { defaultLimits } from "./limits.ts";
import type { Program, SandboxCall, TaggedValue } from "./sandbox.ts";

const program: Program = {
  language: "typescript",
  source: "function f() {}",
  entry: "f",
  fileName: "f.ts",
};
const files = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ path: `f${index}`, contentBase64: "" }));

function nested(depth: number): TaggedValue {
  let value: TaggedValue = 1;
  for (let level = 0; level < depth; level += 1) {
    value = [value];
  }
  return value;
}

describe("loadLines", () => {
  it("loadLines() sends the program's files before the program when it has some", () => {
    const contentBase64 = Buffer.from("x").toString("base64");
    const sent = loadLines(
      "1",
      { ...program, files: [{ path: "a", contentBase64 }] },
      defaultLimits,
    );
    expect(sent.kind === "lines" && sent.lines.map((line) => JSON.parse(line))).toMatchObject([
      { type: "file", folder: "program", path: "a", contentBase64, last: true },
      { type: "load", program: { source: program.source, entry: "f", fileName: "f.ts" } },
    ]);
  });

  it("loadLines() says how far ahead the clock is only when it is not the machine's", () => {
    const clockOf = (clockOffsetMs: number) => {
      const sent = loadLines("1", { ...program, clockOffsetMs }, defaultLimits);
      return sent.kind === "lines" && JSON.parse(sent.lines.at(-1) ?? "").program.clockOffsetMs;
    };
    expect([clockOf(0), clockOf(-7)]).toEqual([undefined, -7]);
  });

  it.each([
    ["a source of 5 MB", { source: "x".repeat(5_000_000) }, "file-limit", "1048576 bytes"],
    ["10,000 files", { files: files(10_000) }, "file-limit", "1000 files"],
    [
      "a NUL in a file's name",
      { files: [{ path: "a\0b", contentBase64: "" }] },
      "file-limit",
      "a\\u0000b",
    ],
    ["a NUL in its name", { fileName: "a\0.ts" }, "protocol-error", "control characters"],
    [
      "a name of 201 characters",
      { fileName: "a".repeat(201) },
      "protocol-error",
      "200 are allowed",
    ],
    ["an entry of 201 characters", { entry: "a".repeat(201) }, "protocol-error", "200 are allowed"],
    [
      "a clock two hundred years ahead",
      { clockOffsetMs: 2 * 3_155_760_000_000 },
      "protocol-error",
      "3155760000000",
    ],
    ["a clock of half milliseconds", { clockOffsetMs: 0.5 }, "protocol-error", "whole ones"],
    ["a source of half characters", { source: '"\ud800"' }, "protocol-error", "no valid Unicode"],
  ] as const)("loadLines() refuses a program when it has %s", (_what, part, reason, text) => {
    const sent = loadLines("1", { ...program, ...part }, defaultLimits);
    expect(sent).toMatchObject({ kind: "refused", death: { reason } });
    expect(sent.kind === "refused" && describeDeath(sent.death, defaultLimits)).toContain(text);
  });
});

describe("callLines", () => {
  it("callLines() splits a file into pieces that fit a line when it is larger than one", () => {
    const limits = { ...defaultLimits, maxMessageBytes: 4_096 };
    const content = Buffer.alloc(5_000, 1);
    const call = { args: [1], files: [{ path: "a", contentBase64: content.toString("base64") }] };
    const sent = callLines("1", call, limits);
    const lines = sent.kind === "lines" ? sent.lines : [];
    expect(lines.map((line) => Buffer.byteLength(line) <= 4_096)).toEqual([true, true, true, true]);
    const messages = lines.map((line) => JSON.parse(line));
    expect(messages.map(({ last }) => last)).toEqual([false, false, true, undefined]);
    const pieces = messages.slice(0, 3).map((one) => Buffer.from(one.contentBase64, "base64"));
    expect(Buffer.concat(pieces).equals(content)).toBe(true);
  });

  it.each([
    ["arguments of 50 MB", { args: ["x".repeat(50_000_000)] }, "protocol-error", "maxMessageBytes"],
    ["one nested 100,000 deep", { args: [nested(100_000)] }, "protocol-error", "500 levels"],
    ["1,001 arguments", { args: Array(1_001).fill(0) }, "protocol-error", "allowed: 1000"],
    ["65 files", { args: [], files: files(65) }, "file-limit", "maxFiles"],
  ] as const)(
    "callLines() refuses a call when it has %s",
    (_what, call: SandboxCall, reason, text) => {
      const sent = callLines("1", call, defaultLimits);
      expect(sent).toMatchObject({ kind: "refused", death: { reason } });
      expect(sent.kind === "refused" && describeDeath(sent.death, defaultLimits)).toContain(text);
    },
  );
});
