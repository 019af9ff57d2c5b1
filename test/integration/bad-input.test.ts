import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, open, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CommandLine, commandLine } from "../../src/sandbox/command-line.ts";
import { findDenoBinary } from "../../src/sandbox/deno-binary.ts";
import { launchedSandbox } from "../../src/sandbox/launched-sandbox.ts";
import { defaultLimits } from "../../src/sandbox/limits.ts";
import { typescriptPolicy } from "../../src/sandbox/policy.ts";
import { pinnedPyodide } from "../../src/sandbox/python/pyodide-digests.ts";
import { findPyodide, snapshotKey } from "../../src/sandbox/python/pyodide-package.ts";
import { RunnerProcess } from "../../src/sandbox/runner-process.ts";
import type { CallOutcome, Program, Sandbox, TaggedValue } from "../../src/sandbox/sandbox.ts";
import type { Language } from "../../src/shared/json.ts";
import { acquireLock } from "../../src/shared/lock.ts";
import { openSourceReader } from "../../src/syntax/source-reader.ts";
import { belongings } from "../support/left-behind.ts";
import { quickShare } from "../support/quick-share.ts";
import { describeWith } from "../support/requirements.ts";
import { isWasm, quickSandboxes, usableSandboxes } from "../support/usable-backends.ts";
import { callOnce, programOf, workFile } from "./sandbox-programs.ts";

const mebibyte = 1024 * 1024;
const sandboxes = [
  ...(await usableSandboxes("typescript", 0)),
  ...(await usableSandboxes("python", 0)),
];
const named = quickSandboxes(sandboxes).map((each) => [each.language, each.backend, each] as const);
const typescript = sandboxes.filter(({ language }) => language === "typescript");
afterAll(async () => {
  await Promise.all(sandboxes.map((each) => each.close()));
});

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "autodidact-"));
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

/** `f` that returns what is written in it, the same text in both languages. */
function returning(language: Language, expression: string): string {
  return language === "python"
    ? `def f(*values):\n    return ${expression}\n`
    : `function f(...values) {\n    return ${expression}\n}\n`;
}

/** What came, without what only measures; a started program is called once and ended. */
async function outcomeOf(sandbox: Sandbox, program: Partial<Program>): Promise<CallOutcome> {
  const whole = { ...programOf(sandbox.language, returning(sandbox.language, "1")), ...program };
  const started = await sandbox.start(whole, defaultLimits);
  if (started.kind !== "started") {
    return started;
  }
  try {
    return await started.subject.call({ args: [] });
  } finally {
    await started.subject.close();
  }
}

/** Runs it, and waits until it holds no more than before: a pipe closes a moment after its process. */
async function expectNothingLeft(run: () => Promise<void>): Promise<void> {
  const temporary = join(directory, "temporary");
  await mkdir(temporary);
  const outside = process.env["TMPDIR"];
  process.env["TMPDIR"] = temporary;
  try {
    const before = belongings(temporary);
    await run();
    await expect
      .poll(() => belongings(temporary).openDescriptors, { timeout: 10_000 })
      .toBeLessThanOrEqual(before.openDescriptors);
    const { processes, temporaryFiles } = belongings(temporary);
    expect({ processes, temporaryFiles }).toEqual({
      processes: before.processes,
      temporaryFiles: [],
    });
  } finally {
    process.env["TMPDIR"] = outside;
    if (outside === undefined) {
      delete process.env["TMPDIR"];
    }
  }
}

const refusedByHost: [string, (language: Language) => Partial<Program>, object][] = [
  ["of 5 MB", () => ({ source: `# ${"x".repeat(5 * mebibyte)}` }), { reason: "file-limit" }],
  [
    "of 10,000 files",
    () => ({ files: Array.from({ length: 10_000 }, (_, i) => workFile(`part${i}.txt`, "x")) }),
    { reason: "file-limit" },
  ],
  ["with a NUL in its name", () => ({ fileName: "ski\0ll" }), { reason: "protocol-error" }],
  [
    "with a NUL in a file's name",
    () => ({ files: [workFile("pa\0rt.txt", "x")] }),
    { reason: "file-limit" },
  ],
  [
    "with half a surrogate pair",
    (language) => ({ source: returning(language, "'\ud800'") }),
    { reason: "protocol-error" },
  ],
];

