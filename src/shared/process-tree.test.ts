import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { killProcessTree, startProcess } from "./process-tree.ts";

const node = process.execPath;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (process.platform !== "linux") {
    return true;
  }
  // A zombie waits to be reaped and runs nothing; nor does what has no memory left.
  const [, fields = ""] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ");
  return !fields.startsWith("Z ") && fields.split(" ")[20] !== "0";
}

async function firstLine(child: ChildProcess): Promise<string> {
  const stdout = child.stdout;
  if (stdout === null) {
    throw new Error("the child has no stdout");
  }
  const [chunk] = await once(stdout, "data");
  return String(chunk).trim();
}

const grandparent = `
const { spawn } = require("node:child_process");
const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
console.log(child.pid);
`;

describe("startProcess", () => {
  it("startProcess() gives the child exactly the environment when one is named", async () => {
    const child = startProcess(node, ["-p", "JSON.stringify(Object.keys(process.env))"], {
      env: { ONLY: "this" },
    });
    expect(JSON.parse(await firstLine(child))).toEqual(["ONLY"]);
    await killProcessTree(child);
  });

  it("startProcess() emits error and does not throw when the program is missing", async () => {
    const child = startProcess("/no/such/program", [], { env: {} });
    const [error] = await once(child, "error");
    expect(error).toMatchObject({ code: "ENOENT" });
    await killProcessTree(child);
  });
});

describe("killProcessTree", () => {
  it("killProcessTree() kills grandchildren when the child still runs", async () => {
    const child = startProcess(node, ["-e", `${grandparent}setInterval(() => {}, 1000)`], {
      env: {},
    });
    const grandchild = Number(await firstLine(child));
    expect(isAlive(grandchild)).toBe(true);
    await killProcessTree(child);
    expect(child.signalCode).toBe("SIGKILL");
    expect(isAlive(grandchild)).toBe(false);
  });

  it("killProcessTree() kills what is left when the child has ended by itself", async () => {
    const child = startProcess(node, ["-e", `${grandparent}child.unref();`], { env: {} });
    const grandchild = Number(await firstLine(child));
    if (child.exitCode === null) {
      await once(child, "exit");
    }
    await killProcessTree(child);
    expect(isAlive(grandchild)).toBe(false);
  });

  it("killProcessTree() leaves nobody of a tree that is said to start nothing more", async () => {
    const child = startProcess(node, ["-e", `${grandparent}setInterval(() => {}, 1000)`], {
      env: {},
    });
    const grandchild = Number(await firstLine(child));
    await killProcessTree(child, { isSettled: true });
    expect(child.signalCode).toBe("SIGKILL");
    expect(isAlive(grandchild)).toBe(false);
  });

  it("killProcessTree() asks everybody when a settled child has ended and left another", async () => {
    const child = startProcess(node, ["-e", `${grandparent}child.unref();`], { env: {} });
    const grandchild = Number(await firstLine(child));
    if (child.exitCode === null) {
      await once(child, "exit");
    }
    await killProcessTree(child, { isSettled: true });
    expect(isAlive(grandchild)).toBe(false);
  });

  it("killProcessTree() resolves when called twice", async () => {
    const child = startProcess(node, ["-e", "setInterval(() => {}, 1000)"], { env: {} });
    await Promise.all([killProcessTree(child), killProcessTree(child)]);
    await killProcessTree(child);
    expect(child.signalCode).toBe("SIGKILL");
  });
});
