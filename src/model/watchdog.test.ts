import { getEventListeners, once } from "node:events";
import { afterEach, describe, expect, it, vi } from "vitest";
import { AgentError } from "../shared/errors.ts";
import { Watchdog, type WatchdogOptions } from "./watchdog.ts";

const asked = { action: "Asking the model tiny", url: "http://127.0.0.1:1" };
const server: WatchdogOptions = {
  asked,
  firstTimeoutMs: 1,
  idleTimeoutMs: 2,
  sign: "token",
  logHint: "look at the server's log",
  connectionError: (_asked, cause) =>
    new AgentError("MODEL_UNREACHABLE", "none", { blame: "environment", cause }),
};
const own: WatchdogOptions = {
  asked: { action: asked.action },
  firstTimeoutMs: 1,
  idleTimeoutMs: 2,
  words: {
    silence: (timeoutMs, hasBegun) =>
      new AgentError("MODEL_STREAM_CUT", `silent for ${timeoutMs} ms, ${hasBegun}`, {
        blame: "environment",
      }),
    failure: (error) => error,
  },
};

/** What ends the call when nothing comes, before its first sign or after it. */
async function silenceOf(options: WatchdogOptions, hasBegun: boolean): Promise<unknown> {
  const watch = new Watchdog(options);
  if (hasBegun) watch.sawProgress();
  await once(watch.signal, "abort");
  watch.stop();
  return watch.explain(new Error("the connection was closed"));
}

afterEach(() => {
  vi.useRealTimers();
});

describe("Watchdog", () => {
  it("sawProgress() lets the time begin anew at each sign", () => {
    vi.useFakeTimers();
    const watch = new Watchdog({ ...own, firstTimeoutMs: 5, idleTimeoutMs: 10 });
    for (let sign = 0; sign < 3; sign += 1) {
      watch.sawProgress();
      vi.advanceTimersByTime(9);
      expect(watch.signal.aborted).toBe(false);
    }
    vi.advanceTimersByTime(1);
    expect(watch.signal.reason).toMatchObject({ message: "silent for 10 ms, true" });
  });

  it("stop() leaves neither a timer nor a listener behind", () => {
    vi.useFakeTimers();
    const { signal } = new AbortController();
    const watch = new Watchdog({ ...own, signal });
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    watch.stop();
    expect(getEventListeners(signal, "abort")).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("explain() tells of a server's silence by how far its answer was", async () => {
    expect(await silenceOf(server, false)).toMatchObject({
      code: "MODEL_UNREACHABLE",
      message: expect.stringContaining("sent no first token within 1 ms"),
    });
    expect(await silenceOf(server, true)).toMatchObject({
      code: "MODEL_STREAM_CUT",
      message: expect.stringContaining("sent nothing for 2 ms in the middle"),
    });
  });

  it("explain() tells of silence in the caller's own words where it brings them", async () => {
    expect(await silenceOf(own, false)).toMatchObject({ message: "silent for 1 ms, false" });
    expect(await silenceOf(own, true)).toMatchObject({ message: "silent for 2 ms, true" });
  });

  it("explain() tells of an abort whatever the connection made of it", () => {
    const signal = AbortSignal.abort(new Error("enough"));
    const watch = new Watchdog({ ...own, firstTimeoutMs: 60_000, signal });
    watch.stop();
    expect(watch.explain(new Error("the connection was closed"))).toMatchObject({
      code: "ABORTED",
      message: "Asking the model tiny: the call was stopped; resume the run to go on.",
    });
  });
});
