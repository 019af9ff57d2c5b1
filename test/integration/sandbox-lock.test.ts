import { execFile, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CommandLine, commandLine } from "../../src/sandbox/command-line.ts";
import { findDenoBinary } from "../../src/sandbox/deno-binary.ts";
import { openSandbox } from "../../src/sandbox/open-sandbox.ts";
import { typescriptPolicy } from "../../src/sandbox/policy.ts";
import type { CallOutcome, Sandbox } from "../../src/sandbox/sandbox.ts";
import { seccompFilter } from "../../src/sandbox/seccomp/filter.ts";
import type { SeccompArchitecture } from "../../src/sandbox/seccomp/system-calls.ts";
import type { Language } from "../../src/shared/json.ts";
import { runFilter } from "../support/bpf-interpreter.ts";
import { quickShare } from "../support/quick-share.ts";
import { describeWith } from "../support/requirements.ts";
import { usableBackends } from "../support/usable-backends.ts";
import type { LockAnswer, LockRequest } from "./sandbox-lock-child.ts";
import { ordinaryPrograms } from "./sandbox-lock-programs.ts";
import { callOnce } from "./sandbox-programs.ts";

const operationNotPermitted = 1;
const notImplemented = 38;
/** Every so-manieth ordinary program: one of Python starts two processes of a second each. */
const quickSteps: Readonly<Record<Language, number>> = { python: 10, typescript: 4 };
const clone3 = 435;
/**
 * uretprobe and uprobe of x64: newer kernels ask no filter about them, since only the kernel's own
 * trampolines may make them; made elsewhere, the first ends the process by SIGILL.
 */
const unfiltered: ReadonlySet<number> = new Set(process.arch === "x64" ? [335, 336] : []);
const architecture: SeccompArchitecture = process.arch === "arm64" ? "arm64" : "x64";
const auditArchitecture = { x64: 0xc0_00_00_3e, arm64: 0xc0_00_00_b7 }[architecture];

/** What a locked process has no use for; the arguments would make each do what it is for. */
const attacks = {
  openat: { x64: 257, arm64: 56, args: [] },
  socket: { x64: 41, arm64: 198, args: [2, 1, 0] },
  socketpair: { x64: 53, arm64: 199, args: [1, 1, 0, 0] },
  ptrace: { x64: 101, arm64: 117, args: [16, process.pid] },
  process_vm_readv: { x64: 310, arm64: 270, args: [process.pid] },
  kill: { x64: 62, arm64: 129, args: [process.pid, 0] },
  tgkill: { x64: 234, arm64: 131, args: [process.pid, process.pid, 0] },
  pidfd_open: { x64: 434, arm64: 434, args: [process.pid] },
  memfd_create: { x64: 319, arm64: 279, args: [] },
  io_uring_setup: { x64: 425, arm64: 425, args: [1] },
  userfaultfd: { x64: 323, arm64: 282, args: [] },
  bpf: { x64: 321, arm64: 280, args: [] },
  keyctl: { x64: 250, arm64: 219, args: [0, -3, 0] },
  perf_event_open: { x64: 298, arm64: 241, args: [] },
  prctl: { x64: 157, arm64: 167, args: [22, 2] },
  setrlimit: { x64: 160, arm64: 164, args: [4] },
  prlimit64: { x64: 302, arm64: 261, args: [0, 4, 1] },
} satisfies Record<string, { x64: number; arm64: number; args: number[] }>;

let folder = "";
const server = createServer((socket) => socket.end());
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sandbox-lock-"));
  await writeFile(join(folder, "canary.txt"), "canary");
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});

