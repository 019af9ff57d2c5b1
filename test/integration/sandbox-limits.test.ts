import { availableParallelism } from "node:os";
import { afterAll, describe, expect, it } from "vitest";
import { configSchema } from "../../src/config/schema.ts";
import { defaultLimits } from "../../src/sandbox/limits.ts";
import type { DeathReason, ExecutionLimits, Sandbox } from "../../src/sandbox/sandbox.ts";
import { quickShare } from "../support/quick-share.ts";
import { testSize } from "../support/requirements.ts";
import { quickSandboxes, usableSandboxes } from "../support/usable-backends.ts";
import { callOnce, programOf, workFile } from "./sandbox-programs.ts";

const python = await usableSandboxes("python", 1);
const typescript = await usableSandboxes("typescript", 1);
const sandboxes = [...python, ...typescript];
afterAll(async () => {
  await Promise.all(sandboxes.map((sandbox) => sandbox.close()));
});

const short = { timeoutMs: 700 };
const smallest = configSchema.shape.maxMemoryBytes.unwrap().minValue ?? 0;

interface DeathCase {
  readonly what: string;
  readonly source: string;
  readonly reason: DeathReason;
  /** What the detail says is allowed. */
  readonly allowed: string;
  readonly limits?: Partial<ExecutionLimits>;
}

const timeout = {
  reason: "timeout",
  allowed: "700 ms (executionTimeoutMs)",
  limits: short,
} as const;
const cpu = { reason: "timeout", allowed: "300 ms (maxCpuMs)", limits: { maxCpuMs: 300 } } as const;
const memory = {
  reason: "out-of-memory",
  allowed: "(maxMemoryBytes)",
  limits: { maxMemoryBytes: smallest },
} as const;
const output = { reason: "output-limit", allowed: "1048576 bytes (maxOutputBytes)" } as const;
const result = { reason: "output-limit", allowed: "1048576 bytes (maxMessageBytes)" } as const;
const fileCount = { reason: "file-limit", allowed: "64 files (maxFiles)" } as const;
const processes = { reason: "process-limit", allowed: "0 processes" } as const;
const crash = { reason: "crashed", allowed: "" } as const;

const pythonDeaths: readonly DeathCase[] = [
  { what: "loops", source: "def f():\n    while True: pass", ...timeout },
  {
    what: "backtracks",
    source: "import re\ndef f():\n    re.match(r'(a+)+$', 'a' * 60 + 'b')",
    ...timeout,
  },
  { what: "computes", source: "def f():\n    while True: pass", ...cpu },
  { what: "floods", source: "def f():\n    while True: print('x' * 999)", ...output },
  {
    what: "hoards",
    source: "def f():\n    x = []\n    while True: x.append(bytearray(b'x' * 4_000_000))",
    ...memory,
  },
  { what: "returns too much", source: "def f():\n    return 'x' * 2_000_000", ...result },
  { what: "exits", source: "import os\ndef f():\n    os._exit(0)", ...crash },
  {
    what: "links",
    source: "import os\ndef f():\n    os.symlink('/etc/passwd', 'x')",
    ...fileCount,
  },
  {
    what: "litters",
    source: "def f():\n    for i in range(100): open(str(i), 'w').close()",
    ...fileCount,
  },
  {
    what: "fills its folder",
    source: "def f():\n    open('x', 'wb').write(b'x' * 2_000_000)",
    reason: "file-limit",
    allowed: "1000000 bytes (maxFileBytes)",
    limits: { maxFileBytes: 1_000_000 },
  },
  {
    what: "starts a process",
    source: "import subprocess\ndef f():\n    subprocess.run(['ls'])",
    ...processes,
  },
];

