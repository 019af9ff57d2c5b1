import { describe, expect, it } from "vitest";
import { once } from "./once.ts";

describe("once", () => {
  it("once() makes a value one time when it is asked for by several", async () => {
    let made = 0;
    const get = once(async () => {
      made += 1;
      return made;
    });
    expect(await Promise.all([get(), get()])).toEqual([1, 1]);
    expect(await get()).toBe(1);
  });

  it("once() tries again when the value could not be made", async () => {
    let attempts = 0;
    const get = once(async () => {
      attempts += 1;
      if (attempts === 1) {
        throw new Error("not yet");
      }
      return attempts;
    });
    await expect(get()).rejects.toThrow("not yet");
    expect(await get()).toBe(2);
  });
});
