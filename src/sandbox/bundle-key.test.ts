import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { bundleKey } from "./bundle-key.ts";

describe("bundleKey", () => {
  it("bundleKey() differs when a byte of a module does, and else is the same", () => {
    const modules = [{ path: "/a.ts", source: "export const a = 1;\n" }];
    const changed = [{ path: "/a.ts", source: "export const a = 2;\n" }];
    expect(bundleKey([...modules])).toBe(bundleKey(modules));
    expect(bundleKey(changed)).not.toBe(bundleKey(modules));
  });

  it("bundleKey() is the same when a process without the test runner asks", () => {
    const own = new URL("./bundle-key.ts", import.meta.url).href;
    const program = `import { bundleKey } from ${JSON.stringify(own)}; console.log(bundleKey([]));`;
    const args = ["--no-warnings", "--input-type=module", "-e", program];
    expect(execFileSync(process.execPath, args, { encoding: "utf8" }).trim()).toBe(bundleKey([]));
  });
});