describe("a bad program", () => {
  it.each(refusedByHost)("start() refuses a skill %s and says why", async (_, program, wanted) => {
    await expectNothingLeft(async () => {
      for (const sandbox of typescript) {
        const outcome = await outcomeOf(sandbox, program(sandbox.language));
        expect(outcome).toMatchObject({ kind: "died", ...wanted });
      }
    });
  });

  it.each(named)("start() of %s in %s says where the syntax is wrong", async (_l, _b, sandbox) => {
    await expectNothingLeft(async () => {
      const outcome = await outcomeOf(sandbox, { source: returning(sandbox.language, "1 + )") });
      expect(outcome).toMatchObject({ kind: "raised", errorType: "SyntaxError" });
    });
  });

  it.each(named)("start() of %s in %s refuses a NUL in a source", async (language, _b, sandbox) => {
    await expectNothingLeft(async () => {
      const outcome = await outcomeOf(sandbox, { source: returning(language, "1 \0") });
      // CPython calls it a ValueError before 3.12.
      expect(outcome).toMatchObject({
        kind: "raised",
        errorType: expect.stringMatching(/^(Syntax|Value)Error$/),
      });
    });
  });

  it.each(named)("call() of %s in %s is answered when lines end as on Windows", async (...row) => {
    const [language, , sandbox] = row;
    const source = returning(language, "1").replaceAll("\n", "\r\n");
    expect(await outcomeOf(sandbox, { source })).toMatchObject({ kind: "returned", value: 1 });
  });

  it.each(named)(
    "start() of %s in %s says what a byte order mark is or skips it",
    async (...row) => {
      const [language, , sandbox] = row;
      const outcome = await outcomeOf(sandbox, { source: `\ufeff${returning(language, "1")}` });
      expect(outcome).toMatchObject(
        language === "python"
          ? { kind: "raised", errorType: "SyntaxError", message: expect.stringContaining("U+FEFF") }
          : { kind: "returned", value: 1 },
      );
    },
  );
});

const crashers: [string, string][] = [
  ["10,000 nested parentheses", `${"(".repeat(10_000)}1${")".repeat(10_000)}`],
  ["200,000 brackets", "[".repeat(200_000)],
  ["80,000 sums", `${"1+".repeat(80_000)}1`],
];
/** Those of Python in WebAssembly, where each start is dear, one by one in the quick form. */
const crasherRows = named.flatMap(([language, backend, sandbox]) =>
  quickShare(crashers, isWasm(sandbox) ? 3 : 1).map(
    ([title, expression]) => [title, language, backend, sandbox, expression] as const,
  ),
);
const readable = { python: "def f(): pass", typescript: "export const a = 1;" };

describe("a source that crashes parsers", () => {
  it.each(crasherRows)("%s of %s sent to %s end no more than their process", async (...row) => {
    const [title, language, , sandbox, expression] = row;
    await expectNothingLeft(async () => {
      const outcome = await outcomeOf(sandbox, { source: returning(language, expression) });
      // V8 adds up what CPython's compiler gives up on.
      const isSum = title.includes("sums") && language === "typescript";
      expect(["raised", "died"].includes(outcome.kind)).toBe(!isSum);
    });
  });

  it.each(named)(
    "a megabyte on one line of %s in %s is answered",
    async (language, _b, sandbox) => {
      const source = returning(language, `'${"a".repeat(1_000_000)}'[0]`);
      expect(await outcomeOf(sandbox, { source })).toMatchObject({ kind: "returned", value: "a" });
    },
  );

  it.each(["python", "typescript"] as const)(
    "the reader of %s refuses each, reads the next and leaves no process",
    async (language) => {
      await expectNothingLeft(async () => {
        const reader = openSourceReader({ timeoutMs: 20_000 });
        const line = "1+".repeat(500_000);
        for (const expression of [...crashers.map(([, text]) => text), line]) {
          const facts = await reader.facts(language, returning(language, expression));
          expect(facts.kind).toBe("unreadable");
          expect((await reader.facts(language, readable[language])).kind).toBe("read");
        }
        await reader.close();
      });
    },
  );
});

