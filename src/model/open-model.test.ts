import { describe, expect, it } from "vitest";
import { configSchema } from "../config/schema.ts";
import { openModel, parseModelName } from "./open-model.ts";

describe("parseModelName", () => {
  it.each([
    ["qwen3-coder", { kind: "ollama", model: "qwen3-coder" }],
    ["qwen3-coder:30b", { kind: "ollama", model: "qwen3-coder:30b" }],
    ["ollama:gpt-oss:20b", { kind: "ollama", model: "gpt-oss:20b" }],
    ["replay:runs/a b.jsonl", { kind: "replay", path: "runs/a b.jsonl" }],
    ["replay:C:\\runs\\x.jsonl", { kind: "replay", path: "C:\\runs\\x.jsonl" }],
    [" recordings ", { kind: "recordings" }],
  ])("parseModelName(%j)", (name, source) => {
    expect(parseModelName(name)).toEqual(source);
  });

  it.each(["", "  ", "replay:", "ollama: ", "two words", "a\u0000b"])(
    "parseModelName(%j) is refused",
    (name) => {
      expect(() => parseModelName(name)).toThrow(/correct --model/u);
    },
  );
});

describe("openModel", () => {
  const config = configSchema.parse({ ollamaHost: "127.0.0.1:1" });

  it("openModel() opens an Ollama model without asking the server", async () => {
    const model = await openModel("glm-4.7-flash", config);
    expect(model).toMatchObject({ name: "glm-4.7-flash", contextTokens: 8_192 });
    expect(model.recordingLabel).toBeUndefined();
  });

  it("openModel() says which recording is missing", async () => {
    await expect(openModel("replay:no/such.jsonl", config)).rejects.toMatchObject({
      code: "RECORDING_NOT_FOUND",
      message: expect.stringContaining("no/such.jsonl"),
    });
  });

  it("openModel() names a wrong address of the server", async () => {
    await expect(openModel("m", { ...config, ollamaHost: "ftp://x" })).rejects.toMatchObject({
      code: "CONFIG_INVALID",
    });
  });
});
