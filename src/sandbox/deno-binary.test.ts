import { existsSync } from "node:fs";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

  it("findDenoBinary() throws SANDBOX_UNAVAILABLE when what is there is no executable file", async () => {
    const directory = await mkdtemp(join(tmpdir(), "autodidact-"));
    const file = join(directory, "deno");
    try {
      const find = (path: string) => () => findDenoBinary(process.platform, process.arch, path);
      const unavailable = expect.objectContaining({ code: "SANDBOX_UNAVAILABLE" });
      expect(find(file)).toThrow(unavailable);
      expect(find(directory)).toThrow(unavailable);
      await writeFile(file, "text", { mode: 0o644 });
      // Windows knows no such mode.
      if (process.platform !== "win32") expect(find(file)).toThrow(unavailable);
      await chmod(file, 0o755);
      expect(find(file)().path).toBe(file);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });
});
