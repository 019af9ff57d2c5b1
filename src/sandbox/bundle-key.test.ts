import { describe, expect, it } from "vitest";
import { bundleKey } from "./bundle-key.ts";

describe("bundleKey", () => {
  it("bundleKey() differs when a byte of a module does, and else is the same", () => {
    const modules = [{ path: "/a.ts", source: "export const a = 1;\n" }];
    const changed = [{ path: "/a.ts", source: "export const a = 2;\n" }];
    expect(bundleKey([...modules])).toBe(bundleKey(modules));
    expect(bundleKey(changed)).not.toBe(bundleKey(modules));
  });
});
