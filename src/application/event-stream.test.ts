import { describe, expect, it } from "vitest";
import type { AgentEvent } from "../shared/events.ts";
import type { RunResult } from "./application.ts";
import { startDirectiveRun } from "./event-stream.ts";

const result: RunResult = {
  runId: "r",
  goal: "g",
  status: "completed",
  skill: "s",
  offered: false,
  attempts: 1,
  modelCalls: 4,
};
const warning = (message: string): AgentEvent => ({ type: "warning-raised", message });

describe("startDirectiveRun()", () => {
  it("startDirectiveRun() gives every event from the first when iterated late and twice", async () => {
    const run = startDirectiveRun(async (emit) => {
      emit(warning("one"));
      await Promise.resolve();
      emit(warning("two"));
      return result;
    });
    expect(await run.result).toBe(result);
    for (let round = 0; round < 2; round += 1) {
      const messages: string[] = [];
      for await (const event of run) {
        messages.push(event.type === "warning-raised" ? event.message : event.type);
      }
      expect(messages).toEqual(["one", "two"]);
    }
  });

  it("startDirectiveRun() throws what stopped the run when only iterated", async () => {
    const run = startDirectiveRun(async (emit) => {
      emit(warning("one"));
      throw new Error("stopped");
    });
    const seen: string[] = [];
    const iterate = async () => {
      for await (const event of run) {
        seen.push(event.type);
      }
    };
    await expect(iterate()).rejects.toThrow("stopped");
    expect(seen).toEqual(["warning-raised"]);
  });
});
