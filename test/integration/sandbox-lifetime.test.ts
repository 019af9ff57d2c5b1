import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { backendsOf } from "../../src/sandbox/backends.ts";
import { commandLine } from "../../src/sandbox/command-line.ts";
import { findDenoBinary } from "../../src/sandbox/deno-binary.ts";
import { launchedSandbox } from "../../src/sandbox/launched-sandbox.ts";
import { defaultLimits } from "../../src/sandbox/limits.ts";
import { openSandbox } from "../../src/sandbox/open-sandbox.ts";
import { pythonPolicy, typescriptPolicy } from "../../src/sandbox/policy.ts";
import { findPyodide, snapshotKey } from "../../src/sandbox/python/pyodide-package.ts";
import { RunnerProcess } from "../../src/sandbox/runner-process.ts";
import { startSubject } from "../../src/sandbox/runner-subject.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import type { Language } from "../../src/shared/json.ts";
import { linuxTree } from "../../src/shared/linux-processes.ts";
import { killProcessTree, startProcess } from "../../src/shared/process-tree.ts";
import { quickShare } from "../support/quick-share.ts";
import { testSize } from "../support/requirements.ts";
import { callOnce, programOf } from "./sandbox-programs.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "autodidact-"));
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

const isLinux = process.platform === "linux";

/** Processes whose command line holds the text and that still run; Linux only. */
function running(text: string): string[] {
  return readdirSync("/proc").filter((name) => {
    try {
      return (
        /^\d+$/.test(name) &&
        readFileSync(`/proc/${name}/cmdline`, "utf8").includes(text) &&
        !readFileSync(`/proc/${name}/stat`, "utf8").includes(") Z ")
      );
    } catch {
      return false;
    }
  });
}

async function untilNoneRuns(pids: readonly string[]): Promise<string[]> {
  let left = [...pids];
  for (let round = 0; round < 200 && left.length > 0; round += 1) {
    await delay(25);
    left = left.filter((pid) => running("deno").includes(pid));
  }
  return left;
}

async function until(isTrue: () => boolean): Promise<boolean> {
  for (let round = 0; round < 800; round += 1) {
    // Once is enough: a process that is just becoming another program shows no command line.
    if (isTrue()) {
      return true;
    }
    await delay(25);
  }
  return false;
}

const hostProgram = `
import { openSandbox } from ${JSON.stringify(new URL("../../src/sandbox/open-sandbox.ts", import.meta.url).href)};
import { defaultLimits } from ${JSON.stringify(new URL("../../src/sandbox/limits.ts", import.meta.url).href)};
const sandbox = await openSandbox("typescript");
await sandbox.warm();
const started = await sandbox.start(
  { language: "typescript", source: "function f() { console.log('busy'); while (true); }", entry: "f", fileName: "f.ts" },
  defaultLimits,
);
const mode = process.argv.at(-1);
if (mode === "busy") {
  void started.subject.call({ args: [] });
  setTimeout(() => console.log("ready"), 300);
} else {
  console.log("ready");
}
`;

async function startHost(mode: "busy" | "idle") {
  const host = spawn(
    process.execPath,
    ["--input-type=module-typescript", "-e", hostProgram, mode],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  if (mode === "busy") {
    await once(host.stdout, "data");
  }
  return host;
}

function childrenOf(pid: number | undefined): string[] {
  return running("deno").filter((name) => {
    try {
      return (
        readFileSync(`/proc/${name}/stat`, "utf8").split(") ")[1]?.split(" ")[1] === String(pid)
      );
    } catch {
      return false;
    }
  });
}

describe.skipIf(!isLinux)("lifetime", () => {
  it("close() leaves no process when some are idle and some are busy", async () => {
    const sandbox = await openSandbox("typescript", { warmProcesses: 2 });
    await sandbox.warm();
    const call = callOnce(sandbox, "function f() { while (true); }");
    await delay(200);
    const pids = childrenOf(process.pid);
    expect(pids.length).toBeGreaterThanOrEqual(2);
    await sandbox.close();
    expect((await call).kind).toBe("died");
    expect(await untilNoneRuns(pids)).toEqual([]);
  });

  it("an idle process is replaced when it is killed", async () => {
    const others = new Set(childrenOf(process.pid));
    const own = () => childrenOf(process.pid).filter((pid) => !others.has(pid));
    const sandbox = await openSandbox("typescript", { warmProcesses: 2, warmIdleMs: 600_000 });
    await sandbox.warm();
    const [first = "", ...rest] = own();
    expect(rest).toHaveLength(1);
    process.kill(-Number(first), "SIGKILL");
    expect(await until(() => own().length === 2 && !own().includes(first))).toBe(true);
    const pids = own();
    await sandbox.close();
    expect(await untilNoneRuns(pids)).toEqual([]);
  });

  it("idle processes are ended when nobody used them, and others started when one is taken", async () => {
    const others = new Set(childrenOf(process.pid));
    const own = () => childrenOf(process.pid).filter((pid) => !others.has(pid));
    const sandbox = await openSandbox("typescript", { warmProcesses: 2, warmIdleMs: 200 });
    await sandbox.warm();
    expect(await until(() => own().length === 0)).toBe(true);
    const outcome = await callOnce(sandbox, "function f() { return 1; }");
    expect(outcome).toMatchObject({ kind: "returned", value: 1 });
    expect(await until(() => own().length > 0)).toBe(true);
    expect(await until(() => own().length === 0)).toBe(true);
    await sandbox.close();
  });

  it("start() gives each process to one program when many start at once", async () => {
    const sandbox = await openSandbox("typescript", { warmProcesses: 2 });
    await sandbox.warm();
    // Each leaves a mark; whoever finds another's mark was given a used process.
    const source =
      "globalThis.marks = [...(globalThis.marks ?? []), 1]; function f() { return globalThis.marks.length; }";
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => callOnce(sandbox, source)));
    const pids = childrenOf(process.pid);
    await sandbox.close();
    expect(outcomes.map((one) => one.kind === "returned" && one.value)).toEqual(Array(8).fill(1));
    expect(await untilNoneRuns(pids)).toEqual([]);
  });

  it("a sandbox ends when its host is killed in the middle of a call", async () => {
    const host = await startHost("busy");
    const pids = childrenOf(host.pid);
    expect(pids.length).toBeGreaterThanOrEqual(2);
    host.kill("SIGKILL");
    expect(await untilNoneRuns(pids)).toEqual([]);
  });

  it("idle processes do not keep the host alive when it has nothing left to do", async () => {
    const host = await startHost("idle");
    const [code] = await once(host, "exit");
    expect(code).toBe(0);
  });
});

