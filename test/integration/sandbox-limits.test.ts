import { afterAll, describe, expect, it } from "vitest";
import { defaultLimits } from "../../src/sandbox/limits.ts";
import type { DeathReason, ExecutionLimits } from "../../src/sandbox/sandbox.ts";
import type { Language } from "../../src/shared/json.ts";
import { callOnce, openBoth, programOf } from "./sandbox-programs.ts";

const sandboxes = openBoth();
afterAll(async () => {
  await Promise.all([sandboxes.python.close(), sandboxes.typescript.close()]);
});

const short = { timeoutMs: 700 };
const mebibyte = 1024 * 1024;

type DeathCase = [Language, string, string, DeathReason, Partial<ExecutionLimits>];
const deaths: DeathCase[] = [
  ["python", "loops", "def f():\n    while True: pass", "timeout", short],
  [
    "python",
    "backtracks",
    "import re\ndef f():\n    re.match(r'(a+)+$', 'a' * 60 + 'b')",
    "timeout",
    short,
  ],
  ["python", "floods", "def f():\n    while True: print('x' * 999)", "output-limit", {}],
  [
    "python",
    "hoards",
    "def f():\n    x = []\n    while True: x.append(bytearray(4_000_000))",
    "out-of-memory",
    { maxMemoryBytes: 400 * mebibyte },
  ],
  ["python", "returns too much", "def f():\n    return 'x' * 2_000_000", "output-limit", {}],
  ["python", "exits", "import os\ndef f():\n    os._exit(0)", "crashed", {}],
  ["python", "links", "import os\ndef f():\n    os.symlink('/etc/passwd', 'x')", "file-limit", {}],
  ["typescript", "loops", "function f() { while (true); }", "timeout", short],
  [
    "typescript",
    "backtracks",
    "function f() { return /^(a+)+$/.test('a'.repeat(60) + 'b'); }",
    "timeout",
    short,
  ],
  ["typescript", "waits", "function f() { return new Promise(() => {}); }", "timeout", short],
  [
    "typescript",
    "floods",
    "function f() { for (;;) console.log('x'.repeat(999)); }",
    "output-limit",
    {},
  ],
  [
    "typescript",
    "hoards",
    "function f() { const x = []; for (;;) x.push(new Array(1000).fill(1.5)); }",
    "out-of-memory",
    {},
  ],
  [
    "typescript",
    "hoards bytes",
    "async function f() { const x = []; for (;;) { x.push(new Uint8Array(4e6).fill(1)); await 0; } }",
    "out-of-memory",
    { maxMemoryBytes: 200 * mebibyte },
  ],
  [
    "typescript",
    "returns too much",
    "function f() { return 'x'.repeat(2e6); }",
    "output-limit",
    {},
  ],
  ["typescript", "exits", "function f() { Deno.exit(0); }", "crashed", {}],
  ["typescript", "exits as Node does", "function f() { process.exit(0); }", "crashed", {}],
  [
    "typescript",
    "rejects unheard",
    "function f() { Promise.reject(new Error('x')); return new Promise((r) => setTimeout(r, 1e4)); }",
    "crashed",
    {},
  ],
  [
    "typescript",
    "litters",
    "function f() { for (let i = 0; i < 100; i++) Deno.writeTextFileSync(String(i), ''); }",
    "file-limit",
    {},
  ],
];

describe("limits", () => {
  it.each(deaths)(
    "call() of %s that %s dies and says why",
    async (language, _name, source, reason, limits) => {
      const outcome = await callOnce(sandboxes[language], source, [], {
        limits,
        collectFiles: true,
      });
      expect(outcome).toMatchObject({ kind: "died", reason });
    },
  );

  it.each([
    ["python", "print('before')\nwhile True: pass"],
    ["typescript", "console.log('before'); while (true);"],
  ] as const)(
    "start() dies and keeps what was printed when %s never ends loading",
    async (language, source) => {
      const outcome = await sandboxes[language].start(programOf(language, source), {
        ...defaultLimits,
        ...short,
      });
      expect(outcome).toMatchObject({ kind: "died", reason: "timeout", printed: "before\n" });
    },
  );

  it("call() answers died again when the process has died before", async () => {
    const started = await sandboxes.typescript.start(
      programOf("typescript", "function f(x) { if (x) Deno.exit(0); return 1; }"),
      defaultLimits,
    );
    const subject = started.subject;
    expect(await subject?.call({ args: [false] })).toMatchObject({ kind: "returned" });
    expect(await subject?.call({ args: [true] })).toMatchObject({ kind: "died" });
    expect(await subject?.call({ args: [false] })).toMatchObject({ kind: "died" });
    await subject?.close();
  });

  it("call() throws ABORTED when its signal is aborted, before and during", async () => {
    const source = "function f() { while (true); }";
    const started = await sandboxes.typescript.start(
      programOf("typescript", source),
      defaultLimits,
    );
    const controller = new AbortController();
    const call = started.subject?.call({ args: [] }, controller.signal);
    controller.abort();
    await expect(call).rejects.toMatchObject({ code: "ABORTED" });
    await expect(
      sandboxes.typescript.start(programOf("typescript", source), defaultLimits, controller.signal),
    ).rejects.toMatchObject({ code: "ABORTED" });
  });

  it("call() ends as died when the subject is closed meanwhile", async () => {
    const source = "function f() { while (true); }";
    const started = await sandboxes.typescript.start(
      programOf("typescript", source),
      defaultLimits,
    );
    const call = started.subject?.call({ args: [] });
    await started.subject?.close();
    expect(await call).toMatchObject({ kind: "died", reason: "crashed" });
  });

  it("call() dies when what is sent to it is too large for a line", async () => {
    const source = "function f(x) { return x.length; }";
    const outcome = await callOnce(sandboxes.typescript, source, ["x".repeat(2_000_000)]);
    expect(outcome).toMatchObject({ kind: "died", reason: "protocol-error" });
  });
});
