import { describe, expect, it } from "vitest";
import { createProcessRefusals } from "./process-refusals.ts";

class NotCapable extends Error {}

describe("createProcessRefusals", () => {
  it("isRefusal() knows what was thrown in place of a process, and nothing else", () => {
    const { denoMembers, globals, isRefusal } = createProcessRefusals(NotCapable);
    const makers = [denoMembers["Command"], denoMembers["dlopen"], globals["Worker"]];
    for (const Maker of makers as (new () => unknown)[]) {
      let thrown: unknown;
      try {
        new Maker();
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toBeInstanceOf(NotCapable);
      expect(isRefusal(thrown)).toBe(true);
    }
    expect(isRefusal(new NotCapable("Requires read access"))).toBe(false);
    expect(isRefusal(undefined)).toBe(false);
  });
});
