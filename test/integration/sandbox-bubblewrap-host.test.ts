import { type ChildProcess, spawn } from "node:child_process";
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, expect, it } from "vitest";
import { bubblewrapBackend } from "../../src/sandbox/bubblewrap-backend.ts";
import { defaultLimits } from "../../src/sandbox/limits.ts";
import { openSandbox } from "../../src/sandbox/open-sandbox.ts";
import type { Language } from "../../src/shared/json.ts";
import { describeWith } from "../support/requirements.ts";
import { callOnce, programOf } from "./sandbox-programs.ts";

const folders: string[] = [];
afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
});

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "bubblewrap-"));
  folders.push(folder);
  // Nobody has to write into it.
  await chmod(folder, 0o777);
  return folder;
}

async function startHost(
  language: Language,
  source: string,
  env: Record<string, string> = {},
): Promise<{ host: ChildProcess; nextLine(): Promise<string> }> {
  const script = fileURLToPath(new URL("./sandbox-bubblewrap-child.ts", import.meta.url));
  const host = spawn(process.execPath, [script, language, await temporaryFolder(), source], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface({ input: host.stdout })[Symbol.asyncIterator]();
  return {
    host,
    nextLine: async () => {
      const { value } = await lines.next();
      return String(value);
    },
  };
}

async function descendants(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const found: number[] = [];
  for (const thread of threads) {
    const path = `/proc/${pid}/task/${thread}/children`;
    const children = await readFile(path, "utf8").catch(() => "");
    for (const child of children.split(" ").filter(Boolean).map(Number)) {
      found.push(child, ...(await descendants(child)));
    }
  }
  return found;
}

async function isRunning(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return status !== "" && !/^State:\s+[ZX]/m.test(status);
}

async function stillRunning(pids: readonly number[]): Promise<number[]> {
  const states = await Promise.all(pids.map(isRunning));
  return pids.filter((_pid, index) => states[index]);
}

const programs: Readonly<Record<Language, string>> = {
  python:
    "import os\ndef f():\n    return [os.getuid(), dict(os.environ).get('PATH'), os.listdir('/')]",
  typescript: "function f() { return 7; }",
};
const loops: Readonly<Record<Language, string>> = {
  python: "def f():\n    while True: pass",
  typescript: "function f() { while (true); }",
};
const languages = ["python", "typescript"] as const;

describeWith("bubblewrap", "bubblewrap and its host", () => {
  it.each(languages)("openSandbox() holds %s when its host is nobody", async (language) => {
    const { nextLine } = await startHost(language, programs[language], { AS_NOBODY: "1" });
    expect(await nextLine()).toBe("open");
    const { user, outcome } = JSON.parse(await nextLine());
    expect(user).not.toBe(0);
    expect(outcome.kind).toBe("returned");
  });

  it("call() shows nobody, an empty system and no host environment", async () => {
    const sandbox = await openSandbox("python", { backend: "bubblewrap" });
    const outcome = await callOnce(sandbox, programs.python);
    expect(outcome).toMatchObject({ value: [65_534, "/usr/bin", expect.anything()] });
    expect(outcome).not.toMatchObject({ value: [0, 0, expect.arrayContaining(["home"])] });
    await sandbox.close();
  });

  it("close() leaves no process when a subject is busy", async () => {
    const sandbox = await openSandbox("python", { backend: "bubblewrap" });
    const before = await descendants(process.pid);
    const program = programOf("python", loops.python);
    const started = await sandbox.start(program, defaultLimits);
    const call = started.subject?.call({ args: [] });
    const during = await descendants(process.pid);
    await sandbox.close();
    expect(await call).toMatchObject({ kind: "died" });
    const mine = during.filter((pid) => !before.includes(pid));
    // bubblewrap, the namespace's first process and Python.
    expect(mine.length).toBeGreaterThanOrEqual(3);
    await expect.poll(() => stillRunning(mine)).toEqual([]);
  });

  it.each(languages)("a %s process ends when its host is killed", async (language) => {
    const { host, nextLine } = await startHost(language, loops[language]);
    expect(await nextLine()).toBe("open");
    const pid = host.pid ?? 0;
    await expect.poll(async () => (await descendants(pid)).length).toBeGreaterThanOrEqual(3);
    const processes = await descendants(pid);
    host.kill("SIGKILL");
    await expect.poll(() => stillRunning(processes), { timeout: 5_000 }).toEqual([]);
  });
});

async function fakeProgram(name: string, script: string): Promise<string> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return folder;
}

describeWith("bubblewrap", "bubblewrapBackend", () => {
  it("look() says how to install bubblewrap when there is none", async () => {
    const search = { bubblewrap: [await temporaryFolder()], python: ["/usr/bin"] };
    expect(await bubblewrapBackend("python", search).look()).toMatchObject({
      kind: "unusable",
      reason: "bubblewrap is not installed",
      remedy: expect.stringContaining("sudo apt-get install bubblewrap"),
    });
  });

  it("look() passes on what bubblewrap says when it makes no namespace", async () => {
    const script =
      '[ "$1" = --version ] && echo "bubblewrap 0.9.0" && exit 0\n' +
      'echo "bwrap: setting up uid map: Permission denied" >&2; exit 1';
    const search = { bubblewrap: [await fakeProgram("bwrap", script)], python: ["/usr/bin"] };
    expect(await bubblewrapBackend("python", search).look()).toMatchObject({
      kind: "unusable",
      reason: expect.stringContaining("setting up uid map: Permission denied"),
    });
  });

  it("look() asks for a newer bubblewrap when it cannot bound a folder", async () => {
    const bubblewrap = [await fakeProgram("bwrap", 'echo "bubblewrap 0.6.1"')];
    const outlook = await bubblewrapBackend("typescript", { bubblewrap, python: [] }).look();
    expect(outlook).toMatchObject({ kind: "unusable", reason: expect.stringContaining("0.6.1") });
  });

  it.each([
    ["there is none", undefined, "there is no python3"],
    ["it is too old", `echo '{"implementation":"cpython","version":[3,9,2]}'`, "3.9.2"],
    ["it is another", `echo '{"implementation":"pypy","version":[3,11,2]}'`, "pypy"],
    ["it fails", "echo broken >&2; exit 3", "broken"],
  ])("look() says which Python is wanted when %s", async (_name, script, reason) => {
    const python =
      script === undefined ? [await temporaryFolder()] : [await fakeProgram("python3", script)];
    const search = { bubblewrap: ["/usr/bin", "/bin", "/usr/local/bin"], python };
    expect(await bubblewrapBackend("python", search).look()).toMatchObject({
      kind: "unusable",
      reason: expect.stringContaining(reason),
      remedy: expect.stringContaining("3.11"),
    });
  });
});