describe("bad arguments", () => {
  function nested(depth: number): TaggedValue {
    let value: TaggedValue = 1;
    for (let level = 0; level < depth; level += 1) {
      value = [value];
    }
    return value;
  }

  it.each([
    ["take 50 MB", () => "x".repeat(50 * mebibyte)],
    ["are nested 100,000 deep", () => nested(100_000)],
  ])("call() refuses arguments that %s, and the host lives on", async (_, make) => {
    await expectNothingLeft(async () => {
      for (const sandbox of typescript) {
        const source = returning("typescript", "values.length");
        const outcome = await callOnce(sandbox, source, [make()]);
        expect(outcome).toMatchObject({ kind: "died", reason: "protocol-error" });
      }
    });
  });

  it.each(named)("call() of %s in %s hands half a surrogate pair through", async (...row) => {
    const [language, , sandbox] = row;
    const source = returning(language, "values[0]");
    const outcome = await callOnce(sandbox, source, ["a\ud800b"]);
    expect(outcome).toMatchObject({ kind: "returned", value: "a\ud800b" });
  });
});

/** As the TypeScript backend without a lock starts Deno, from another place. */
function denoCommandLine(denoPath: string): CommandLine {
  const runner = new URL("../../src/sandbox/typescript/runner.ts", import.meta.url);
  const { platform } = process;
  const runnerPath = fileURLToPath(runner);
  return commandLine(typescriptPolicy, { denoPath, runnerPath, runnerArgs: [], platform });
}

function sandboxOn(command: CommandLine): Sandbox {
  const commandLineOf = async () => command;
  const launcher = { runtime: "deno-0.0", commandLine: commandLineOf, facts: async () => [] };
  return launchedSandbox("typescript", "deno", launcher, { warmProcesses: 0 });
}

/** The head of the real executable, its machine changed to one that nobody has: `e_machine` 1. */
async function foreignExecutable(): Promise<Buffer> {
  const file = await open(findDenoBinary().path);
  try {
    const { buffer } = await file.read(Buffer.alloc(4_096), 0, 4_096, 0);
    buffer.writeUInt16LE(1, 18);
    return buffer;
  } finally {
    await file.close();
  }
}

const script = (text: string) => async () => `#!/bin/sh\n${text}\n`;
const brokenDenos: [string, (path: string) => Promise<string | Buffer | undefined>, number][] = [
  ["is missing", async () => undefined, 0],
  ["is a folder", async (path) => void (await mkdir(path)), 0],
  ["is a text file", async () => "not a program", 0o644],
  ["is a text file marked executable", async () => "not a program", 0o755],
  ["is made for another machine", foreignExecutable, 0o755],
  ["ends at once", script("exit 3"), 0o755],
  ["ends at once as if all were well", script("exit 0"), 0o755],
  ["prints garbage and waits", script("echo garbage; sleep 60"), 0o755],
  ["prints a line without end", script("while :; do printf xxxxxxxxxxxxxxxx; done"), 0o755],
];

describe.skipIf(process.platform === "win32")("a broken Deno", () => {
  it.each(brokenDenos)("start() throws SANDBOX_UNAVAILABLE when it %s", async (_, make, mode) => {
    await expectNothingLeft(async () => {
      const path = join(directory, "deno");
      const content = await make(path);
      if (content !== undefined) {
        await writeFile(path, content, { mode });
      }
      const sandbox = sandboxOn(denoCommandLine(path));
      const program = programOf("typescript", returning("typescript", "1"));
      await expect(sandbox.start(program, defaultLimits)).rejects.toMatchObject({
        code: "SANDBOX_UNAVAILABLE",
        blame: "environment",
      });
      await sandbox.close();
    });
  });

  it("ready() throws SANDBOX_UNAVAILABLE, worth another try, when it hangs", async () => {
    await expectNothingLeft(async () => {
      const path = join(directory, "deno");
      await writeFile(path, "#!/bin/sh\nsleep 60\n", { mode: 0o755 });
      const runner = new RunnerProcess(denoCommandLine(path), { startTimeoutMs: 300 });
      await expect(runner.ready()).rejects.toMatchObject({
        code: "SANDBOX_UNAVAILABLE",
        isRetryable: true,
      });
      await runner.kill();
    });
  });
});

