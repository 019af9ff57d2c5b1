import { readFileSync } from "node:fs";
import { glob } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packageRoot } from "../../src/shared/package-root.ts";

/** The first words of messages: of errors, of file errors, and of what is asked of a server. */
const beginnings = [
  /new AgentError\(\s*"[A-Z_]+",\s*["'`]([^"'`]*)/g,
  /fileError\(\s*["'`]([^"'`]*)/g,
  /#asked\(\s*["'`]([^"'`]*)/g,
  /\baction: ["'`]([^"'`]*)/g,
];
/** `Reading the goal: …`; what a template begins with is looked at where that text is written. */
const wanted = /^(?:[A-Z][a-z]+ing\b|\$\{(?:asked\.)?action\})/;

describe("error messages", () => {
  it("begin with what was done, in one form", async () => {
    const wrong: string[] = [];
    let count = 0;
    for await (const path of glob("src/**/*.ts", { cwd: packageRoot() })) {
      const source = path.endsWith(".test.ts")
        ? ""
        : readFileSync(join(packageRoot(), path), "utf8");
      for (const [, beginning = ""] of beginnings.flatMap((each) => [...source.matchAll(each)])) {
        count += 1;
        wrong.push(...(wanted.test(beginning) ? [] : [`${path}: ${beginning}`]));
      }
    }
    expect(wrong).toEqual([]);
    expect(count).toBeGreaterThan(80);
  });
});
