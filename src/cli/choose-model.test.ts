import { describe, expect, it } from "vitest";
import type { ModelReadiness, RemoteNotAllowed, RunOptions } from "../application/application.ts";
import { AgentError } from "../shared/errors.ts";
import { runCommand } from "./testing/cli-harness.ts";
import { fakeRun, type Step } from "./testing/fake-application.ts";
import { sampleEvents, sampleGoal, sampleLabel, sampleResult } from "./testing/sample-run.ts";

const remedy = [
  "curl https://ollama.com/install.sh | sh",
  "ollama serve",
  "ollama pull qwen3-coder",
];
const answers = (readiness: ModelReadiness): Step => ({
  method: "modelReadiness",
  does: () => readiness,
});
const noSkills: Step = { method: "listSkills", does: () => [] };
/** The application keeps the goal, and throws what keeps it from going on. */
const kept: readonly Step[] = [
  {
    method: "runDirective",
    does: () => {
      const error = new AgentError("MODEL_UNREACHABLE", "no model", { blame: "environment" });
      return fakeRun([], error);
    },
  },
  {
    method: "pendingRuns",
    does: () => [sampleGoal, "Create a poem"].map((goal) => ({ runId: "run-9", goal })),
  },
];
const missing: ModelReadiness = {
  kind: "missing",
  model: "qwen3-coder",
  installed: [{ name: "llama3", sizeBytes: 4_700_000_000 }],
  pullSizeBytes: 19_000_000_000,
};

function runs(seen: RunOptions[]): Step {
  return {
    method: "runDirective",
    does: (_goal: string, options: RunOptions) => {
      seen.push(options);
      return fakeRun(sampleEvents, sampleResult);
    },
  };
}

