import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { findDenoBinary } from "./deno-binary.ts";

describe("findDenoBinary", () => {
  it("findDenoBinary() returns the executable itself when the machine has one", () => {
    const { path, version } = findDenoBinary();
    expect(existsSync(path)).toBe(true);
    expect(path).toContain("@deno");
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it("findDenoBinary() throws SANDBOX_UNAVAILABLE when no package serves the machine", () => {
    expect(() => findDenoBinary("sunos", "x64")).toThrow(
      expect.objectContaining({ code: "SANDBOX_UNAVAILABLE" }),
    );
  });
});
