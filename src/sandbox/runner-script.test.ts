import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { ownScript, runnerScript } from "./runner-script.ts";

describe("runnerScript", () => {
  it.each(["python", "typescript"] as const)(
    "runnerScript() returns one file that needs no other when the runner is for %s",
    async (language) => {
      const { path, readPaths, digest } = await runnerScript(language);
      const text = await readFile(path, "utf8");
      expect(path).not.toBe(ownScript(`${language}/runner`));
      expect(readPaths).toEqual([path]);
      expect(digest).toBe(createHash("sha256").update(text).digest("hex"));
      expect(text).not.toMatch(/^import .* from "\./m);
    },
  );
});
