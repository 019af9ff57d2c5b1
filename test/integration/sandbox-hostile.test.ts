import { afterAll, describe, expect, it } from "vitest";
import { selfTest } from "../../src/sandbox/self-test.ts";
import { callOnce, openBoth } from "./sandbox-programs.ts";

const sandboxes = openBoth();
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
const forgeries = [
  ["python", `print('''${forged}''')`],
  [
    "python",
    `import sys\n    sys.__stdout__.write('''${forged}\\n''')\n    sys.__stdout__.flush()`,
  ],
  ["python", `import os\n    os.write(1, b'''${forged}\\n''')`],
  ["python", `open('/dev/stdout', 'w').write('''${forged}\\n''')`],
  ["python", `import os\n    os.system('echo SUCCESS')`],
  ["python", `raise SystemExit(0)`],
  ["python", `import sys\n    print('SUCCESS')\n    sys.exit(0)`],
  ["python", `import builtins\n    builtins.print = lambda *a: 42\n    print('PASS')`],
  ["typescript", `console.log('${forged}')`],
  ["typescript", `console.error('${forged}')`],
  ["typescript", `process.stdout.write('${forged}\\n')`],
  ["typescript", `Deno.stdout.writeSync(new TextEncoder().encode('${forged}\\n'))`],
  ["typescript", `Deno.openSync('/dev/stdout', { write: true })`],
  ["typescript", `console.log.constructor('return this')().Deno.stdout`],
  ["typescript", `alert('${forged}')`],
  ["typescript", `console.log('SUCCESS'); Deno.exit(0)`],
  [
    "typescript",
    `JSON.stringify = () => '${forged}'; Error.prepareStackTrace = (_, s) => s; throw 1`,
  ],
] as const;

describe("forged answers", () => {
  it.each(forgeries)("call() of %s never returns 42 when it tries %j", async (language, attack) => {
    const source =
      language === "python" ? `def f():\n    ${attack}\n` : `function f() { ${attack}; }`;
    const outcome = await callOnce(sandboxes[language], source);
    if (outcome.kind === "returned") {
      expect(outcome.value).toBeNull();
    } else if (outcome.kind === "died") {
      expect(outcome.reason).toBe("crashed");
    }
  });

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
    const source =
      "import os, sys\ndef f():\n    return [dict(os.environ), sys.argv, hasattr(os, 'getuid'), hasattr(os, 'system')]";
    expect(await callOnce(sandboxes.python, source)).toMatchObject({
      value: [{ HOME: "/work", LANG: "C.UTF-8", PATH: "/usr/bin", TZ: "UTC" }, [""], false, false],
    });
  });
});
