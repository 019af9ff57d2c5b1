import { afterEach, describe, expect, it } from "vitest";
import type { ChatProgress, ChatRequest } from "../../src/model/chat-model.ts";
import { canaryKey, type Driver, drivers } from "../support/model-servers/drivers.ts";
import { refusal } from "../support/model-servers/faults.ts";
import {
  type Behaviour,
  type ModelServer,
  startModelServer,
} from "../support/model-servers/model-server.ts";
import { at, type WireAnswer } from "../support/model-servers/wire.ts";

let server: ModelServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const request: ChatRequest = {
  goal: "g",
  role: "coder",
  order: 0,
  messages: [
    { role: "system", content: "You write code." },
    { role: "user", content: "Write a function." },
    { role: "assistant", content: "def f(): pass" },
    { role: "user", content: "Once more." },
  ],
};
/** Every object closed, every property required. */
const strict = {
  type: "object",
  properties: { why: { type: "string" } },
  required: ["why"],
  additionalProperties: false,
};
/** As the contract's is: a free object in it. */
const loose = { type: "object", properties: { result: { type: "object" } }, required: ["result"] };

async function start(driver: Driver, ...script: readonly Behaviour[]): Promise<ModelServer> {
  server = await startModelServer(driver.wire, { script });
  return server;
}

function answering(answer: WireAnswer, chunkBytes?: number): Behaviour {
  return { does: "answer", answer, ...(chunkBytes === undefined ? {} : { chunkBytes }) };
}

const said = answering({ text: "well" });

describe.each(drivers.map((driver) => [driver.wire.provider, driver] as const))(
  "a model of %s",
  (provider, driver) => {
    const ask = async (answer: WireAnswer, chunkBytes?: number) => {
      const { url } = await start(driver, answering(answer, chunkBytes));
      return (await driver.open(url)).chat(request);
    };

    it("chat() puts an answer together whose chunks split events and characters", async () => {
      const text = "def grüße():\n    return '👋 — 你好'\n".repeat(5);
      const answer = await ask({ text, promptTokens: 31, outputTokens: 99 }, 1);
      expect(answer).toMatchObject({
        text,
        thinking: "",
        model: "m",
        promptTokens: 31,
        outputTokens: 99,
      });
      expect(answer.firstTokenMs).toBeLessThanOrEqual(answer.durationMs);
    });

    it("chat() sends the whole conversation, to one place, and streams", async () => {
      const { url, chats } = await start(driver, said);
      await (await driver.open(url)).chat(request);
      const [chat] = chats;
      expect(chat?.path).toBe(driver.wire.chatPath);
      expect(at(chat?.body, "stream")).toBe(true);
      const { prompt, model } = driver.wire.requestOf(chat?.body);
      expect(model).toBe("m");
      expect(prompt.split("\n").map((line) => line.trim())).toEqual(
        request.messages.map(({ content }) => content),
      );
    });

    it("chat() reads thinking apart, in its own field or in tags", async () => {
      expect(await ask({ text: "x = 1", thinking: "hmm 🤔" })).toMatchObject({
        text: "x = 1",
        thinking: "hmm 🤔",
      });
      await server?.close();
      expect(await ask({ text: "<think>\nhmm\n</think>\n\nx = 1" })).toMatchObject({
        text: "x = 1",
        thinking: "hmm",
      });
    });

    it("chat() returns what the server counted, from its cache and in thought too", async () => {
      const counts = {
        promptTokens: 300,
        cachedTokens: 256,
        outputTokens: 80,
        reasoningTokens: 50,
      };
      const answer = await ask({ text: "x", ...counts });
      const { reasoningTokens, ...others } = counts;
      // Ollama does not count thought apart.
      expect(answer).toMatchObject(provider === "ollama" ? others : { ...others, reasoningTokens });
    });

    it("chat() believes a server that counts nothing", async () => {
      const answer = await ask({ text: "abcdefgh", promptTokens: null });
      expect(answer).toMatchObject({ text: "abcdefgh", promptTokens: 0, outputTokens: 2 });
    });

    it("chat() counts the pieces of a flood as they were sent", async () => {
      const text = "word".repeat(2_000);
      const answer = await ask({ text, promptTokens: null }, 1_000_000);
      expect(answer).toMatchObject({ text, outputTokens: 2_000 });
    });

    it("chat() returns an empty answer as it is", async () => {
      expect((await ask({ text: "" })).text).toBe("");
    });

    it("chat() tells how far it is, thinking told from text, and times to reckon a rate from", async () => {
      const { url } = await start(driver, answering({ text: "abcdefgh", thinking: "hmmm" }));
      const seen: ChatProgress[] = [];
      await (await driver.open(url)).chat(request, { onProgress: (one) => seen.push(one) });
      // Pieces of text that came in one read are told of at once.
      expect(seen.map(({ isThinking }) => (isThinking ? "t" : "c")).join("")).toMatch(/^tcc?$/u);
      const counts = seen.map(({ outputTokens }) => outputTokens);
      expect([counts[0], counts.at(-1)]).toEqual([1, 3]);
      for (const { firstTokenMs = -1, elapsedMs = -1 } of seen) {
        expect(firstTokenMs).toBeGreaterThanOrEqual(0);
        expect(elapsedMs).toBeGreaterThanOrEqual(firstTokenMs);
      }
    });

    it("chat() takes an answer of 5 MB when allowed", async () => {
      const text = "# long\n".repeat(750_000);
      const { url } = await start(driver, answering({ text }));
      const model = await driver.open(url, { maxAnswerBytes: 6_000_000 });
      expect((await model.chat(request)).text.length).toBe(text.length);
    });

    it.each([
      ["strict", strict],
      ["loose", loose],
    ])("chat() holds the server to a schema that is %s", async (_, format) => {
      const { url, chats } = await start(driver, answering({ text: '{"why":"so"}' }), said);
      const model = await driver.open(url);
      expect(JSON.parse((await model.chat({ ...request, format })).text)).toEqual({ why: "so" });
      expect(driver.wire.schemaOf(chats[0]?.body)).toEqual(format);
      await model.chat(request);
      expect(driver.wire.schemaOf(chats[1]?.body)).toBeUndefined();
    });

    it("chat() works again after a fault", async () => {
      const { url } = await start(driver, { does: "cut-before" }, said);
      // Nothing is asked before: a kept connection that is cut is no fault, and asked once more.
      const model = await driver.open(url, { allowRemote: true });
      await expect(model.chat(request)).rejects.toMatchObject({ isRetryable: true });
      expect((await model.chat(request)).text).toBe("well");
    });

    it("chat() names the nearest models when the server lacks it", async () => {
      const body = driver.wire.errorBody(404);
      server = await startModelServer(driver.wire, {
        script: [{ does: "status", status: 404, body }],
        models: ["far-away", "my-coder:30b", "my-coder:7b"],
      });
      const model = await driver.open(server.url, { allowRemote: true }, {}, "my-codr:30b");
      await expect(model.chat(request)).rejects.toMatchObject({
        code: "MODEL_MISSING",
        message: expect.stringMatching(/nearest it has: my-coder:30b, my-coder:7b/u),
      });
    });
  },
);

