import { execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useStream } from "../../src/application/use-stream.ts";
import type { JsonValue } from "../../src/shared/json.ts";
import { packageRoot } from "../../src/shared/package-root.ts";
import { type OllamaServer, startOllamaServer } from "../support/ollama-server.ts";
import { byRole } from "../support/scripted-ollama.ts";
import {
  openTemporaryApplication,
  type TemporaryApplication,
} from "../support/temporary-application.ts";
import { answersOf, codeAnswer, follow, goal } from "./run-support.ts";

const command = join(packageRoot(), "bin", "autodidact.mjs");
/** Answers too much for 13 and dies of it, prints an escape sequence for 7. */
const moody = codeAnswer(
  'n === 13 ? ("x".repeat(3_000_000) as never) : n === 7 ? (console.log("\\u001b[31mred"), 8) : n + 1',
);

let folder: string;
let server: OllamaServer;
let opened: TemporaryApplication;
let skill: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-test-"));
  server = await startOllamaServer({ answer: byRole(answersOf({ coder: moody })) });
  opened = await openTemporaryApplication({
    ...{ ollamaHost: server.host, language: "typescript" },
    // Its answers to 7 and 13 are for these tests; no suite would notice a change there.
    ...{ maxMutants: 0, flakeRuns: 1 },
  });
  const { result } = await follow(opened.application.runDirective(goal));
  expect(result.status).toBe("completed");
  skill = result.skill;
});

afterAll(async () => {
  await opened.remove();
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function autodidact(args: readonly string[], input: string | Buffer = ""): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [command, ...args], { cwd: folder }, (error, ...out) =>
      resolve({
        code: typeof error?.code === "number" ? error.code : 0,
        stdout: out[0],
        stderr: out[1],
      }),
    );
    child.stdin?.end(input);
  });
}

async function program(name: string, content: string): Promise<string> {
  await writeFile(join(folder, name), content);
  return name;
}