/** Runs the attacks in a Deno that may do anything, but for what the kernel keeps from it. */
async function attackIn(
  lock: LockRequest["lock"],
  rawCalls: LockRequest["rawCalls"] = [],
): Promise<LockAnswer> {
  const request: LockRequest = {
    lock,
    architecture,
    filePath: join(folder, "canary.txt"),
    port: (server.address() as AddressInfo).port,
    openatNumber: attacks.openat[architecture],
    rawCalls,
  };
  const child = fileURLToPath(new URL("./sandbox-lock-child.ts", import.meta.url));
  const args = [
    "run",
    "--quiet",
    "--no-config",
    "--no-check",
    "--no-code-cache",
    "--allow-all",
    child,
  ];
  const run = promisify(execFile)(findDenoBinary().path, [...args, JSON.stringify(request)], {
    // As the runners: a cache in a folder would be written at the end, which the lock makes endless.
    env: { DENO_DIR: "/dev/null" },
  });
  return JSON.parse((await run).stdout);
}

interface Started {
  readonly firstLine: string;
  readonly status: string;
  readonly stderr: string;
}

/** Starts a runner, reads its first line and, while it lives, the kernel's account of it. */
async function startRunner({ command, args, env }: CommandLine): Promise<Started> {
  const child = spawn(command, args, {
    env,
    stdio: ["pipe", "pipe", "pipe", "pipe"],
    // The watcher beside it kills its process group, which must not be that of the tests.
    detached: true,
  });
  const said = { stdout: "", stderr: "" };
  const isGone = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
  });
  const isOver = new Promise<void>((resolve) => {
    // Not the end of all its pipes: the watcher keeps the lifeline.
    child.stderr?.once("end", resolve);
    child.stdout?.on("data", (chunk: Buffer) => {
      said.stdout += chunk.toString();
      if (said.stdout.includes("\n")) {
        resolve();
      }
    });
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    said.stderr += chunk.toString();
  });
  await isOver;
  const isReady = said.stdout.includes("\n");
  const status = isReady ? await readFile(`/proc/${child.pid}/status`, "utf8") : "";
  // The watcher beside it ends with the lifeline, the last of these.
  child.kill("SIGKILL");
  for (const stream of child.stdio) {
    stream?.destroy();
  }
  await isGone;
  return { firstLine: said.stdout.split("\n")[0] ?? "", status, stderr: said.stderr };
}

/** What a skill is started with: for Python with the snapshot, without which a start takes seconds. */
async function lockedCommandLine(language: Language): Promise<CommandLine> {
  const backends = await usableBackends(language);
  const line = await backends.find(({ name }) => name === "deno-seccomp")?.launcher.commandLine();
  expect(line?.args).toContain("--lock");
  return line as CommandLine;
}

function runnerCommandLine(isLocked: boolean): CommandLine {
  const runner = new URL("../../src/sandbox/typescript/runner.ts", import.meta.url);
  return commandLine(
    { ...typescriptPolicy, isLocked },
    {
      denoPath: findDenoBinary().path,
      runnerPath: fileURLToPath(runner),
      runnerArgs: [],
      platform: process.platform,
    },
  );
}

describeWith("seccomp", "installFilter", () => {
  const rawAttacks = Object.values(attacks).map(
    (attack) => [attack[architecture], ...attack.args] as const,
  );

  it("installFilter() lets the kernel alone refuse when Deno itself allows everything", async () => {
    const { file, connection, command, errnos } = await attackIn("whole", rawAttacks);
    expect({ file, connection, command }).toEqual({
      file: "EPERM",
      connection: "EPERM",
      command: "EPERM",
    });
    expect(errnos).toEqual(rawAttacks.map(() => operationNotPermitted));
  });

  it("installFilter() is what refuses, since the same attacks succeed when nothing is locked", async () => {
    const harmless = [attacks.socket, attacks.kill, attacks.tgkill];
    const calls = harmless.map((attack) => [attack[architecture], ...attack.args] as const);
    expect(await attackIn("none", calls)).toEqual({
      file: "done",
      connection: "done",
      command: "done",
      errnos: [0, 0, 0],
    });
  });

  it("installFilter() lets a file be read when the filter allows one call more", async () => {
    const { file, connection } = await attackIn("hole");
    expect({ file, connection }).toEqual({ file: "done", connection: "EPERM" });
  });

  it("installFilter() refuses in the kernel what the interpreted filter refuses", async () => {
    const { bytes } = seccompFilter("deno", architecture, 1);
    const refused = Array.from({ length: 601 }, (_, number) => number).filter(
      (number) =>
        !unfiltered.has(number) &&
        runFilter(bytes, { auditArchitecture, number }) !== 0x7f_ff_00_00,
    );
    const { errnos } = await attackIn(
      "whole",
      refused.map((number) => [number] as const),
    );
    expect(refused.length).toBeGreaterThan(500);
    expect(errnos).toEqual(
      refused.map((number) => (number === clone3 ? notImplemented : operationNotPermitted)),
    );
  });
});

