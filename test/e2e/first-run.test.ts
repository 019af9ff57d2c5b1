import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { refusedHost } from "../support/ollama-server.ts";

const program = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const remedy = ["ollama.com/install.sh", "ollama serve", "ollama pull qwen3-coder"];
let folder: string;
let noServer: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-first-run-"));
  noServer = await refusedHost();
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Runs the command where no Ollama answers; `typed` is what a person types into it. */
async function run(args: readonly string[], typed = "") {
  const { PATH, HOME, XDG_CONFIG_HOME } = process.env;
  const env = { PATH, HOME, XDG_CONFIG_HOME, OLLAMA_HOST: noServer };
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, env });
  child.stdin.end(typed);
  const [[code], out, problems] = await Promise.all([
    once(child, "exit"),
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, out, problems };
}

/** Asserts that the pieces stand in the text in this order. */
function expectInOrder(whole: string, pieces: readonly string[]): void {
  let from = 0;
  for (const piece of pieces) {
    const at = whole.indexOf(piece, from);
    expect(at, `"${piece}" in:\n${whole.slice(from)}`).toBeGreaterThanOrEqual(0);
    from = at + piece.length;
  }
}

describe("a newcomer without Ollama", () => {
  it("sees the agent plan, write, test, fail, learn and succeed with one command", async () => {
    const { code, out, problems } = await run(["Create a JSON validator skill"]);
    expectInOrder(out, [
      "written by hand in the shape of a model's answers",
      "🧠 PLANNING: Create a JSON validator skill",
      "📝 WRITING: create_a_json_validator_skill.py",
      "🧪 TESTING: create_a_json_validator_skill",
      "❌ Test failed",
      "🔍 ANALYZING: Results",
      "Attempt 2 of 12",
      "✓ Test passed",
      "✅ SUCCESS: Skill is working!",
      "written by hand in the shape of a model's answers",
    ]);
    expectInOrder(problems, remedy);
    expect(code).toBe(0);
    const workspace = join(folder, "agent_workspace");
    expect(await readdir(join(workspace, "skills"))).toContain("create_a_json_validator_skill.py");
    expect(await readdir(join(workspace, "exec"))).toEqual([]);
  });

  it("is offered the skill the second time, and can use it", async () => {
    const second = await run(["Build the JSON validator"]);
    expect(second).toMatchObject({
      code: 0,
      out: expect.stringContaining("create_a_json_validator_skill"),
    });
    expect(second.out).not.toContain("PLANNING");
    const used = await run(["use", "create_a_json_validator_skill", '{"text": "[1, 2,]"}']);
    expect(used).toMatchObject({ code: 0, out: expect.stringContaining("false") });
  });

  it("is told what to do, with exit code 3, when the goal is not a recorded one", async () => {
    const { code, out, problems } = await run(["Create a sudoku solver"]);
    expect(code).toBe(3);
    expect(out).not.toContain("SUCCESS");
    expectInOrder(problems, remedy);
  });

  it("finds the guide's commands in the REPL", async () => {
    const typed = [":directive Create a URL parser", ":skills", ":memory", ":quit", ""].join("\n");
    const { out } = await run(["--language", "typescript"], typed);
    expectInOrder(out, [
      "🧠 PLANNING: Create a URL parser",
      "✅ SUCCESS: Skill is working!",
      "Skills (3):",
      "✅ create_a_json_validator_skill",
      "✅ create_a_url_parser",
      "3 skills",
    ]);
  });
});