describe("autodidact sandbox run", () => {
  it("prints output and measures, and answers 0, when the program ran to its end", async () => {
    const file = await program(
      "sum.ts",
      "const [a, b]: string[] = Deno.args;\nconsole.log(+a + +b);\n",
    );
    const { code, stdout, stderr } = await autodidact(["sandbox", "run", file, "--", "40", "2"]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "42\n" });
    expect(stderr).toMatch(
      /sum\.ts ran to its end\n {3}\d+ ms · \d+ ms CPU · .* at most · \S+, deno-/,
    );
  });

  it.each([
    ["waits.ts", 'console.log("first"); console.log("second"); setInterval(() => {}, 1000);\n'],
    ["busy.ts", 'console.log("first"); console.log("second"); for (;;);\n'],
    ["sleeps.py", 'import time\nprint("first")\nprint("second")\ntime.sleep(600)\n'],
  ])("shows what %s prints while it runs", async (name, source) => {
    const file = await program(name, source);
    const args = [command, "--timeout-ms", "60000", "sandbox", "run", file];
    const child = spawn(process.execPath, args, {
      cwd: folder,
      stdio: ["ignore", "pipe", "ignore"],
    });
    const exited = new Promise((resolve) => child.once("exit", resolve));
    let shown = "";
    for await (const chunk of child.stdout) {
      shown += String(chunk);
      if (shown.endsWith("second\n")) {
        child.kill("SIGINT");
      }
    }
    expect(shown).toBe("first\nsecond\n");
    expect(await exited).not.toBe(0);
  });

  it("ends a flood of output, and passes on what is allowed of it and no more", async () => {
    const source =
      'setInterval(() => { for (let n = 0; n < 99; n += 1) console.log("é".repeat(999)); });\n';
    const file = await program("flood.ts", source);
    const { code, stdout, stderr } = await autodidact(["sandbox", "run", file]);
    expect(stderr).toContain("flood.ts was stopped (output-limit)");
    expect(code).toBe(6);
    expect(Buffer.byteLength(stdout)).toBeGreaterThan(1_000_000);
    expect(Buffer.byteLength(stdout)).toBeLessThanOrEqual(1024 * 1024);
  });

  it("gives one object on standard output when --json is given", async () => {
    const file = await program("args.py", "import sys\nprint(sys.argv, __name__)\n");
    const { code, stdout, stderr } = await autodidact([
      ...["--json", "sandbox", "run", file, "--", "--json", "é"],
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({
      file: "args.py",
      language: "python",
      runtime: expect.stringMatching(/^cpython-/),
      outcome: { kind: "ended", exitCode: 0, printed: "['args.py', '--json', 'é'] __main__\n" },
    });
  });

  it.each([
    ["exits with 3", "import sys\nsys.exit(3)\n", 1, "ended with 3"],
    ["exits with a text", "raise SystemExit('no such thing')\n", 1, "ended with 1"],
    ["exits well", "import sys\nsys.exit()\n", 0, "ran to its end"],
    ["raises", "def f():\n    return 1 / 0\nf()\n", 1, "raised ZeroDivisionError"],
    ["does not end", "while True:\n    pass\n", 6, "was stopped (timeout)"],
  ])("says how it ended when a program %s", async (_title, source, wanted, said) => {
    const file = await program("ends.py", source);
    const { code, stderr } = await autodidact(["--timeout-ms", "800", "sandbox", "run", file]);
    expect(stderr).toContain(`ends.py ${said}`);
    expect(code).toBe(wanted);
  });

  it("gives a folder's other files to its main file, to read and to import", async () => {
    await mkdir(join(folder, "whole", "parts"), { recursive: true });
    await program("whole/main.py", "from parts.double import double\nprint(double(21))\n");
    await program("whole/parts/double.py", "def double(n):\n    return 2 * n\n");
    expect(await autodidact(["sandbox", "run", "whole"])).toMatchObject({
      code: 0,
      stdout: "42\n",
    });
  });

  it("links the files that a folder's main.ts imports, and refuses any other", async () => {
    await mkdir(join(folder, "linked", "parts"), { recursive: true });
    await program(
      "linked/main.ts",
      'import { double, type Count } from "./parts/double.ts";\nconst n: Count = 21;\nconsole.log(double(n));\ndouble(-1);\n',
    );
    await program(
      "linked/parts/double.ts",
      'export type Count = number;\nexport function double(n: Count): Count {\n  if (n < 0) throw new RangeError("below 0");\n  return 2 * n;\n}\n',
    );
    const { code, stdout, stderr } = await autodidact(["sandbox", "run", "linked"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "42\n" });
    expect(stderr).toContain("linked raised RangeError: below 0");
    expect(stderr).toContain("   parts/double.ts:3 in double\n   main.ts:4\n");
    for (const outside of ["/etc/passwd", "../../x.ts", "data:text/javascript,1"]) {
      await program("linked/parts/double.ts", `export { double } from ${JSON.stringify(outside)};`);
      const refused = await autodidact(["sandbox", "run", "linked"]);
      expect(refused).toMatchObject({ code: 2, stdout: "" });
      expect(refused.stderr).toContain("parts/double.ts: Line 1: ");
    }
  });

  it("runs standard input when the file is -", async () => {
    const args = ["sandbox", "run", "-", "--language", "typescript"];
    expect(await autodidact(args, "console.log(6 * 7)")).toMatchObject({ stdout: "42\n" });
  });

  it("runs on the named backend, or not at all", async () => {
    const file = await program("one.ts", "console.log(1)\n");
    const named = ["--json", "sandbox", "run", file, "--backend", "deno"];
    expect(JSON.parse((await autodidact(named)).stdout)).toMatchObject({ backend: "deno" });
    const insisted = ["--json", "sandbox", "run", file, "--sandbox", "deno"];
    expect(JSON.parse((await autodidact(insisted)).stdout)).toMatchObject({ backend: "deno" });
    expect((await autodidact(["sandbox", "run", file, "--backend", "docker"])).code).toBe(2);
  });

  it.each([
    ["missing", "missing.py", "there is no such file"],
    ["binary", "binary.py", "it is binary"],
    ["of an unknown kind", "program.rb", "its extension is .rb"],
    ["no UTF-8", "latin.py", "it is no UTF-8"],
    ["an empty folder", "empty", "it is a folder without main.py"],
  ])("says what is wrong when the file is %s", async (_title, name, problem) => {
    await mkdir(join(folder, "empty"), { recursive: true });
    await writeFile(join(folder, "binary.py"), Buffer.from([0x7f, 0x45, 0]));
    await writeFile(join(folder, "latin.py"), Buffer.from([0x23, 0xe9, 0x0a]));
    await program("program.rb", "puts 1\n");
    const { code, stderr } = await autodidact(["sandbox", "run", name]);
    expect(stderr).toContain(problem);
    expect(code).toBe(2);
  });
});

describe("autodidact sandbox status", () => {
  it("names for each language what holds it and every backend's findings", async () => {
    const { code, stdout } = await autodidact(["sandbox", "status", "--json"]);
    const all = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(code).toBe(0);
    expect(all.map(({ language }) => language)).toEqual(["python", "typescript"]);
    for (const { chosen, backends } of all) {
      expect(backends.map(({ name }: { name: string }) => name)).toEqual([
        ...["bubblewrap", "deno-seccomp", "deno"],
      ]);
      const first = backends.find(({ state }: { state: string }) => state === "held");
      expect(first.name).toBe(chosen);
      const kinds = new Set(first.findings.map(({ kind }: { kind: string }) => kind));
      expect([...kinds].toSorted()).toEqual([
        ...["control", "environment", "file", "network", "process", "result"],
      ]);
    }
  });

  it("shows the chosen one when another is insisted on", async () => {
    const { code, stdout } = await autodidact(["sandbox", "status", "--sandbox", "deno"]);
    expect(code).toBe(0);
    expect(stdout).toContain("TypeScript: held by deno, since deno is insisted on");
    expect(stdout).toContain("sandbox status --test");
  });
});

describe("autodidact use --stream", () => {
  it("answers each line in order, and goes on after a bad line, a wrong input and a crash", async () => {
    const lines = ["[1]", "no JSON", '{"n": 2}', "", '["x"]', "[13]", "[7]", "[3]"];
    const strange = [`[${" ".repeat(16 * 1024 * 1024)}9]`, Buffer.from([0x5b, 0xff, 0x5d]), "[4]"];
    const args = ["--workspace", opened.workspaceRoot, "use", skill, "--stream"];
    const input = [...lines, ...strange].flatMap((line) => [Buffer.from(line), Buffer.from("\n")]);
    const { code, stdout } = await autodidact(args, Buffer.concat(input));
    const results = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(results).toMatchObject([
      { line: 1, skill, outcome: { kind: "returned", value: 2 } },
      { line: 2, error: { code: "USAGE", message: expect.stringContaining("no JSON") } },
      { line: 3, outcome: { value: 3 } },
      { line: 5, error: { code: "USAGE" } },
      { line: 6, outcome: { kind: "died" } },
      { line: 7, outcome: { value: 8, printed: "\u001b[31mred\n" } },
      { line: 8, outcome: { value: 4 } },
      {
        line: 9,
        error: { code: "USAGE", message: expect.stringContaining("16777216 are wanted") },
      },
      { line: 10, error: { code: "USAGE", message: expect.stringContaining("no UTF-8") } },
      { line: 11, outcome: { value: 5 } },
    ]);
    expect(stdout).not.toContain("\u001b");
    expect(code).toBe(1);
  });

  it("answers a line before the next one comes", async () => {
    const args = [command, "--workspace", opened.workspaceRoot, "use", skill, "--stream"];
    const child = spawn(process.execPath, args, { cwd: folder, stdio: ["pipe", "pipe", "ignore"] });
    const exited = new Promise((resolve) => child.once("exit", resolve));
    for (const n of [1, 2]) {
      child.stdin.write(`[${n}]\n`);
      const [chunk] = await new Promise<Buffer[]>((resolve) =>
        child.stdout.once("data", (data: Buffer) => resolve([data])),
      );
      expect(JSON.parse(String(chunk))).toMatchObject({ line: n, outcome: { value: n + 1 } });
    }
    child.stdin.end();
    expect(await text(child.stdout)).toBe("");
    expect(await exited).toBe(0);
  });

  it("useStream() takes an input when the result before was taken, and closes when left early", async () => {
    const asked: number[] = [];
    function* inputs(): Generator<JsonValue> {
      for (const n of [1, 2, 3]) {
        asked.push(n);
        yield [n];
      }
    }
    const open = await opened.application.openSkill(skill);
    for await (const result of useStream(skill, open, inputs())) {
      expect(result).toMatchObject({ index: asked.length - 1, outcome: { kind: "returned" } });
      if (result.index === 1) {
        break;
      }
    }
    expect(asked).toEqual([1, 2]);
    expect(await open.call([1])).toMatchObject({ outcome: { kind: "died" } });
  });
});

describe("autodidact doctor", () => {
  it("lists what the workspace lacks among the others, and no server where recordings are asked", async () => {
    const file = await program("a-file", "");
    const tester = ["--tester", "compatible:m@http://127.0.0.1:9"];
    const given = ["--workspace", file, "--model", "recordings", ...tester];
    const { code, stdout } = await autodidact([...given, "doctor", "--json"]);
    const checks = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const named = (name: string) => checks.find((check) => check.name === name);
    expect(named("Workspace")).toMatchObject({ state: "problem" });
    expect(named("Model")).toMatchObject({ state: "ok" });
    expect(named("Ollama")).toBeUndefined();
    const found = expect.stringMatching(/cannot be asked: .*127\.0\.0\.1:9\/v1 \(/u);
    expect(checks).toContainEqual(expect.objectContaining({ name: "Model", found }));
    expect(named("Sandbox (python)")).toMatchObject({ state: "ok" });
    expect(named("Sandbox (typescript)")).toMatchObject({ state: "ok" });
    expect(code).toBe(5);
  });
});
