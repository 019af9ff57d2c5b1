import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { withModelTable } from "../../scripts/write-model-table.ts";
import { packageRoot } from "../../src/shared/package-root.ts";
import { aborts, faults } from "../support/model-servers/faults.ts";

describe("docs/models.md", () => {
  it("shows every fault that the conformance suite tries", async () => {
    const page = await readFile(join(packageRoot(), "docs", "models.md"), "utf8");
    // When this fails: node scripts/write-model-table.ts
    expect(page).toBe(withModelTable(page));
    expect(page.match(/^\| .*✓/gmu)).toHaveLength(faults.length + Object.keys(aborts).length);
  });
});