describe("chooseModel", () => {
  it("chooseModel() uses the recordings and says so when no server answers but they hold the goal", async () => {
    const seen: RunOptions[] = [];
    const recorded = answers({
      kind: "recorded",
      label: sampleLabel,
      problem: "No server",
      remedy,
    });
    const { code, stderr } = await runCommand([sampleGoal], {
      steps: [recorded, noSkills, runs(seen)],
    });
    expect(code).toBe(0);
    expect(seen[0]?.model).toBe("recordings");
    for (const line of [...remedy, sampleLabel]) {
      expect(stderr).toContain(line);
    }
  });

  it("chooseModel() ends with code 3 and the remedy, the goal kept, when no server answers", async () => {
    const unreachable = answers({ kind: "unreachable", problem: "No server", remedy });
    const { code, stdout, stderr } = await runCommand([sampleGoal, "--json"], {
      steps: [unreachable, noSkills, ...kept],
    });
    expect(code).toBe(3);
    expect(stderr).toContain("ollama serve");
    expect(
      stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      { type: "model-not-ready", kind: "unreachable" },
      { type: "directive-pending", runId: "run-9", goal: sampleGoal },
    ]);
  });

  it("chooseModel() names the goals that recorded answers exist for", async () => {
    const recordedGoals = ["Create a URL parser", "Create a CSV parser skill"];
    const unreachable = answers({
      kind: "unreachable",
      problem: "No server.",
      remedy,
      recordedGoals,
    });
    const { code, stderr } = await runCommand(["Create a poem"], {
      steps: [unreachable, noSkills, ...kept],
    });
    expect(code).toBe(3);
    expect(stderr).toBe(
      [
        "⚠️  No server.",
        ...remedy.map((line) => `     ${line}`),
        '📼 Without one, recorded answers serve these goals: "Create a URL parser", "Create a CSV parser skill"',
        "⏳ The goal is kept; once a model answers, go on with:",
        "     autodidact resume run-9",
        "",
      ].join("\n"),
    );
  });

  const remote: RemoteNotAllowed = {
    kind: "remote-not-allowed",
    problem: "Goals and code would leave this machine.",
    remedy: ["--allow-remote"],
    destinations: ["https://api.openai.com"],
  };
  const ready = answers({ kind: "ready", model: "openai:gpt-5", contextTokens: 1 });

  it.each([
    ["y", false],
    ["always", true],
  ])(
    "chooseModel() asks what may leave the machine, and goes on after %j",
    async (typed, isRemembered) => {
      const seen: RunOptions[] = [];
      const allow: Step = {
        method: "allowRemote",
        does: (...given: unknown[]) => {
          expect(given).toEqual([remote.destinations[0], isRemembered]);
        },
      };
      const { code, stderr } = await runCommand([sampleGoal], {
        steps: [answers(remote), noSkills, allow, ready, runs(seen)],
        isTerminal: true,
        canAsk: true,
        stdin: `${typed}\n`,
      });
      expect(code).toBe(0);
      expect(seen).toHaveLength(1);
      expect(stderr).toContain("🌐 Goals and code would leave this machine.");
    },
  );

  it.each(["n", "", "x"])("chooseModel() sends nothing after %j", async (typed) => {
    const { code, stderr } = await runCommand([sampleGoal], {
      steps: [answers(remote), noSkills, ...kept],
      isTerminal: true,
      canAsk: true,
      stdin: `${typed}\n`,
    });
    expect(code).toBe(3);
    expect(stderr).toContain("Nothing was sent.");
  });

  it("chooseModel() takes it for a no, and names the flag, where nobody can be asked", async () => {
    const { code, stdout, stderr } = await runCommand([sampleGoal, "--json"], {
      steps: [answers(remote), noSkills, ...kept],
      stdin: "y\n",
    });
    expect(code).toBe(3);
    expect(stderr).toContain("--allow-remote");
    expect(JSON.parse(stdout.split("\n")[0] ?? "")).toMatchObject({ kind: "remote-not-allowed" });
  });

  it("chooseModel() asks once for each destination, and allows none before the last yes", async () => {
    const both = { ...remote, destinations: ["https://one.example", "https://two.example"] };
    const seen: unknown[] = [];
    const allow: Step = { method: "allowRemote", does: (...given: unknown[]) => seen.push(given) };
    const asked = { isTerminal: true, canAsk: true };
    const refused = await runCommand([sampleGoal], {
      steps: [answers(both), noSkills, ...kept],
      ...asked,
      stdin: "a\nn\n",
    });
    expect(refused.stderr).toContain("Nothing was sent.");
    expect(seen).toEqual([]);
    const { code } = await runCommand([sampleGoal], {
      steps: [answers(both), noSkills, allow, allow, ready, runs([])],
      ...asked,
      stdin: "a\ny\n",
    });
    expect(code).toBe(0);
    expect(seen).toEqual([
      ["https://one.example", true],
      ["https://two.example", false],
    ]);
  });

  it("chooseModel() needs no model when a working skill will be offered", async () => {
    const seen: RunOptions[] = [];
    const unreachable = answers({ kind: "unreachable", problem: "No server", remedy });
    const existing: Step = {
      method: "listSkills",
      does: () => [{ goal: "create the JSON validator", status: "working", language: "python" }],
    };
    await runCommand([sampleGoal], { steps: [unreachable, existing, runs(seen)] });
    expect(seen).toHaveLength(1);
    const again = await runCommand([sampleGoal, "--again"], { steps: [unreachable, ...kept] });
    expect(again.code).toBe(3);
  });

  it("chooseModel() names the installed models and the pull when nobody can be asked", async () => {
    const { code, stderr } = await runCommand([sampleGoal], {
      steps: [answers(missing), noSkills, ...kept],
    });
    expect(code).toBe(3);
    expect(stderr).toContain("Installed: llama3");
    expect(stderr).toContain("Pull it (19.0 GB): ollama pull qwen3-coder");
  });

  it("chooseModel() pulls without asking when --pull is given", async () => {
    const seen: RunOptions[] = [];
    const pull: Step = {
      method: "pullModel",
      does: (model: string, onProgress: (progress: object) => void) => {
        onProgress({ status: "pulling manifest", completedBytes: 0, totalBytes: 0 });
        onProgress({ status: "downloading", completedBytes: 5, totalBytes: 10 });
        onProgress({ status: "downloading", completedBytes: 10, totalBytes: 10 });
        expect(model).toBe("qwen3-coder");
        return {};
      },
    };
    const { code, stdout } = await runCommand([sampleGoal, "--pull"], {
      steps: [answers(missing), noSkills, pull, runs(seen)],
    });
    expect(code).toBe(0);
    expect(stdout.split("\n").filter((line) => line.includes("downloading"))).toHaveLength(1);
    expect(stdout).toContain("✓ qwen3-coder is installed");
  });
});
