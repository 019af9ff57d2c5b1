import { describe, expect, it } from "vitest";
import { describeError } from "./describe-error.ts";

function traceOf(frames: readonly string[], fileName: string): string {
  const error = new Error("no");
  error.stack = ["Error: no", ...frames.map((frame) => `    at ${frame}`)].join("\n");
  return describeError(error, new Set([fileName])).trace;
}

describe("describeError()", () => {
  it("names the skill's frames in each form they have", () => {
    const frames = [
      "f (s.ts:3:9)",
      "new Thing (s.ts:4:1)",
      "async g (s.ts:5:2)",
      "Object.run [as go] (s.ts:6:3)",
      "s.ts:7:4",
      "async s.ts:8:5",
    ];
    expect(traceOf(frames, "s.ts").split("\n")).toEqual([
      "s.ts:3 in f",
      "s.ts:4 in new Thing",
      "s.ts:5 in g",
      "s.ts:6 in Object.run [as go]",
      "s.ts:7",
      "s.ts:8",
    ]);
  });

  it("leaves out a file whose name only ends like the skill's", () => {
    const frames = [
      "open (file:///runner/memory-files.ts:1:2)",
      "open (memory-files.ts:1:2)",
      "open (/a folder/s.ts:1:2)",
      "async open (file:///runner/s.ts:1:2)",
      "file:///runner/s.ts:1:2",
      "eval (eval at f (s.ts:3:9), <anonymous>:1:1)",
      "s.ts:1:2 (other.ts:1:2)",
      "f (s.ts.other:1:2)",
    ];
    expect(traceOf(frames, "s.ts")).toBe("");
  });
});
