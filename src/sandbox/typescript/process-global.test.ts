import { EventEmitter } from "node:events";
import * as stream from "node:stream";
import { describe, expect, it } from "vitest";
import type { PrintedOutput } from "../runner/printed-output.ts";
import { createProcessEvents } from "./process-events.ts";
import { createProcess } from "./process-global.ts";
import { createProcessStreams } from "./process-streams.ts";

function fakeProcess() {
  const texts: string[] = [];
  const printed: PrintedOutput = {
    begin: () => {},
    end: () => {},
    write: (text) => texts.push(text),
  };
  const events = createProcessEvents(() => new EventEmitter());
  let code: unknown = 0;
  const made = createProcess({
    exit: () => {
      throw new Error("no exit is expected");
    },
    exitCode: { get: () => Number(code), set: (given) => (code = given) },
    printed,
    events,
    streams: createProcessStreams(() => stream, printed),
    versions: { node: "24.0.0", deno: "2.9.5" },
  }) as unknown as NodeJS.Process;
  return { made, events, texts };
}

describe("createProcess", () => {
  it("createProcess() prints in the order of writing, bytes of half a character too", () => {
    const { made, texts } = fakeProcess();
    const euro = Buffer.from("€");
    made.stdout.write("a");
    made.stdout.write(euro.subarray(0, 1));
    made.stdout.write(euro.subarray(1));
    made.stderr.write("b");
    expect(texts.join("")).toBe("a€b");
  });

  it("createProcess() has streams that can be piped to and read from", async () => {
    const { made, texts } = fakeProcess();
    await stream.promises.pipeline(stream.Readable.from(["x", "y"]), made.stdout);
    expect(texts.join("")).toBe("xy");
    expect(await made.stdin.toArray()).toEqual([]);
  });

  it("createProcess() has clocks that go on, and says nothing of the host", () => {
    const { made } = fakeProcess();
    const before = made.hrtime.bigint();
    const since = made.hrtime();
    expect(made.hrtime.bigint()).toBeGreaterThanOrEqual(before);
    expect(made.hrtime(since)[0]).toBeLessThan(60);
    expect([made.platform, made.version, made.pid, made.env, made.memoryUsage.rss()]).toEqual([
      "linux",
      "v24.0.0",
      1,
      {},
      0,
    ]);
  });

  it("createProcess() calls listeners and can be chained", () => {
    const { made, events } = fakeProcess();
    const heard: unknown[] = [];
    expect(events.emit("exit", 1)).toBe(false);
    expect(made.on("exit", (code) => heard.push(code))).toBe(made);
    expect(events.emit("exit", 3)).toBe(true);
    expect([heard, made.listenerCount("exit")]).toEqual([[3], 1]);
  });

  it("createProcess() prints warnings as Node words them", () => {
    const { made, texts } = fakeProcess();
    made.emitWarning("old", "DeprecationWarning");
    made.emitWarning(new RangeError("x"));
    made.emitWarning("plain", { type: "Kind", code: "C" });
    expect(texts).toEqual([
      "(deno) DeprecationWarning: old\n",
      "(deno) RangeError: x\n",
      "(deno) Kind: plain\n",
    ]);
  });
});