describeWith("seccomp", "giveUpForeignCalls", () => {
  it.each(["python", "typescript"] as const)(
    "giveUpForeignCalls() locks every thread and prints nothing when the %s runner is ready",
    async (language) => {
      const { firstLine, status, stderr } = await startRunner(await lockedCommandLine(language));
      expect(JSON.parse(firstLine)).toMatchObject({ type: "ready" });
      expect(status).toMatch(/^Seccomp:\t2$/m);
      expect(status).toMatch(/^NoNewPrivs:\t1$/m);
      expect(stderr).toBe("");
    },
  );

  it("giveUpForeignCalls() locks nothing when the policy does not say so", async () => {
    const { firstLine, status } = await startRunner(runnerCommandLine(false));
    expect(JSON.parse(firstLine)).toMatchObject({ type: "ready" });
    expect(status).toMatch(/^Seccomp:\t0$/m);
  });

  it.each([
    { problem: "C cannot be called", from: "--allow-ffi", to: "--deny-ffi" },
    { problem: "the limit DATA is missing", from: / && \{ ulimit -d [^}]*\}/, to: "" },
    { problem: "the limit FSIZE is missing", from: /\{ ulimit -f 0 [^}]*\} && /, to: "" },
    { problem: "the limit CORE is lax", from: "ulimit -c 0 ", to: "ulimit -c 1 " },
    { problem: "the limit NOFILE is lax", from: "ulimit -n 256", to: "ulimit -n 257" },
    { problem: "the limit CPU is lax", from: "ulimit -t 660", to: "ulimit -t 661" },
  ])("giveUpForeignCalls() never lets the runner say ready when $problem", async ({ from, to }) => {
    const planned = runnerCommandLine(true);
    const args = planned.args.map((arg) => arg.replace(from, to));
    expect(args).not.toEqual(planned.args);
    const { firstLine, stderr } = await startRunner({ ...planned, args });
    expect(firstLine).toBe("");
    expect(stderr).toMatch(/Locking the process|NotCapable/);
  });
});

describeWith("seccomp", "deno-seccomp", () => {
  const languages = ["python", "typescript"] as const;
  const open = async (language: Language, backend: "deno" | "deno-seccomp"): Promise<Sandbox> =>
    await openSandbox(language, { backend });
  const sandboxes: Sandbox[] = [];
  afterAll(async () => {
    await Promise.all(sandboxes.map((sandbox) => sandbox.close()));
  });

  describe.each(languages)("%s", (language) => {
    let locked: Sandbox;
    let unlocked: Sandbox;
    beforeAll(async () => {
      locked = await open(language, "deno-seccomp");
      unlocked = await open(language, "deno");
      sandboxes.push(locked, unlocked);
    });

    it.each(quickShare(Object.entries(ordinaryPrograms[language]), quickSteps[language]))(
      "call() answers as without the lock when a program uses %s",
      async (_, source) => {
        const limits = { maxMemoryBytes: 1_073_741_824, timeoutMs: 50_000 };
        const expected = await callOnce(unlocked, source, [], { limits });
        const outcome = await callOnce(locked, source, [], { limits });
        expect(answerOf(outcome)).toEqual(answerOf(expected));
        expect(expected.kind).toBe("returned");
      },
    );
  });
});

function answerOf(outcome: CallOutcome): unknown {
  return outcome.kind === "returned" ? outcome.value : outcome;
}
