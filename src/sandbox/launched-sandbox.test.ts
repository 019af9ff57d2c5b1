import { describe, expect, it } from "vitest";
import { linuxTree } from "../shared/linux-processes.ts";
import type { Launcher } from "./backend.ts";
import { launchedSandbox } from "./launched-sandbox.ts";
import { defaultLimits } from "./limits.ts";
import { provenSandbox } from "./proven-sandbox.ts";
import type { SelfTestCache } from "./self-test-cache.ts";

const program = { language: "typescript", source: "", entry: "f", fileName: "f.ts" } as const;
const never: Launcher = {
  runtime: "never-0.0",
  // Starts, and says nothing.
  commandLine: async () => ({ command: "/bin/sleep", args: ["1000"], env: {} }),
  facts: async () => [],
};
const noCache: SelfTestCache = {
  read: async () => undefined,
  store: () => {
    throw new Error("nothing was found out");
  },
};

/** This process's own and all below it. */
function processCount(): number {
  return linuxTree(process.pid).length;
}

async function waitForMoreThan(count: number): Promise<void> {
  while (processCount() <= count) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe.runIf(process.platform === "linux")("launchedSandbox", () => {
  it("launchedSandbox() kills a process that is starting when start() is aborted", async () => {
    const before = processCount();
    const sandbox = launchedSandbox("typescript", "deno", never);
    const controller = new AbortController();
    const starting = sandbox.start(program, defaultLimits, controller.signal);
    await waitForMoreThan(before);
    controller.abort();
    await expect(starting).rejects.toMatchObject({ code: "ABORTED" });
    await sandbox.close();
    expect(processCount()).toBe(before);
  });

  it("launchedSandbox() kills what its self-test starts when that is aborted, and keeps no result", async () => {
    const before = processCount();
    const sandbox = provenSandbox(launchedSandbox("typescript", "deno", never), noCache);
    const controller = new AbortController();
    const testing = sandbox.test(false, controller.signal);
    await waitForMoreThan(before);
    controller.abort();
    await expect(testing).rejects.toMatchObject({ code: "ABORTED" });
    await sandbox.close();
    expect(processCount()).toBe(before);
  });
});