const typescriptDeaths: readonly DeathCase[] = [
  { what: "loops", source: "function f() { while (true); }", ...timeout },
  {
    what: "backtracks",
    source: "function f() { return /^(a+)+$/.test('a'.repeat(60) + 'b'); }",
    ...timeout,
  },
  { what: "waits", source: "function f() { return new Promise(() => {}); }", ...timeout },
  { what: "computes", source: "function f() { while (true); }", ...cpu },
  { what: "floods", source: "function f() { for (;;) console.log('x'.repeat(999)); }", ...output },
  {
    what: "hoards",
    source: "function f() { const x = []; for (;;) x.push(new Array(1000).fill(1.5)); }",
    reason: "out-of-memory",
    allowed: "256 MiB of heap of Deno",
  },
  {
    what: "hoards bytes",
    source:
      "async function f() { const x = []; for (;;) { x.push(new Uint8Array(4e6).fill(1)); await 0; } }",
    ...memory,
  },
  {
    what: "asks for too much at once",
    source: "function f() { return new Uint8Array(2 ** 40); }",
    ...memory,
  },
  {
    what: "lets WebAssembly ask for too much",
    source: "function f() { new WebAssembly.Memory({ initial: 65_000 }); }",
    ...memory,
  },
  { what: "returns too much", source: "function f() { return 'x'.repeat(2e6); }", ...result },
  { what: "exits", source: "function f() { Deno.exit(0); }", ...crash },
  { what: "exits as Node does", source: "function f() { process.exit(0); }", ...crash },
  {
    what: "rejects unheard",
    source:
      "function f() { Promise.reject(new Error('x')); return new Promise((r) => setTimeout(r, 1e4)); }",
    ...crash,
  },
  {
    what: "litters",
    source: "function f() { for (let i = 0; i < 100; i++) Deno.writeTextFileSync(String(i), ''); }",
    ...fileCount,
  },
  {
    what: "fills its folder",
    source: "function f() { Deno.writeTextFileSync('x', 'x'.repeat(2e6)); }",
    reason: "file-limit",
    allowed: "1000000 bytes (maxFileBytes)",
    limits: { maxFileBytes: 1_000_000 },
  },
  {
    what: "starts a process",
    source: "function f() { return new Deno.Command('ls').outputSync(); }",
    ...processes,
  },
  {
    what: "starts a thread",
    source: "function f() { new Worker('data:text/javascript,1', { type: 'module' }); }",
    ...processes,
  },
];

type NamedCase = [string, string, Sandbox, DeathCase];
/**
 * All for the strongest backend of a language; in the quick form one of each reason for another, and
 * for what differs from that one in the lock alone a share of those.
 */
const deaths: NamedCase[] = sandboxes.flatMap((sandbox, place) => {
  const cases = sandbox.language === "python" ? pythonDeaths : typescriptDeaths;
  const isStrongest = [python[0], typescript[0]].includes(sandbox);
  const chosen = isStrongest
    ? cases
    : quickShare(
        testSize(0, 1, 1) === 1 ? cases : oneOfEachReason(cases),
        sandbox.backend === "deno" ? 3 : 1,
        place,
      );
  return chosen.map(
    (one): NamedCase => [`${sandbox.language} on ${sandbox.backend}`, one.what, sandbox, one],
  );
});
const each = sandboxes.map((sandbox): [string, Sandbox] => [
  `${sandbox.language} on ${sandbox.backend}`,
  sandbox,
]);
const quick = quickSandboxes(sandboxes);
const most = each.filter(([, sandbox]) => quick.includes(sandbox));

function oneOfEachReason(cases: readonly DeathCase[]): readonly DeathCase[] {
  const firsts = new Map(cases.toReversed().map((one) => [one.reason, one]));
  return cases.filter((one) => firsts.get(one.reason) === one);
}

const wasm = sandboxes.filter(({ runtime }) => runtime.endsWith("/wasm")).slice(0, 1);

