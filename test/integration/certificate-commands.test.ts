import { type ChildProcess, spawn } from "node:child_process";
import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packageRoot } from "../../src/shared/package-root.ts";

const bin = join(packageRoot(), "bin", "autodidact.mjs");
const api = pathToFileURL(join(packageRoot(), "src", "index.ts")).href;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "commands-"));
  await writeFile(join(folder, "twice.ts"), "export const twice = (n: number) => 2 * n;\n");
  await writeFile(join(folder, "cases.csv"), "n,returns\n1,2\n0,0\n-1.5,-3\n");
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function outcomeOf(child: ChildProcess, input: string): Promise<Outcome> {
  const texts = { stdout: "", stderr: "" };
  child.stdout?.on("data", (chunk: Buffer) => {
    texts.stdout += chunk.toString();
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    texts.stderr += chunk.toString();
  });
  child.stdin?.end(input);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, ...texts }));
  });
}

const environment = () => ({
  PATH: process.env["PATH"],
  HOME: folder,
  XDG_CONFIG_HOME: join(folder, "configuration"),
});
const autodidact = (argv: readonly string[], input = ""): Promise<Outcome> =>
  outcomeOf(spawn(process.execPath, [bin, ...argv], { cwd: folder, env: environment() }), input);
const runProgram = (code: string): Promise<Outcome> =>
  outcomeOf(
    spawn(process.execPath, ["--input-type=module", "-e", code], {
      cwd: folder,
      env: environment(),
    }),
    "",
  );

describe("add and verify as commands", () => {
  it("add proves, verify holds, and one byte more shows in every face", async () => {
    const added = await autodidact(["add", "twice.ts", "--cases", "cases.csv"]);
    expect(added).toMatchObject({ code: 0, stdout: expect.stringContaining("twice is working") });
    expect(await autodidact(["verify", "--all"])).toMatchObject({
      ...{ code: 0, stdout: expect.stringContaining("✅ 1 of 1 skill proven") },
    });
    expect(await autodidact(["use", "twice", "[21]"])).toMatchObject({ code: 0, stdout: "42\n" });
    const workspace = join(folder, "agent_workspace");
    await appendFile(join(workspace, "skills", "twice.ts"), "\n");
    const verified = await autodidact(["verify", "twice", "--json"]);
    expect(verified.code).toBe(1);
    expect(JSON.parse(verified.stdout)).toMatchObject({ status: "untested", holds: false });
    expect(await autodidact(["use", "twice", "[21]"])).toMatchObject({
      ...{ code: 4, stderr: expect.stringContaining("changed after it was proven") },
    });
    expect(await autodidact(["use", "twice", "--stream"], "[21]\n")).toMatchObject({
      ...{ code: 4, stdout: "", stderr: expect.stringContaining("changed after it was proven") },
    });
    const prompt = await autodidact([], ":skills\n:memory\n:use twice [1]\n:show twice\n:quit\n");
    expect(prompt.stdout).toContain("🟡 twice");
    expect(prompt.stdout).toContain("🟡 twice (untested)");
    expect(prompt.stdout).toContain("twice (untested, typescript)");
    expect(prompt.stderr).toContain("SKILL_NOT_PROVEN");
    const stored = JSON.parse(await readFile(join(workspace, "memory.json"), "utf8"));
    expect(stored.skills).toHaveLength(1);
  });

  it("agent.add() and agent.verify() do the same from a program", async () => {
    const { code, stdout, stderr } = await runProgram(`
      import { AutonomousAgent } from ${JSON.stringify(api)};
      const agent = new AutonomousAgent({ workspaceRoot: "from_program" });
      const cases = [1, 2, 3].map((n) => ({ args: [n], returns: n * 3 }));
      const source = "export const thrice = (n: number) => 3 * n;";
      const added = await agent.add({ language: "typescript", name: "thrice", source, cases });
      const [verified] = await agent.verify();
      const { outcome } = await agent.use("thrice", [4]);
      console.log(added.status, verified.holds, outcome.value);
      await agent.close();
    `);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toBe("working true 12\n");
  });

  it("every command says what is wrong with a key that others may read", async () => {
    const home = await mkdtemp(join(folder, "open-"));
    const env = { ...environment(), XDG_CONFIG_HOME: home };
    const run = (argv: readonly string[]) =>
      outcomeOf(spawn(process.execPath, [bin, ...argv], { cwd: folder, env }), "");
    const argv = ["add", "twice.ts", "--cases", "cases.csv", "--workspace", join(home, "ws")];
    expect((await run(argv)).code).toBe(0);
    await rm(join(home, "autodidact", "signing-key.pem"));
    await writeFile(join(home, "autodidact", "signing-key.pem"), "no key", { mode: 0o644 });
    const listed = await run(["skills", "--workspace", join(home, "ws")]);
    expect(listed).toMatchObject({ code: 2, stderr: expect.stringContaining("mode 644") });
  });
});
