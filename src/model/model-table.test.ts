import { describe, expect, it } from "vitest";
import { contextTokensFor, findKnownModel, unknownModelContextTokens } from "./model-table.ts";

describe("contextTokensFor", () => {
  it.each([
    ["qwen3-coder", 32_768],
    ["qwen3-coder:30b", 32_768],
    ["glm-4.7-flash", 8_192],
    ["GLM-4.7-Flash:q4_K_M", 8_192],
    ["someone/codellama:13b", 16_384],
    ["brand-new:7b", unknownModelContextTokens],
    ["qwen3-coder-next", unknownModelContextTokens],
  ])("contextTokensFor(%j) is %d", (name, tokens) => {
    expect(contextTokensFor(name, {})).toBe(tokens);
  });

  it("contextTokensFor() is lowered by configuration, never raised for a known model", () => {
    expect(contextTokensFor("qwen3-coder", { contextTokens: 8_192 })).toBe(8_192);
    expect(contextTokensFor("glm-4.7-flash", { contextTokens: 65_536 })).toBe(8_192);
    expect(contextTokensFor("brand-new", { contextTokens: 65_536 })).toBe(65_536);
  });

  it("contextTokensFor() takes what the server says: never more than was trained, the loaded window of an unknown", () => {
    const trained = { trainedContextTokens: 4_096 };
    expect(contextTokensFor("qwen3-coder", {}, trained)).toBe(4_096);
    expect(contextTokensFor("brand-new", { contextTokens: 65_536 }, trained)).toBe(4_096);
    const loaded = { trainedContextTokens: 131_072, loadedContextTokens: 16_384 };
    expect(contextTokensFor("brand-new", {}, loaded)).toBe(16_384);
    expect(contextTokensFor("qwen3-coder", {}, loaded)).toBe(32_768);
    expect(contextTokensFor("brand-new", {}, { trainedContextTokens: 131_072 })).toBe(8_192);
    expect(contextTokensFor("brand-new", {}, { trainedContextTokens: 512 })).toBe(2_048);
  });

  it("contextTokensFor() takes the configuration's row before the table's", () => {
    const models = { "qwen3-coder": { contextTokens: 65_536 }, mine: { contextTokens: 12_288 } };
    expect(contextTokensFor("qwen3-coder", { models })).toBe(65_536);
    expect(contextTokensFor("qwen3-coder", { models, contextTokens: 8_192 })).toBe(8_192);
    expect(contextTokensFor("mine:13b", { models })).toBe(12_288);
  });

  it("findKnownModel() knows the size of a pull for the guide's two models", () => {
    expect(findKnownModel("qwen3-coder")?.pullSizeBytes).toBeGreaterThan(1_000_000_000);
    expect(findKnownModel("glm-4.7-flash")?.pullSizeBytes).toBeGreaterThan(1_000_000_000);
    expect(findKnownModel("brand-new")).toBeUndefined();
  });
});
