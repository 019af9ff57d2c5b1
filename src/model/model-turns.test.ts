import { describe, expect, it } from "vitest";
import type { ChatModel } from "./chat-model.ts";
import { ModelTurns, takingTurns } from "./model-turns.ts";

/** Starts calls and notes in which order they are made. */
function harness() {
  const turns = new ModelTurns();
  const made: string[] = [];
  const ends = new Map<string, () => void>();
  const call = (name: string, signal?: AbortSignal) =>
    turns.take(name[0] ?? "", signal).then((leave) => {
      made.push(name);
      ends.set(name, leave);
    });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const end = async (...names: readonly string[]) => {
    for (const name of names) ends.get(name)?.();
    await settle();
  };
  return { call, made, end, settle };
}

describe("ModelTurns", () => {
  it("take() makes calls of the working model at once, and those of others together behind them", async () => {
    const { call, made, end, settle } = harness();
    for (const name of ["a1", "b1", "a2", "c1", "b2"]) void call(name);
    await settle();
    expect(made).toEqual(["a1", "a2"]);
    await end("a1");
    expect(made).toEqual(["a1", "a2"]);
    await end("a2");
    expect(made).toEqual(["a1", "a2", "b1", "b2"]);
    await end("b1", "b2");
    expect(made).toEqual(["a1", "a2", "b1", "b2", "c1"]);
    await end("c1", "c1");
    await call("d1");
    expect(made.at(-1)).toBe("d1");
  });

  it("take() lets no model keep the others waiting for ever", async () => {
    const { call, made, end, settle } = harness();
    await call("a1");
    void call("b1");
    for (let index = 2; index <= 12; index += 1) void call(`a${index}`);
    await settle();
    expect(made).toHaveLength(8);
    await end(...made);
    expect(made.at(-1)).toBe("b1");
    await end("b1");
    expect(made).toHaveLength(13);
  });

  it("take() ends the waiting of a call that is aborted, and only that", async () => {
    const { call, made, end } = harness();
    await call("a1");
    const stop = new AbortController();
    const aborted = call("b1", stop.signal);
    void call("b2");
    stop.abort(new Error("stopped"));
    await expect(aborted).rejects.toThrow("stopped");
    await end("a1");
    expect(made).toEqual(["a1", "b2"]);
  });
});

describe("takingTurns", () => {
  it("takingTurns() never has two models asked at once, and loads each once for calls that wait together", async () => {
    const turns = new ModelTurns();
    const loaded: string[] = [];
    const active = new Set<string>();
    const model = (name: string): ChatModel => ({
      name,
      contextTokens: 4_096,
      chat: async () => {
        if (loaded.at(-1) !== name) loaded.push(name);
        active.add(name);
        expect(active.size).toBe(1);
        await new Promise((resolve) => setImmediate(resolve));
        active.clear();
        if (name === "bad") throw new Error("it fails");
        const usage = { promptTokens: 1, outputTokens: 1, durationMs: 1, firstTokenMs: 1 };
        return { text: "x", thinking: "", model: name, ...usage };
      },
    });
    const [a, b, bad] = [model("a"), model("b"), model("bad")];
    const request = { goal: "g", role: "coder", order: 0, messages: [] } as const;
    const calls = [a, b, a, bad, b, a].map((one) => takingTurns(one, turns).chat(request));
    const settled = await Promise.allSettled(calls);
    expect(settled.map(({ status }) => status === "fulfilled")).toEqual([
      true,
      true,
      true,
      false,
      true,
      true,
    ]);
    expect(loaded).toEqual(["a", "b", "bad"]);
  });
});