describe.each(wasm)("limits of $runtime", (sandbox) => {
  it("call() reports folders nested without end as such, once they are looked at", async () => {
    const source = `
import os
def f(depth):
    for _ in range(depth):
        os.mkdir("d")
        os.chdir("d")
    open("x", "w").close()`;
    const collected = { collectFiles: true };
    expect(await callOnce(sandbox, source, [150], collected)).toMatchObject({
      kind: "died",
      reason: "file-limit",
      detail: expect.stringContaining("nested folders deeper than 100 levels"),
    });
    const path = `${"d/".repeat(60)}x`;
    const { files } = { files: undefined, ...(await callOnce(sandbox, source, [60], collected)) };
    expect(files).toEqual([{ path, contentBase64: "" }]);
  });

  it("call() takes apart neither what is nested too deeply nor shows where the runner was", async () => {
    const source = `
def nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value
def f(depth, is_kept):
    value = nested(depth)
    if is_kept:
        return value
    del value`;
    expect(await callOnce(sandbox, source, [20_000, true])).toMatchObject({
      kind: "raised",
      errorType: "ValueError",
      printed: "",
    });
    expect(await callOnce(sandbox, source, [20_000, false])).toMatchObject({
      kind: "died",
      reason: "crashed",
      printed: "",
    });
  });
});

describe("limits", () => {
  it("there is a backend of both languages to try them on", () => {
    expect(python.length).toBeGreaterThan(0);
    expect(typescript.length).toBeGreaterThan(0);
  });

  it.each(deaths)(
    "call() of %s that %s dies and says why",
    async (_where, _what, sandbox, { source, reason, allowed, limits = {} }) => {
      const outcome = await callOnce(sandbox, source, [], { limits, collectFiles: true });
      expect(outcome).toMatchObject({
        kind: "died",
        reason,
        detail: expect.stringContaining(allowed),
        usage: { cpuMs: expect.any(Number), peakMemoryBytes: expect.any(Number) },
      });
      expect(outcome.kind === "died" && outcome.detail).toMatch(
        /; used: \d+(\.\d+)? ms, \d+(\.\d+)? ms CPU, \d+(\.\d+)? MiB memory at its peak$/,
      );
    },
  );

  it.each(most)(
    "call() of %s is measured when it returns and when it raises",
    async (_, sandbox) => {
      const source =
        sandbox.language === "python"
          ? "def f(raises):\n    x = bytearray(b'x' * 30_000_000)\n    for i in range(300_000): pass\n    if raises: raise ValueError('x')\n    return len(x)"
          : "function f(raises) { const x = new Uint8Array(30e6).fill(1); let n = 0; for (let i = 0; i < 3e7; i++) n += i; if (raises) throw new Error('x'); return x.length; }";
      for (const [raises, kind] of [
        [false, "returned"],
        [true, "raised"],
      ] as const) {
        const outcome = await callOnce(sandbox, source, [raises]);
        expect(outcome.kind).toBe(kind);
        expect(outcome.usage?.cpuMs).toBeGreaterThan(5);
        expect(outcome.usage?.cpuMs).toBeLessThan(outcome.durationMs * availableParallelism() + 50);
        expect(outcome.usage?.peakMemoryBytes).toBeGreaterThan(30e6);
        expect(outcome.usage?.peakMemoryBytes).toBeLessThan(defaultLimits.maxMemoryBytes);
      }
    },
  );

  it.each(most)(
    "start() of %s works when memory is at the least that can be set",
    async (_, sandbox) => {
      const source =
        sandbox.language === "python"
          ? "import csv, json, re, decimal, datetime\ndef f():\n    return len(json.dumps(list(range(100_000))))"
          : "function f() { return JSON.stringify(Array.from({ length: 1e5 }, (_, i) => i)).length; }";
      const outcome = await callOnce(sandbox, source, [], { limits: memory.limits });
      expect(outcome).toMatchObject({ kind: "returned" });
    },
  );

  it.each(most)(
    "start() of %s dies and keeps what was printed when it never ends loading",
    async (_, sandbox) => {
      const source =
        sandbox.language === "python"
          ? "print('before')\nwhile True: pass"
          : "console.log('before'); while (true);";
      const limits = { ...defaultLimits, ...short };
      const outcome = await sandbox.start(programOf(sandbox.language, source), limits);
      expect(outcome).toMatchObject({ kind: "died", reason: "timeout", printed: "before\n" });
    },
  );

  it.each(most)(
    "start() of %s runs a program as a whole when it has no entry",
    async (_, sandbox) => {
      const { language } = sandbox;
      const source = language === "python" ? "print(__name__)" : "console.log('__main__');";
      const fileName = "program";
      const started = await sandbox.start({ language, source, fileName }, defaultLimits);
      await started.subject?.close();
      expect(started).toMatchObject({ kind: "started", loading: { printed: "__main__\n" } });
    },
  );

  it.each(most)("start() of %s refuses a program when it is too large", async (_, sandbox) => {
    const { language } = sandbox;
    const start = (source: string, count: number) =>
      sandbox.start(
        {
          ...programOf(language, source),
          files: Array.from({ length: count }, (_, index) => workFile(`f${index}`, "")),
        },
        defaultLimits,
      );
    const detail = (text: string) => expect.stringContaining(text);
    expect(await start("#".repeat(5_000_000), 0)).toMatchObject({
      reason: "file-limit",
      detail: detail("1048576 bytes"),
    });
    expect(await start("", 10_000)).toMatchObject({
      reason: "file-limit",
      detail: detail("1000 files"),
    });
  });
});

