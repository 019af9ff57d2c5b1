import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { ChatAnswer } from "../shared/chat.ts";
import { CallQueue } from "./call-queue.ts";
import type { ChatModel, ChatRequest } from "./chat-model.ts";
import { BusyError } from "./model-errors.ts";
import { type Patience, PatientModel, realWait } from "./patient-model.ts";

const request: ChatRequest = { goal: "g", role: "coder", order: 0, messages: [] };
const usage = { promptTokens: 1, outputTokens: 1, durationMs: 1, firstTokenMs: 1 };
const asked = { action: "Asking", url: "http://127.0.0.1:1" };
const busy = new BusyError(asked, "busy", undefined);

/** Each call waits until it is told how it ends, and is noted when it begins. */
function toldModel(changes: Partial<Patience> = {}) {
  const begun: { answer: (text: string) => void; fail: (error: Error) => void }[] = [];
  const model: ChatModel = {
    name: "m",
    contextTokens: 4_096,
    chat: () =>
      new Promise<ChatAnswer>((resolve, reject) => {
        const answer = (text: string) => resolve({ text, thinking: "", model: "m", ...usage });
        begun.push({ answer, fail: reject });
      }),
  };
  const wait = () => Promise.reject(new Error("nobody waits here"));
  const patience = { queue: new CallQueue(1), maxRetries: 9, maxWaitMs: 60_000, random: () => 0 };
  return { begun, model: new PatientModel(model, { ...patience, wait, ...changes }) };
}

describe("PatientModel", () => {
  it("chat() begins no call while as many as allowed go on", async () => {
    const { begun, model } = toldModel();
    const calls = [model.chat(request), model.chat(request)];
    await turn();
    expect(begun).toHaveLength(1);
    begun[0]?.answer("first");
    await turn();
    begun[1]?.answer("second");
    expect((await Promise.all(calls)).map(({ text }) => text)).toEqual(["first", "second"]);
  });

  it("chat() leaves its place to another call while it waits for a busy server", async () => {
    let goOn = () => {};
    const waited = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const { begun, model } = toldModel({ wait: () => waited });
    const [retried, other] = [model.chat(request), model.chat(request)];
    await turn();
    begun[0]?.fail(busy);
    await turn();
    begun[1]?.answer("other");
    expect((await other).text).toBe("other");
    goOn();
    await turn();
    begun[2]?.answer("retried");
    expect((await retried).text).toBe("retried");
  });

  it("chat() waits no longer in all than allowed", async () => {
    const waits: number[] = [];
    const wait = async (ms: number) => {
      waits.push(ms);
    };
    const { begun, model } = toldModel({ wait, maxWaitMs: 4_000 });
    const call = model.chat(request);
    for (let time = 0; time < 4; time += 1) {
      await turn();
      begun[time]?.fail(busy);
    }
    await expect(call).rejects.toBe(busy);
    expect(waits).toEqual([500, 1_000, 2_000]);
  });

  it("chat() that is aborted while it waits for a busy server waits no longer", async () => {
    const { begun, model } = toldModel({ wait: realWait, maxWaitMs: 1e9 });
    const controller = new AbortController();
    const { signal } = controller;
    const call = model.chat(request, { signal, onProgress: () => controller.abort() });
    await turn();
    begun[0]?.fail(new BusyError(asked, "busy", 3_600_000));
    await expect(call).rejects.toMatchObject({ code: "ABORTED", blame: "caller" });
  });

  it("chat() that is aborted in the queue leaves its place to nobody but the next", async () => {
    const { begun, model } = toldModel();
    const controller = new AbortController();
    const first = model.chat(request);
    const aborted = model.chat(request, { signal: controller.signal });
    const last = model.chat(request);
    controller.abort();
    await expect(aborted).rejects.toMatchObject({ code: "ABORTED", blame: "caller" });
    begun[0]?.answer("first");
    await first;
    await turn();
    expect(begun).toHaveLength(2);
    begun[1]?.answer("last");
    expect((await last).text).toBe("last");
  });
});