const remote = drivers.filter(({ wire }) => wire.provider !== "ollama");

describe.each(remote.map((driver) => [driver.wire.provider, driver] as const))(
  "a remote model of %s",
  (provider, driver) => {
    it("chat() gives the key in one header, and in no text", async () => {
      // A server that sends back what it got.
      const { url, chats } = await start(
        driver,
        answering({ text: `a ${canaryKey}`, thinking: canaryKey }),
      );
      const answer = await (await driver.open(url)).chat(request);
      const { headers = {}, body } = chats[0] ?? {};
      const holders = Object.entries(headers).filter(([, value]) =>
        String(value).includes(canaryKey),
      );
      expect(holders).toEqual([
        provider === "anthropic"
          ? ["x-api-key", canaryKey]
          : ["authorization", `Bearer ${canaryKey}`],
      ]);
      expect(JSON.stringify(body)).not.toContain(canaryKey);
      expect(answer).toMatchObject({ text: "a [key]", thinking: "[key]" });
    });

    it("chat() keeps a key out of errors that quote it", async () => {
      const body = JSON.stringify({ error: { type: "e", message: `Incorrect key: ${canaryKey}` } });
      const { url } = await start(driver, { does: "status", status: 401, body });
      const error: unknown = await (await driver.open(url))
        .chat(request)
        .catch((one: unknown) => one);
      expect(error).toBeInstanceOf(Error);
      const text = error instanceof Error ? `${error.stack} ${JSON.stringify(error)}` : "";
      expect(text).toMatch(/Incorrect key: \[/u);
      expect(text).not.toContain(canaryKey);
    });

    it("chat() says that the server ended an answer by its rules", async () => {
      const { url } = await start(driver, refusal);
      await expect((await driver.open(url)).chat(request)).rejects.toMatchObject({
        code: "MODEL_REFUSED",
        blame: "model",
      });
    });

    it("chat() goes where it was told, whatever the variables of the packages say", async () => {
      const { url, chats } = await start(driver, said);
      const names = [
        "OPENAI_BASE_URL",
        "ANTHROPIC_BASE_URL",
        "OPENAI_ORG_ID",
        "AI_GATEWAY_API_KEY",
      ];
      for (const name of names) process.env[name] = "http://127.0.0.1:9/v1";
      try {
        await (await driver.open(url)).chat(request);
        expect(JSON.stringify(chats[0]?.headers)).not.toContain("127.0.0.1:9/");
      } finally {
        for (const name of names) delete process.env[name];
      }
    });

    it("openModel() asks for consent, then for a key, before anything is sent", async () => {
      const open = (allowRemote: boolean, env: NodeJS.ProcessEnv) =>
        driver.open("https://models.invalid", { allowRemote }, { env });
      await expect(open(false, {})).rejects.toMatchObject({
        code: "REMOTE_NOT_ALLOWED",
        message: expect.stringMatching(/models\.invalid.*--allow-remote/u),
      });
      if (provider === "compatible") return;
      await expect(open(true, {})).rejects.toMatchObject({
        code: "MODEL_REFUSED",
        message: expect.stringMatching(/_API_KEY/u),
      });
    });
  },
);

describe("what only one provider has", () => {
  const named = (name: string) => drivers.filter(({ wire }) => wire.provider === name);

  it.each(named("openai"))(
    "OpenAI is told to keep nothing, and strictly held where it can be",
    async (driver) => {
      const { url, chats } = await start(driver, said, said);
      const model = await driver.open(url);
      await model.chat({ ...request, format: strict });
      await model.chat({ ...request, format: loose });
      expect(at(chats[0]?.body, "store")).toBe(false);
      expect(chats.map(({ body }) => at(body, "text", "format", "strict"))).toEqual([true, false]);
    },
  );

  it.each(named("anthropic"))("Anthropic is given a limit and its version", async (driver) => {
    const { url, chats } = await start(driver, said);
    await (await driver.open(url)).chat(request);
    expect(at(chats[0]?.body, "max_tokens")).toBe(16_384);
    expect(chats[0]?.headers["anthropic-version"]).toBe("2023-06-01");
  });

  it.each(named("anthropic"))(
    "Anthropic holds a model that can to a closed schema by format, to an open one by a tool",
    async (driver) => {
      const json = answering({ text: '{"why":"so"}' });
      const { url, chats } = await start(driver, json, json);
      const model = await driver.open(url, {}, {}, "claude-sonnet-4-5");
      for (const format of [strict, loose]) {
        expect((await model.chat({ ...request, format })).text).toBe('{"why":"so"}');
      }
      const [closed, open] = chats.map(({ body }) => body);
      expect(at(closed, "output_config", "format", "type")).toBe("json_schema");
      expect(at(closed, "tools")).toBeUndefined();
      expect(at(open, "tool_choice", "type")).toBe("any");
      expect(at(open, "tools", 0, "name")).toBe("json");
    },
  );

  it.each(named("compatible"))(
    "another server is given the seed, and no key where there is none",
    async (driver) => {
      const { url, chats } = await start(driver, said);
      await (await driver.open(url, {}, { env: {} })).chat({ ...request, seed: 7 });
      expect(chats[0]?.body).toMatchObject({ seed: 7, stream_options: { include_usage: true } });
      expect(chats[0]?.headers).not.toHaveProperty("authorization");
    },
  );

  it.each(named("compatible"))(
    "a server that refuses a schema is asked without, once and for all",
    async (driver) => {
      const message = "response_format of type json_schema is not supported";
      const refusing: Behaviour = {
        does: "status",
        status: 400,
        body: JSON.stringify({ error: { message } }),
      };
      const { url, chats } = await start(driver, refusing, said, said);
      const model = await driver.open(url);
      expect((await model.chat({ ...request, format: loose })).text).toBe("well");
      expect((await model.chat({ ...request, format: loose })).text).toBe("well");
      expect(chats.map(({ body }) => driver.wire.schemaOf(body) !== undefined)).toEqual([
        true,
        false,
        false,
      ]);
    },
  );

  it.each(named("compatible"))("a key crosses no network unencrypted", async (driver) => {
    await expect(driver.open("http://models.invalid", { allowRemote: true })).rejects.toMatchObject(
      {
        code: "CONFIG_INVALID",
        message: expect.stringContaining("https is wanted"),
      },
    );
  });
});