describe("a damaged Pyodide", () => {
  it("start() throws SANDBOX_UNAVAILABLE, naming file and remedy, when one byte differs", async () => {
    const { folder, version } = findPyodide();
    for (const name of Object.keys(pinnedPyodide.digests)) {
      await cp(join(folder, name), join(directory, name));
    }
    const path = join(directory, "python_stdlib.zip");
    const content = await readFile(path);
    content.writeUInt8(content.readUInt8(1_000) ^ 1, 1_000);
    await writeFile(path, content);
    const launcher = {
      runtime: "cpython-3.14/wasm",
      commandLine: async () =>
        denoCommandLine(await snapshotKey({ folder: directory, version }, "")),
      facts: async () => [],
    };
    const sandbox = launchedSandbox("python", "deno", launcher, { warmProcesses: 0 });
    const program = programOf("python", returning("python", "1"));
    await expect(sandbox.start(program, defaultLimits)).rejects.toMatchObject({
      code: "SANDBOX_UNAVAILABLE",
      message: expect.stringMatching(/python_stdlib\.zip was changed.+npm ci/),
    });
    await sandbox.close();
  });
});

const hostScript = fileURLToPath(new URL("./bad-input-host.ts", import.meta.url));

/** Runs a host of its own and returns what it printed as JSON, or its errors. */
async function outcomesOfHost(command: string, args: readonly string[]): Promise<unknown> {
  const host = spawn(command, [...args], { stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  let errors = "";
  host.stdout.on("data", (chunk) => {
    printed += chunk;
  });
  host.stderr.on("data", (chunk) => {
    errors += chunk;
  });
  const code = await new Promise((resolve) => host.once("close", resolve));
  return code === 0 ? JSON.parse(printed) : `${code}: ${errors}`;
}

describeWith("bubblewrap", "a full disk", () => {
  it("call() is answered when the cache folder takes 64 KiB, and no half file stays", async () => {
    // A real file system of that size, in a namespace of its own, so that it takes no root.
    const mounts = ["--dev-bind", "/", "/", "--size", "65536", "--tmpfs", directory];
    const host = [process.execPath, "--no-warnings", hostScript, "disk", "python", "deno"];
    const seen = await outcomesOfHost("bwrap", [...mounts, ...host, directory]);
    expect(seen).toEqual(["returned", "python", "python/python.lock"]);
  }, 180_000);
});

describe.skipIf(process.platform === "win32")("no descriptor left", () => {
  it("start() throws SANDBOX_UNAVAILABLE, and works again when there are some", async () => {
    const args = ["--no-warnings", hostScript, "descriptors", "typescript", "deno", directory];
    const limited = ['ulimit -n 300; exec "$@"', "host", process.execPath, ...args];
    const outcomes = await outcomesOfHost("/bin/sh", ["-c", ...limited]);
    expect(outcomes).toEqual([
      "returned",
      "SANDBOX_UNAVAILABLE",
      ...Array.from({ length: 6 }, () => expect.stringMatching(/^(returned|SANDBOX_UNAVAILABLE)$/)),
      "returned",
    ]);
  });
});

describe("a clock that jumps", () => {
  const realNow = Date.now;
  afterEach(() => {
    Date.now = realNow;
  });

  /** Steps a day back and forth every 20 ms until it is stopped. */
  function jump(): () => void {
    let days = 1;
    const timer = setInterval(() => {
      days = -days;
      Date.now = () => realNow() + days * 24 * 3_600_000;
    }, 20);
    return () => clearInterval(timer);
  }

  it("call() keeps its time limit, and a short call is answered", async () => {
    const stop = jump();
    const [sandbox] = typescript;
    const pause = "async function f(ms) { await new Promise((done) => setTimeout(done, ms)); }";
    try {
      const limits = { timeoutMs: 700 };
      const endless = await callOnce(sandbox as Sandbox, pause, [60_000], { limits });
      expect(endless).toMatchObject({ kind: "died", reason: "timeout" });
      const short = await callOnce(sandbox as Sandbox, pause, [100]);
      expect(short.kind).toBe("returned");
      expect(short.durationMs).toBeGreaterThan(0);
      expect(short.durationMs).toBeLessThan(defaultLimits.timeoutMs);
    } finally {
      stop();
    }
  });

  it("acquireLock() waits its time and gets what becomes free meanwhile", async () => {
    const stop = jump();
    try {
      const path = join(directory, "clock.lock");
      const first = await acquireLock(path, { waitMs: 0 });
      await expect(acquireLock(path, { waitMs: 100 })).rejects.toMatchObject({
        code: "LOCK_TIMEOUT",
      });
      const second = acquireLock(path, { waitMs: 50_000 });
      setTimeout(() => first.release(), 100);
      (await second).release();
    } finally {
      stop();
    }
  });
});
