import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Engine } from "./engine.ts";

/** Says at once that there is no file, and nothing at all of one called `silent`. */
const program = `
import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, path } = JSON.parse(line);
  const reply = { type: "refused", id, refusal: "no-file", detail: path };
  if (path !== "silent") writeSync(3, JSON.stringify(reply) + "\\n");
}).once("close", () => process.exit());
`;
let folder: string;
let entry: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "autodidact-engine-"));
  entry = join(folder, "engine.mjs");
  writeFileSync(entry, program);
});
afterAll(() => rmSync(folder, { recursive: true }));

const inspect = (path: string) => ({ type: "inspect", path, contextTokens: 1 }) as const;

describe("Engine", () => {
  it("ask() is answered by the next process while the one before is still ending", async () => {
    const engine = new Engine(entry);
    await engine.ask(inspect("a"));
    const left = engine.ask(inspect("silent"));
    const closed = engine.close();
    const next = engine.ask(inspect("b"));
    expect(await left).toMatchObject({ type: "died" });
    expect(await next).toMatchObject({ type: "refused", detail: "b" });
    await closed;
    await engine.close();
  });
});
