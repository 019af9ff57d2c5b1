import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { linuxGroupMembers, linuxTree, readUnlessGone } from "./linux-processes.ts";
import { killProcessTree, startProcess } from "./process-tree.ts";

/** Above every process id Linux gives out. */
const nobody = 2 ** 22 + 1;
const sleeper = "sleep 60 & sleep 60 & echo started; wait";

async function startedShell(script: string) {
  const child = startProcess("/bin/sh", ["-c", script], { env: {} });
  if (child.stdout !== null) {
    await once(child.stdout, "data");
  }
  return { child, pid: child.pid ?? nobody };
}

describe.skipIf(process.platform !== "linux")("processes of Linux", () => {
  it("linuxTree() lists a process and all below it, and an ended one alone", async () => {
    const { child, pid } = await startedShell(sleeper);
    const tree = linuxTree(pid);
    await killProcessTree(child);
    expect(tree).toHaveLength(3);
    expect(tree[0]).toBe(pid);
    expect(linuxTree(nobody)).toEqual([nobody]);
  });

  it("linuxGroupMembers() finds the same when all are asked and when they are named", async () => {
    const { child, pid } = await startedShell(sleeper);
    const running = [{ isRunning: true }, { isRunning: true }, { isRunning: true }];
    const found = [linuxGroupMembers(pid), linuxGroupMembers(pid, linuxTree(pid))];
    await killProcessTree(child);
    expect(found).toEqual([running, running]);
    expect(linuxGroupMembers(nobody)).toEqual([]);
  });

  it("linuxGroupMembers() calls a zombie one that does not run", async () => {
    // The program the shell becomes waits for no child.
    const child = spawn("/bin/sh", ["-c", "(exit 0) & echo $!; exec sleep 60"], { detached: true });
    const [said] = await once(child.stdout, "data");
    const zombie = Number(String(said));
    const group = child.pid ?? nobody;
    for (let round = 0; round < 2_000 && isRunning(group, zombie); round += 1) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    const found = linuxGroupMembers(group, [zombie, group]);
    await killProcessTree(child);
    expect(found).toEqual([{ isRunning: false }, { isRunning: true }]);
  });

  it("readUnlessGone() returns the file whole, and nothing of a process that is gone", () => {
    expect(readUnlessGone("/proc/self/status")).toMatch(/^Name:[\s\S]*ctxt_switches:\s+\d+\n$/);
    expect(readUnlessGone(`/proc/${nobody}/status`)).toBe("");
  });
});

function isRunning(group: number, pid: number): boolean {
  return linuxGroupMembers(group, [pid])?.some((member) => member.isRunning) === true;
}
