import { once } from "node:events";
import { describe, expect, it } from "vitest";
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

describe("Watchdog", () => {
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
