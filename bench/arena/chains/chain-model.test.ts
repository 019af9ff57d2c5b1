import { describe, expect, test } from "vitest";
import type { ChatRequest } from "../../../src/model/chat-model.ts";
import { ChainModel } from "./chain-model.ts";

function request(role: ChatRequest["role"]): ChatRequest {
  return { goal: "any", role, order: 0, messages: [] };
}

describe("ChainModel", () => {
  test("ChainModel answers with the chain's attempts in order, and with an error beyond the last", async () => {
    const model = new ChainModel({
      contract: {},
      cases: [],
      programs: ["one = 1", "two = 2"],
      doubt: () => undefined,
    });
    expect((await model.chat(request("coder"))).text).toContain("one = 1");
    expect((await model.chat(request("coder"))).text).toContain("two = 2");
    await expect(model.chat(request("coder"))).rejects.toMatchObject({
      code: "RECORDING_EXHAUSTED",
    });
  });

  test("ChainModel has its tester answer what peers say when its analyst doubts a program", async () => {
    const model = new ChainModel({
      contract: {},
      cases: [{ args: [1], returns: 2 }],
      programs: ["one = 1", "two = 2"],
      doubt: (program) => (program === 0 ? { args: [7], returns: 8 } : undefined),
    });
    expect(JSON.parse((await model.chat(request("tester"))).text).cases).toHaveLength(1);
    await model.chat(request("coder"));
    const doubt = JSON.parse((await model.chat(request("analyst"))).text);
    expect(doubt).toMatchObject({ verdict: "object", input: [7] });
    const answer = JSON.parse((await model.chat(request("tester"))).text);
    expect(answer.cases).toEqual([{ args: [7], returns: 8 }]);
    await model.chat(request("coder"));
    expect(JSON.parse((await model.chat(request("analyst"))).text).verdict).toBe("agree");
  });
});
