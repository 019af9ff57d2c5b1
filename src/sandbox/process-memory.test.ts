import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { killProcessTree, startProcess } from "../shared/process-tree.ts";
import { residentBytes } from "./process-memory.ts";

const mebibyte = 1024 * 1024;

describe("residentBytes", () => {
  it("residentBytes() counts a child's child when it holds memory", async () => {
    const holder = `const held = Buffer.alloc(${100 * mebibyte}, 1); console.log(held.length); setInterval(() => {}, 1000);`;
    const parent =
      'const { spawn } = require("node:child_process");' +
      `spawn(process.execPath, ["-e", ${JSON.stringify(holder)}], { stdio: "inherit" });`;
    const child = startProcess(process.execPath, ["-e", parent], { env: {} });
    if (child.stdout !== null) {
      await once(child.stdout, "data");
    }
    expect(await residentBytes(child.pid ?? 0)).toBeGreaterThan(130 * mebibyte);
    await killProcessTree(child);
    expect(await residentBytes(child.pid ?? 0)).toBe(0);
  });
});
