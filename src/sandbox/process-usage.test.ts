import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { killProcessTree, startProcess } from "../shared/process-tree.ts";
import { parsePs, parseTasklist } from "./listed-usage.ts";
import { createProcessMeter } from "./process-usage.ts";

const mebibyte = 1024 * 1024;

/** Runs the script as the child of a child, and resolves when it has printed something. */
async function startGrandchild(script: string) {
  const parent =
    'const { spawn } = require("node:child_process");' +
    `spawn(process.execPath, ["-e", ${JSON.stringify(script)}], { stdio: "inherit" });`;
  const child = startProcess(process.execPath, ["-e", parent], { env: {} });
  if (child.stdout !== null) {
    await once(child.stdout, "data");
  }
  return child;
}

describe("createProcessMeter", () => {
  it("readTree() counts what a child's child holds and has used, and nothing when it is gone", async () => {
    const child = await startGrandchild(
      `const held = Buffer.alloc(${100 * mebibyte}, 1);` +
        "for (const end = process.cpuUsage().user + 200_000; process.cpuUsage().user < end; );" +
        "console.log(held.length); setInterval(() => held, 1000);",
    );
    const meter = createProcessMeter(child.pid ?? 0);
    const reading = await meter.readTree();
    expect(reading?.residentBytes).toBeGreaterThan(130 * mebibyte);
    expect(reading?.cpuMs).toBeGreaterThan(200);
    await killProcessTree(child);
    expect(await meter.readTree()).toBeUndefined();
    expect(meter.readKnown()).toBeUndefined();
  });

  it.runIf(process.platform === "linux")(
    "resetPeak() lets the highest memory count from now when some was given back before",
    async () => {
      const child = await startGrandchild(
        `let held = Buffer.alloc(${100 * mebibyte}, 1); held = undefined;` +
          "setTimeout(() => console.log('given back'), 100); setInterval(() => {}, 1000);",
      );
      const meter = createProcessMeter(child.pid ?? 0);
      const before = await meter.readTree();
      expect(meter.resetPeak()).toBe(true);
      const after = meter.readKnown();
      await killProcessTree(child);
      expect(after?.highestResidentBytes).toBeLessThanOrEqual(before?.highestResidentBytes ?? 0);
      expect(after?.highestResidentBytes).toBe(after?.residentBytes);
    },
  );
});

describe("listed processes", () => {
  it("parsePs() sums the group's members when others run beside it", () => {
    const listing = " 12 1000 0:01.50\n 12 24 1-00:00:02\n 13 5000 9:00.00\n";
    expect(parsePs(listing, 12)).toEqual({
      cpuMs: 1_500 + 86_402_000,
      residentBytes: 1024 * 1024,
      highestResidentBytes: 1024 * 1024,
    });
    expect(parsePs(listing, 14)).toBeUndefined();
  });

  it("parseTasklist() reads memory and time when separators are a country's own", () => {
    const row = '"deno.exe","12","Console","1","1.024 K","Unknown","HOST\\me","0:01:02","N/A"\r\n';
    expect(parseTasklist(row)).toMatchObject({ cpuMs: 62_000, residentBytes: 1024 * 1024 });
    expect(parseTasklist("INFO: No tasks are running.\r\n")).toBeUndefined();
  });
});
