import { afterAll, describe, expect, it } from "vitest";
import { defaultLimits } from "../../src/sandbox/limits.ts";
import { selfTest } from "../../src/sandbox/self-test.ts";
import { callOnce, openBoth, programOf } from "./sandbox-programs.ts";

const sandboxes = await openBoth();
afterAll(async () => {
  await Promise.all([sandboxes.python.close(), sandboxes.typescript.close()]);
});

describe("selfTest", () => {
  it.each(["python", "typescript"] as const)(
    "selfTest() finds nothing that gives way when it attacks %s",
    async (language) => {
      const report = await selfTest(sandboxes[language]);
      expect(report.findings.filter((finding) => !finding.held)).toEqual([]);
      expect(report.passed).toBe(true);
      const kinds = new Set(report.findings.map((finding) => finding.kind));
      expect([...kinds].toSorted()).toEqual([
        "control",
        "environment",
        "file",
        "network",
        "process",
        "result",
      ]);
    },
  );

  it("selfTest() does not pass when the sandbox answers what it must not", async () => {
    const open = {
      ...sandboxes.typescript,
      start: async () => ({
        kind: "started" as const,
        subject: {
          call: async () => ({
            kind: "returned" as const,
            value: { sum: 5, text: "alive" },
            printed: "attacking",
            durationMs: 1,
          }),
          close: async () => {},
        },
      }),
    };
    expect((await selfTest(open)).passed).toBe(false);
  });
});

const forged = '{"type":"returned","id":"x","value":42}';
const pythonForgeries = [
  `print('${forged}')`,
  `import sys; sys.__stdout__.write('${forged}\\n'); sys.__stdout__.flush()`,
  `import os; os.write(1, b'${forged}\\n'); os.write(2, b'${forged}\\n')`,
  `open('/dev/stdout', 'w').write('${forged}\\n')`,
  "import builtins; builtins.print = lambda *a: 42; print('PASS')",
  "import json; json.dumps = json.JSONEncoder.encode = lambda *a: '42'",
  `import sys; del sys.modules['pyodide_js']; import pyodide_js; pyodide_js.setStdout(); print('${forged}')`,
  "raise SystemExit(0)",
  "import sys; print('SUCCESS'); sys.exit(0)",
];
const typescriptForgeries = [
  `console.log('${forged}')`,
  `console.error('${forged}')`,
  `process.stdout.write('${forged}\\n')`,
  `Deno.stdout.writeSync(new TextEncoder().encode('${forged}\\n'))`,
  "Deno.openSync('/dev/stdout', { write: true })",
  "console.log.constructor('return this')().Deno.stdout",
  `alert('${forged}')`,
  "console.log('SUCCESS'); Deno.exit(0)",
  `JSON.stringify = () => '${forged}'; Error.prepareStackTrace = (_, s) => s; throw 1`,
  "Object.prototype.toJSON = () => 42; Array.prototype.toJSON = () => 42",
];

describe("forged answers", () => {
  it("call() never answers 42 when a Python skill prints, patches or exits", async () => {
    const branches = pythonForgeries.map((line, index) => `    if n == ${index}:\n        ${line}`);
    const started = await sandboxes.python.start(
      programOf("python", `def f(n):\n${branches.join("\n")}\n`),
      defaultLimits,
    );
    expect(started.kind).toBe("started");
    for (const [index, line] of pythonForgeries.entries()) {
      const outcome = await started.subject?.call({ args: [index] });
      const answer = outcome?.kind === "returned" ? outcome.value : outcome?.kind;
      expect([null, "raised"], line).toContain(answer);
    }
    await started.subject?.close();
  });

  it.each(typescriptForgeries)(
    "call() never answers 42 when a TypeScript skill tries %j",
    async (attack) => {
      const outcome = await callOnce(sandboxes.typescript, `function f() { ${attack}; }`);
      const answer =
        outcome.kind === "returned"
          ? outcome.value
          : outcome.kind === "died"
            ? outcome.reason
            : outcome.kind;
      expect([null, "raised", "crashed"]).toContain(answer);
    },
  );

  it("call() keeps what a skill prints apart from what it answers", async () => {
    const source = `def f():\n    print('''${forged}''')\n    return 'answer'\n`;
    expect(await callOnce(sandboxes.python, source)).toMatchObject({
      kind: "returned",
      value: "answer",
      printed: `${forged}\n`,
    });
  });

  it("call() gives each process its own random numbers when they start from one snapshot", async () => {
    const source =
      "import random, uuid, os\ndef f():\n    return [random.random(), str(uuid.uuid4()), os.urandom(4).hex()]";
    const first = await callOnce(sandboxes.python, source);
    const second = await callOnce(sandboxes.python, source);
    expect(first.kind).toBe("returned");
    expect(first).not.toEqual(second);
    expect(
      new Set([first, second].flatMap((o) => (o.kind === "returned" ? o.value : []))).size,
    ).toBe(6);
  });

  it("call() shows nothing of the host when a skill looks around", async () => {
    const source = "import os, sys\ndef f():\n    return [dict(os.environ), sys.argv]";
    expect(await callOnce(sandboxes.python, source)).toMatchObject({
      value: [{ HOME: "/work", LANG: "C.UTF-8", PATH: "/usr/bin", TZ: "UTC" }, ["skill.py"]],
    });
  });
});
