import { describe, expect, it } from "vitest";
import { findKnownModel } from "./model-table.ts";
import { freeOfCharge, moneyFor, priceOf } from "./price.ts";

describe("priceOf", () => {
  it.each([
    ["openai:gpt-5-mini", { inputPerMillion: 0.25, outputPerMillion: 2 }],
    ["openai:gpt-4o-2024-08-06", { inputPerMillion: 2.5, outputPerMillion: 10 }],
    ["anthropic:claude-sonnet-4-5-20250929", { inputPerMillion: 3, outputPerMillion: 15 }],
    ["anthropic:claude-sonnet-99", undefined],
    ["compatible:anything", undefined],
    ["OpenAI:gpt-unheard-of", undefined],
    ["compatible:m@http://127.0.0.1:8000/v1", freeOfCharge],
    ["qwen3-coder", freeOfCharge],
    ["qwen3-coder:480b-cloud", undefined],
  ])("priceOf(%j) is that of the table", (name, price) => {
    expect(priceOf({ name }, {})).toEqual(price);
  });

  it("priceOf() takes the configuration before the model, and the model before the table", () => {
    const models = { "openai:gpt-5-mini": { inputPricePerMillion: 7 } };
    const own = { inputPerMillion: 7, outputPerMillion: 2 };
    expect(priceOf({ name: "openai:gpt-5-mini", price: freeOfCharge }, models)).toEqual(own);
    expect(priceOf({ name: "openai:gpt-5-mini", price: freeOfCharge }, {})).toBe(freeOfCharge);
    expect(priceOf({ name: "qwen3-coder", price: null }, models)).toBeUndefined();
    const mine = { "qwen3-coder": { inputPricePerMillion: 0, outputPricePerMillion: 1 } };
    expect(priceOf({ name: "qwen3-coder:30b", price: null }, mine)?.outputPerMillion).toBe(1);
  });

  it.each(["qwen3-coder", "compatible:anything"])(
    "priceOf() is not known where only a half of it is said and the table has no other: %s",
    (name) => {
      expect(priceOf({ name, price: freeOfCharge }, { [name]: { inputPricePerMillion: 7 } })).toBe(
        undefined,
      );
      expect(priceOf({ name }, { [name]: { outputPricePerMillion: 0 } })).toBeUndefined();
    },
  );
});

describe("moneyFor", () => {
  it("moneyFor() is in dollars, and null where the price is not known", () => {
    const tokens = { promptTokens: 1_000_000, outputTokens: 500_000 };
    expect(moneyFor({ inputPerMillion: 3, outputPerMillion: 15 }, tokens)).toBe(10.5);
    expect(moneyFor(freeOfCharge, tokens)).toBe(0);
    expect(moneyFor(undefined, tokens)).toBeNull();
  });
});

describe("findKnownModel", () => {
  it("findKnownModel() puts what the configuration says before the table, field by field", () => {
    const models = {
      "qwen3-coder": { contextTokens: 65_536, outputTokens: 2_000 },
      "mine:7b": { thinks: true, inputPricePerMillion: 0, outputPricePerMillion: 1 },
    };
    expect(findKnownModel("qwen3-coder:30b", models)).toMatchObject({
      contextTokens: 65_536,
      outputTokens: 2_000,
      pullSizeBytes: 19_000_000_000,
    });
    expect(findKnownModel("ollama:mine:7b", models)).toMatchObject({
      contextTokens: 8_192,
      thinks: true,
      price: { inputPerMillion: 0, outputPerMillion: 1 },
    });
    expect(findKnownModel("mine:13b", models)).toBeUndefined();
  });
});
