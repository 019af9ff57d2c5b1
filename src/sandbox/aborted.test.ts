import { describe, expect, it } from "vitest";
import { unlessAborted } from "./aborted.ts";

const never = new Promise<never>(() => {});

describe("unlessAborted", () => {
  it("unlessAborted() answers what the promise does when nobody aborts", async () => {
    const { signal } = new AbortController();
    expect(await unlessAborted(Promise.resolve(1), signal)).toBe(1);
    expect(await unlessAborted(Promise.resolve(2), undefined)).toBe(2);
    await expect(unlessAborted(Promise.reject(new RangeError("x")), signal)).rejects.toThrow("x");
  });

  it("unlessAborted() throws at once when it is aborted, before or while it waits", async () => {
    const controller = new AbortController();
    const waiting = unlessAborted(never, controller.signal);
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: "ABORTED" });
    await expect(unlessAborted(never, controller.signal)).rejects.toMatchObject({
      code: "ABORTED",
    });
  });
});
