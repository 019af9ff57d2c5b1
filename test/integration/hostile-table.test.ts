import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hostileSuite, namesInTable, withHostileTable } from "../../scripts/write-hostile-table.ts";
import { packageRoot } from "../../src/shared/package-root.ts";

const page = await readFile(join(packageRoot(), "docs", "sandbox.md"), "utf8");

describe("namesInTable", () => {
  it.each(["python", "typescript"] as const)(
    "namesInTable() finds in docs/sandbox.md just the hostile programs when the language is %s",
    (language) => {
      const names = hostileSuite[language].map(({ name }) => name);
      expect(namesInTable(page, language)).toEqual(names);
    },
  );
});

describe("withHostileTable", () => {
  it("withHostileTable() keeps what stands around the table when it is written again", () => {
    const once = withHostileTable("# Title\n\nbefore\n", "old");
    const twice = withHostileTable(`${once}\nafter\n`, "new");
    expect(twice).toContain("before");
    expect(twice).toContain("after");
    expect(twice).toContain("new");
    expect(twice).not.toContain("old");
  });
});