const [sandbox] = typescript;

describe.runIf(sandbox !== undefined)("subjects", () => {
  const start = (source: string) =>
    (sandbox as Sandbox).start(programOf("typescript", source), defaultLimits);

  it("call() reads the program's own files and cannot change them when it has some", async () => {
    const source = `
      const fs = __modules["node:fs"];
      function f() {
        const caught = [];
        for (const change of [
          () => fs.writeFileSync("/skill/data/list.txt", "x"),
          () => Deno.removeSync("/skill/data", { recursive: true }),
        ]) {
          try { change(); } catch (error) { caught.push(error.message.slice(0, 5)); }
        }
        return [fs.readFileSync("/skill/data/list.txt", "utf8"), Deno.readTextFileSync("../skill/data/list.txt"), ...caught];
      }`;
    const program = { ...programOf("typescript", source), files: [workFile("data/list.txt", "a")] };
    const started = await (sandbox as Sandbox).start(program, defaultLimits);
    const outcome = await started.subject?.call({ args: [] });
    await started.subject?.close();
    expect(outcome).toMatchObject({ value: ["a", "a", "EROFS", "EROFS"] });
  });

  it("call() answers died again when the process has died before", async () => {
    const { subject } = await start("function f(x) { if (x) Deno.exit(0); return 1; }");
    expect(await subject?.call({ args: [false] })).toMatchObject({ kind: "returned" });
    expect(await subject?.call({ args: [true] })).toMatchObject({ kind: "died" });
    expect(await subject?.call({ args: [false] })).toMatchObject({ kind: "died" });
    await subject?.close();
  });

  it("call() measures each call for itself when one process answers several", async () => {
    const { subject } = await start(
      "function f(bytes) { return new Uint8Array(bytes).fill(1).length; }",
    );
    const large = await subject?.call({ args: [120e6] });
    const small = await subject?.call({ args: [1] });
    await subject?.close();
    expect(large?.usage?.peakMemoryBytes).toBeGreaterThan(120e6);
    expect(small?.usage?.cpuMs).toBeLessThan(large?.usage?.cpuMs ?? 0);
  });

  it("call() throws ABORTED when its signal is aborted, before and during", async () => {
    const source = "function f() { while (true); }";
    const started = await start(source);
    const controller = new AbortController();
    const call = started.subject?.call({ args: [] }, controller.signal);
    controller.abort();
    await expect(call).rejects.toMatchObject({ code: "ABORTED" });
    await expect(
      sandbox?.start(programOf("typescript", source), defaultLimits, controller.signal),
    ).rejects.toMatchObject({ code: "ABORTED" });
  });

  it("call() ends as died when the subject is closed meanwhile", async () => {
    const started = await start("function f() { while (true); }");
    const call = started.subject?.call({ args: [] });
    await started.subject?.close();
    expect(await call).toMatchObject({ kind: "died", reason: "crashed" });
  });

  it("call() dies when what is sent to it is too large for a line", async () => {
    const source = "function f(x) { return x.length; }";
    const outcome = await callOnce(sandbox as Sandbox, source, ["x".repeat(2_000_000)]);
    expect(outcome).toMatchObject({
      kind: "died",
      reason: "protocol-error",
      detail: expect.stringContaining("1048576 bytes (maxMessageBytes)"),
    });
  });
});
