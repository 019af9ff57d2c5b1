import { describe, expect, it } from "vitest";
import { ModelTurns } from "./model-turns.ts";

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
