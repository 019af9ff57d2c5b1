import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import { emptyProcess } from "./empty-process.ts";

class FakeProcess extends EventEmitter {
  _exiting = false;
  platform = "its host's";
  getBuiltinModule = () => ({});
  nextTick = () => "kept";
}

describe("emptyProcess", () => {
  it("emptyProcess() leaves what a skill has, and what Deno's own code needs", () => {
    const real = new FakeProcess();
    Object.defineProperty(real, "execPath", { value: "fixed", configurable: false });
    const { nextTick } = real;
    emptyProcess(real, { platform: "linux", nextTick: () => "another" });
    expect(real.platform).toBe("linux");
    expect(real.nextTick).toBe(nextTick);
    expect(real.getBuiltinModule).toBeUndefined();
    expect(Object.getPrototypeOf(real)).toBeNull();
  });

  it("emptyProcess() leaves events that hand it to nobody, whatever replaces the emitter's methods", () => {
    const real = new FakeProcess();
    const heard: unknown[] = [];
    real.on("exit", () => heard.push("exit"));
    emptyProcess(real, { emit: () => heard.push("emit") });
    expect([real.emit("exit"), real.listenerCount("exit")]).toEqual([false, 0]);
    real.on("exit", () => heard.push("late"));
    expect(() => {
      real.emit = () => true;
    }).toThrow(TypeError);
    expect(heard).toEqual([]);
  });
});
