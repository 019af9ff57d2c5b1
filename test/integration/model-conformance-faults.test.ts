import { afterEach, describe, expect, it } from "vitest";
import type { ChatRequest } from "../../src/model/chat-model.ts";
import { AgentError } from "../../src/shared/errors.ts";
import { canaryKey, type Driver, drivers } from "../support/model-servers/drivers.ts";
import { aborts, type Fault, faults } from "../support/model-servers/faults.ts";
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

/** Long enough that 40 tokens cannot be all of it. */
const request: ChatRequest = {
  goal: "g",
  role: "coder",
  order: 0,
  messages: [
    { role: "system", content: "You write code." },
    { role: "user", content: "word ".repeat(60) },
  ],
};

async function failure(work: Promise<unknown>): Promise<AgentError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof AgentError) return error;
  throw new Error("An AgentError was wanted", { cause: error });
}

async function start(driver: Driver, script: readonly Behaviour[], tls = false) {
  server = await startModelServer(driver.wire, { script, tls });
  return server;
}

/** The URL at which a fault is met. */
async function meet(driver: Driver, { behaviour }: Fault): Promise<string | undefined> {
  switch (behaviour) {
    case "nothing-listens": {
      const { url, close } = await start(driver, []);
      await close();
      server = undefined;
      return url;
    }
    case "no-such-host":
      return "https://no-such-host.invalid";
    case "untrusted-tls":
      return (await start(driver, [], true)).url;
    case "no-tls":
      return (await start(driver, [])).url.replace("http:", "https:");
    default: {
      const does = behaviour(driver.wire);
      return does === undefined ? undefined : (await start(driver, [does])).url;
    }
  }
}

describe.each(drivers.map((driver) => [driver.wire.provider, driver] as const))(
  "a model of %s",
  (_provider, driver) => {
    it.each(faults.map((fault) => [fault.name, fault] as const))(
      "chat() names: %s",
      async (_, fault) => {
        const url = await meet(driver, fault);
        if (url === undefined) return;
        const model = await driver.open(url, { allowRemote: true, ...fault.config });
        const error = await failure(model.chat(request));
        expect(error).toMatchObject({ code: fault.code, isRetryable: fault.isRetryable });
        expect(error.message).toMatch(fault.says);
        expect(`${error.message}${error.stack}`).not.toContain(canaryKey);
        await server?.idle();
      },
    );

    it(`chat() leaves no socket after ${aborts.before}`, async () => {
      const { url, arrived, idle } = await start(driver, [{ does: "silence" }]);
      const model = await driver.open(url, { allowRemote: true });
      const controller = new AbortController();
      const failed = failure(model.chat(request, { signal: controller.signal }));
      await arrived(1);
      controller.abort();
      expect(await failed).toMatchObject({ code: "ABORTED", blame: "caller" });
      await idle();
    });

    it(`chat() leaves no socket after ${aborts.during}`, async () => {
      const { url, idle } = await start(driver, [{ does: "break", pieces: 2, ending: "stay" }]);
      const model = await driver.open(url, { allowRemote: true });
      const controller = new AbortController();
      const { signal } = controller;
      const onProgress = () => controller.abort();
      expect(await failure(model.chat(request, { signal, onProgress }))).toMatchObject({
        code: "ABORTED",
      });
      await idle();
    });

    it(`chat() sends nothing after ${aborts.already}`, async () => {
      const { url, chats } = await start(driver, []);
      const model = await driver.open(url, { allowRemote: true });
      const failed = await failure(model.chat(request, { signal: AbortSignal.abort() }));
      expect(failed.code).toBe("ABORTED");
      expect(chats).toHaveLength(0);
    });

    it("chat() refuses a prompt that cannot fit before it is sent", async () => {
      const { url, chats } = await start(driver, []);
      const model = await driver.open(url, { allowRemote: true, contextTokens: 2_048 });
      const messages = [{ role: "user" as const, content: "alpha ".repeat(2_000) }];
      const failed = await failure(model.chat({ ...request, messages }));
      expect(failed).toMatchObject({ code: "MODEL_CONTEXT_OVERFLOW", blame: "environment" });
      expect(chats).toHaveLength(0);
    });

    it("chat() hands on what a listener throws", async () => {
      const { url, idle } = await start(driver, [{ does: "answer", answer: { text: "abc" } }]);
      const model = await driver.open(url, { allowRemote: true });
      const onProgress = () => {
        throw new TypeError("mine");
      };
      await expect(model.chat(request, { onProgress })).rejects.toThrow("mine");
      await idle();
    });
  },
);
