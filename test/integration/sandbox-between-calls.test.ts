import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { defaultLimits } from "../../src/sandbox/limits.ts";
import { openSandbox } from "../../src/sandbox/open-sandbox.ts";
import { protocolVersion } from "../../src/sandbox/protocol.ts";
import { RunnerProcess } from "../../src/sandbox/runner-process.ts";
import { programOf } from "./sandbox-programs.ts";

const mebibyte = 1024 * 1024;

/** What becomes of a subject nobody calls, after up to 20 s. */
async function untilDead(runner: RunnerProcess): Promise<unknown> {
  for (let round = 0; round < 400 && runner.death === undefined; round += 1) {
    await delay(50);
  }
  return runner.death;
}

describe("between calls", () => {
  it.each([
    ["memory", "const x = []; for (;;) x.push(new Uint8Array(4e6).fill(1));", "out-of-memory"],
    ["processor time", "for (;;);", "timeout"],
  ])(
    "call() answers died when the program used too much %s meanwhile",
    async (_what, work, reason) => {
      const sandbox = await openSandbox("typescript", { backend: "deno" });
      const source = `function f() { setTimeout(() => { ${work} }, 50); return 1; }`;
      const limits = { ...defaultLimits, maxCpuMs: 700, maxMemoryBytes: 320 * mebibyte };
      const started = await sandbox.start(programOf("typescript", source), limits);
      expect(await started.subject?.call({ args: [] })).toMatchObject({ value: 1 });
      await delay(3_000);
      expect(await started.subject?.call({ args: [] })).toMatchObject({ kind: "died", reason });
      await sandbox.close();
    },
  );

  it("a process dies of protocol-error when it says ready a second time", async () => {
    const ready = JSON.stringify({ protocolVersion, type: "ready", startedFrom: "plain" });
    const runner = new RunnerProcess({
      command: "/bin/sh",
      args: ["-c", `echo '${ready}'; sleep 0.2; echo '${ready}'; sleep 60`],
      env: {},
    });
    await runner.ready();
    expect(runner.death).toBeUndefined();
    expect(await untilDead(runner)).toMatchObject({ reason: "protocol-error" });
    await runner.kill();
  });
});
