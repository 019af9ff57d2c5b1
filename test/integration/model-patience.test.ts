import { afterEach, describe, expect, it } from "vitest";
import { CallQueues } from "../../src/model/call-queue.ts";
import type { ChatProgress, ChatRequest } from "../../src/model/chat-model.ts";
import type { ModelServices } from "../../src/model/open-model.ts";
import { type Driver, drivers } from "../support/model-servers/drivers.ts";
import {
  type Behaviour,
  type ModelServer,
  startModelServer,
} from "../support/model-servers/model-server.ts";

let server: ModelServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const messages = [{ role: "user" as const, content: "Write." }];
const request: ChatRequest = { goal: "g", role: "coder", order: 0, messages };
const said: Behaviour = { does: "answer", answer: { text: "well" } };

async function start(driver: Driver, script: readonly Behaviour[], otherwise?: Behaviour) {
  server = await startModelServer(driver.wire, {
    script,
    ...(otherwise === undefined ? {} : { otherwise }),
  });
  return server;
}

/** Waits that are noted and not waited for; chance is always in the middle. */
function notedWaits(): ModelServices & { readonly waits: number[] } {
  const waits: number[] = [];
  const wait = async (ms: number) => {
    waits.push(ms);
  };
  return { waits, wait, random: () => 0.5 };
}

describe.each(drivers.map((driver) => [driver.wire.provider, driver] as const))(
  "a busy server of %s",
  (_provider, driver) => {
    const status = (code: number, headers: Record<string, string> = {}): Behaviour => ({
      does: "status",
      status: code,
      body: driver.wire.errorBody(code),
      headers,
    });
    const open = (url: string, services: ModelServices) =>
      driver.open(url, { maxModelRetries: 3, maxModelWaitMs: 60_000 }, services);

    it("chat() asks again after twice as long each time, half of it by chance", async () => {
      const { url, chats } = await start(driver, [status(429), status(503), status(529), said]);
      const services = notedWaits();
      const seen: ChatProgress[] = [];
      const model = await open(url, services);
      const answer = await model.chat(request, { onProgress: (one) => seen.push(one) });
      expect(answer.text).toBe("well");
      expect(chats).toHaveLength(4);
      expect(services.waits).toEqual([750, 1_500, 3_000]);
      expect(seen.slice(0, 3).map(({ retryInMs }) => retryInMs)).toEqual(services.waits);
    });

    it("chat() waits as long as the server says, in seconds or until a date", async () => {
      const date = new Date(Date.now() + 20_000).toUTCString();
      const { url } = await start(driver, [
        status(429, { "retry-after": "7" }),
        status(503, { "retry-after": date }),
        said,
      ]);
      const services = notedWaits();
      await (await open(url, services)).chat(request);
      expect(services.waits[0]).toBe(7_350);
      expect(services.waits[1]).toBeGreaterThan(10_000);
      expect(services.waits[1]).toBeLessThanOrEqual(21_000);
    });

    it("chat() gives up after so many times, and when the server wants more time than there is", async () => {
      const { url, chats } = await start(driver, [], status(429));
      const services = notedWaits();
      const busy = { code: "MODEL_BUSY", isRetryable: true };
      await expect((await open(url, services)).chat(request)).rejects.toMatchObject(busy);
      expect(chats).toHaveLength(4);
      await server?.close();
      const far = await start(driver, [], status(429, { "retry-after": "3600" }));
      await expect((await open(far.url, services)).chat(request)).rejects.toMatchObject({
        ...busy,
        message: expect.stringMatching(/the server wants 3600 s .*; resume the run after that/),
      });
      expect(far.chats).toHaveLength(1);
    });

    it("chat() ends at once when it is aborted while it waits", async () => {
      const { url, idle } = await start(driver, [], status(429, { "retry-after": "30" }));
      const controller = new AbortController();
      const { signal } = controller;
      // The wait itself is the real one.
      const model = await open(url, {});
      const onProgress = () => controller.abort();
      await expect(model.chat(request, { signal, onProgress })).rejects.toMatchObject({
        code: "ABORTED",
        blame: "caller",
      });
      await idle();
    });

    it("chat() lets no slow call hold up the others of its provider", async () => {
      const { url, chats, arrived } = await start(driver, [{ does: "silence" }], said);
      const limits = { ollama: 2, openai: 2, anthropic: 2, compatible: 2 };
      const services = { queues: new CallQueues() };
      const first = await driver.open(url, { maxParallelCalls: limits }, services);
      const second = await driver.open(url, { maxParallelCalls: limits }, services);
      const slow = new AbortController();
      const slowCall = first.chat(request, { signal: slow.signal });
      slowCall.catch(() => undefined);
      await arrived(1);
      const answers = await Promise.all([1, 2, 3].map(() => second.chat(request)));
      expect(answers.map(({ text }) => text)).toEqual(["well", "well", "well"]);
      expect(chats).toHaveLength(4);
      slow.abort();
      await expect(slowCall).rejects.toMatchObject({ code: "ABORTED" });
    });

    it("chat() leaves the queue when it is aborted there, and sends nothing", async () => {
      const { url, chats, arrived } = await start(driver, [{ does: "silence" }], said);
      const limits = { ollama: 1, openai: 1, anthropic: 1, compatible: 1 };
      const model = await driver.open(url, { maxParallelCalls: limits });
      const [slow, waiting] = [new AbortController(), new AbortController()];
      const slowCall = model.chat(request, { signal: slow.signal });
      slowCall.catch(() => undefined);
      await arrived(1);
      const waitingCall = model.chat(request, { signal: waiting.signal });
      const last = model.chat(request);
      waiting.abort();
      await expect(waitingCall).rejects.toMatchObject({ code: "ABORTED" });
      slow.abort();
      await expect(slowCall).rejects.toMatchObject({ code: "ABORTED" });
      expect((await last).text).toBe("well");
      expect(chats).toHaveLength(2);
    });
  },
);
