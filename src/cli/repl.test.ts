import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { completeLine } from "./repl-completion.ts";
import { createHistory } from "./repl-history.ts";
import { runCommand } from "./testing/cli-harness.ts";
import { fakeRun, type Step } from "./testing/fake-application.ts";
import { sampleEvents, sampleGoal, sampleResult, sampleSkill } from "./testing/sample-run.ts";

const ready: Step = {
  method: "modelReadiness",
  does: () => ({ kind: "ready", model: "qwen3-coder", contextTokens: 32_768 }),
};

describe("runRepl", () => {
  it("runRepl() does what a script says, without prompt or banner", async () => {
    const steps: Step[] = [
      ready,
      { method: "runDirective", does: () => fakeRun(sampleEvents, sampleResult) },
      {
        method: "listSkills",
        does: () => [{ name: sampleSkill, status: "working", goal: sampleGoal }],
      },
    ];
    const stdin = `# a comment\n:directive ${sampleGoal}\n\n:skills\n:quit\n:memory\n`;
    const { code, stdout, stderr } = await runCommand([], { steps, stdin });
    expect(code).toBe(0);
    expect(stderr).toBe("");
    expect(stdout).toContain("✅ SUCCESS: Skill is working!");
    expect(stdout.endsWith(`Skills (1):\n  ✅ ${sampleSkill}: ${sampleGoal}\n`)).toBe(true);
    expect(stdout).not.toContain("Agent>");
  });

  it("runRepl() goes on after an error and answers a script with its code", async () => {
    const steps: Step[] = [{ method: "listRuns", does: () => [] }];
    const stdin = ":directve x\nCreate a thing\n:use\n:directive\n:runs";
    const { code, stdout, stderr } = await runCommand([], { steps, stdin });
    expect(code).toBe(2);
    expect(stderr).toContain("did you mean :directive?");
    expect(stderr).toContain(":directive Create a thing");
    expect(stderr).toContain(":use SKILL JSON");
    expect(stderr).toContain("GOAL_INVALID");
    expect(stdout).toBe("Runs (0):\n");
  });

  it("runRepl() lists its commands at :help", async () => {
    const { stdout } = await runCommand([], { stdin: ":help\n" });
    for (const command of [
      ":directive GOAL",
      ":memory",
      ":skills",
      ":quit",
      ":resume",
      ":doctor",
    ]) {
      expect(stdout).toContain(command);
    }
  });

  it("runRepl() emits JSON alone under --json", async () => {
    const steps: Step[] = [{ method: "listSkills", does: () => [{ name: "a", goal: "g" }] }];
    const { stdout } = await runCommand(["--json"], { steps, stdin: ":skills\n:nope\n" });
    const lines = stdout.trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ name: "a" }, { type: "error" }]);
  });
});

describe("completeLine", () => {
  const application = {
    listSkills: async () => [{ name: "alpha" }, { name: "beta" }] as never,
  };

  it("completeLine() completes commands, and skills behind :use", async () => {
    expect(await completeLine(":s", application)).toEqual([[":skills ", ":show "], ":s"]);
    expect(await completeLine(":use al", application)).toEqual([["alpha "], "al"]);
    expect(await completeLine(":use alpha [", application)).toEqual([[], ":use alpha ["]);
  });
});

describe("createHistory", () => {
  it("createHistory() keeps lines over starts, newest first, for their owner only", () => {
    const folder = mkdtempSync(join(tmpdir(), "history-"));
    const root = join(folder, "agent_workspace");
    const history = createHistory(root);
    for (const line of ["a", "b", "b", " ", "c"]) {
      history.add(line);
    }
    expect(createHistory(root).newestFirst()).toEqual(["c", "b", "a"]);
    expect(readFileSync(join(root, "repl_history"), "utf8")).toBe("a\nb\nc\n");
    expect(statSync(join(root, "repl_history")).mode & 0o777).toBe(0o600);
    rmSync(folder, { recursive: true });
  });

  it("createHistory() goes without when the folder cannot be written", () => {
    const history = createHistory("/dev/null/x");
    history.add("a");
    expect(history.newestFirst()).toEqual(["a"]);
  });
});
