import { describe, expect, it } from "vitest";
import { configSchema } from "../config/schema.ts";
import { openModel } from "./open-model.ts";

describe("openModel", () => {
  const config = configSchema.parse({ ollamaHost: "127.0.0.1:1" });

  it("openModel() opens an Ollama model although nobody answers there", async () => {
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
