import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findPackageRoot, packageRoot } from "./package-root.ts";

describe("packageRoot", () => {
  it("packageRoot() finds the folder of this package's package.json", () => {
    expect(existsSync(join(packageRoot(), "src/shared/package-root.ts"))).toBe(true);
  });

  it("findPackageRoot() passes other and broken package.json files when it walks up", () => {
    const root = mkdtempSync(join(tmpdir(), "package-root-"));
    try {
      const deep = join(root, "dist/shared");
      mkdirSync(deep, { recursive: true });
      writeFileSync(join(root, "package.json"), '{"name":"autodidact"}');
      writeFileSync(join(root, "dist/package.json"), '{"type":"module"}');
      writeFileSync(join(deep, "package.json"), "{ broken");
      expect(findPackageRoot(deep)).toBe(root);
    } finally {
      rmSync(root, { recursive: true });
    }
  });

  it("findPackageRoot() says what to do when there is none", () => {
    expect(() => findPackageRoot(tmpdir())).toThrow(/reinstall/u);
  });
});