/** The reference runtime with a cache of its own, whose self-test is for other tests. */
async function untestedReference(): Promise<Sandbox> {
  const backend = backendsOf("python", directory).find(({ name }) => name === "deno");
  const outlook = await backend?.look();
  if (outlook?.kind !== "usable") {
    throw new Error("Looking for Deno: it is not usable, it must be; install again with npm ci.");
  }
  return launchedSandbox("python", "deno", outlook.launcher, { warmProcesses: 0 });
}

describe("first run", () => {
  it("start() builds the snapshot when there is none but one cut short, and again when it is damaged", {
    timeout: 180_000,
  }, async () => {
    const source = "def f():\n    return 1\n";
    const snapshots = async (): Promise<string[]> =>
      (await readdir(join(directory, "python"))).filter((name) => name.endsWith(".snapshot"));
    const key = await snapshotKey(findPyodide(), findDenoBinary().version);
    await mkdir(join(directory, "python"));
    await writeFile(
      join(directory, "python", `python-${key}-${"0".repeat(64)}.snapshot`),
      "cut short",
    );
    // Building takes seconds of work: in the quick form it is done once, for the one cut short.
    const damagesLater = testSize(0, 1, 1) === 1;
    for (let round = 0; round < testSize(1, 2); round += 1) {
      const sandbox = await untestedReference();
      expect(await callOnce(sandbox, source)).toMatchObject({ kind: "returned", value: 1 });
      const [name, ...others] = await snapshots();
      expect(others).toEqual([]);
      const path = join(directory, "python", name ?? "");
      const content = readFileSync(path);
      expect(content.length).toBeGreaterThan(1_000_000);
      const digest = createHash("sha256").update(content).digest("hex");
      expect(name).toBe(`python-${key}-${digest}.snapshot`);
      if (damagesLater) {
        // Found again in the same process, and not started from as it is.
        await truncate(path, 100_000);
        expect(await callOnce(sandbox, source)).toMatchObject({ kind: "returned", value: 1 });
        const [rebuilt = "", ...more] = await snapshots();
        expect(more).toEqual([]);
        expect(readFileSync(join(directory, "python", rebuilt)).length).toBeGreaterThan(1_000_000);
        await truncate(join(directory, "python", rebuilt), 100_000);
      }
      await sandbox.close();
    }
  });

  it.runIf(isLinux)("openSandbox() leaves nothing when it is aborted as it builds", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const options = { cacheDirectory: directory, referenceOnly: true, signal };
    const opening = openSandbox("python", options);
    const before = linuxTree(process.pid).length;
    while (linuxTree(process.pid).length <= before) {
      await delay(5);
    }
    controller.abort();
    await expect(opening).rejects.toMatchObject({ code: "ABORTED" });
    expect(linuxTree(process.pid)).toHaveLength(before);
    expect(await readdir(directory)).not.toContain("self-test-python-deno-seccomp.json");
    await expect(openSandbox("python", options)).rejects.toMatchObject({ code: "ABORTED" });
  });

  it.each(
    quickShare(
      [
        ["is missing", undefined],
        ["is damaged after it was looked at", Buffer.alloc(100_000, 7)],
      ] as const,
      2,
      1,
    ),
  )("a process starts plainly when its snapshot %s", async (_what, content) => {
    const readPaths = [findPyodide().folder, join(directory, "damaged.snapshot")];
    if (content !== undefined) {
      await writeFile(join(directory, "damaged.snapshot"), content);
    }
    const runner = new RunnerProcess(
      commandLine(pythonPolicy(readPaths), executable("python", readPaths)),
    );
    const startedFrom = new Promise((resolve) => runner.onReady(resolve));
    await runner.ready();
    expect(await startedFrom).toBe("plain");
    const program = programOf("python", "def f():\n    return 1\n");
    const started = await startSubject(runner, program, defaultLimits, undefined);
    expect(await started.subject?.call({ args: [] })).toMatchObject({ value: 1 });
    await started.subject?.close();
  });
});

describe("end of input", () => {
  it("a runner exits when its stdin closes", async () => {
    const { command, args, env } = commandLine(typescriptPolicy, executable("typescript", []));
    const child = startProcess(command, args, { env, stdio: ["pipe", "pipe", "inherit", "pipe"] });
    await once(child.stdout as Readable, "data");
    child.stdin?.end();
    const [code] = await once(child, "exit");
    expect(code).toBe(0);
    await killProcessTree(child);
  });
});

function executable(language: Language, runnerArgs: readonly string[]) {
  const runner = new URL(`../../src/sandbox/${language}/runner.ts`, import.meta.url);
  return {
    denoPath: findDenoBinary().path,
    runnerPath: fileURLToPath(runner),
    runnerArgs,
    platform: process.platform,
  };
}
