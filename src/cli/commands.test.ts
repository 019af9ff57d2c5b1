import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AgentError } from "../shared/errors.ts";
import type { AgentEvent } from "../shared/events.ts";
import type { JsonValue } from "../shared/json.ts";
import { runCommand } from "./testing/cli-harness.ts";
import type { Step } from "./testing/fake-application.ts";
import {
  sampleEvents,
  sampleGoal,
  sampleLabel,
  sampleResult,
  sampleSkill,
} from "./testing/sample-run.ts";

const skill = {
  name: sampleSkill,
  language: "python",
  description: "True when the text is JSON.",
  goal: sampleGoal,
  status: "working",
  path: `/w/skills/${sampleSkill}.py`,
  source: "def validate_json(text):\n    return True  # \u202e\u001b[31m\n",
};
const certificate = {
  cost: {
    modelCalls: 6,
    requests: 7,
    promptTokens: 900,
    outputTokens: 80,
    durationMs: 9,
    money: 0.0021,
  },
  modelSwitches: [
    { role: "coder", order: 0, from: "a", to: "b", why: "down", code: "MODEL_UNREACHABLE" },
  ],
  runId: "run-1",
  recordingLabel: sampleLabel,
  contract: { entry: "validate_json", parameters: [{ name: "text" }], errors: [] },
  proofs: [{ runtime: "cpython-3.14/wasm", openPassed: 2, sealedPassed: 1, examplesPassed: 0 }],
  attempts: 2,
  analysis: "agreed",
  stepsOff: [],
  models: ["recordings"],
  issuedAt: "2026-01-01T00:00:00Z",
};
const ready: Step = {
  method: "modelReadiness",
  does: () => ({ kind: "ready", model: "qwen3-coder", contextTokens: 32_768 }),
};
const noSkill: Step = {
  method: "showSkill",
  does: () => {
    throw new AgentError("SKILL_NOT_FOUND", "no such skill", { blame: "caller" });
  },
};

describe("skills", () => {
  it("skills lists them as the guide does, with the recorded label", async () => {
    const { stdout, code } = await runCommand(["skills"], {
      steps: [{ method: "listSkills", does: () => [{ ...skill, certificate }] }],
    });
    expect(code).toBe(0);
    expect(stdout).toBe(
      `Skills (1):\n  ✅ ${sampleSkill}: ${sampleGoal}\n     📼 Recorded answers: ${sampleLabel}\n`,
    );
  });

  it("skills --cost lists what each cost, over all runs and for its proof, and the sum", async () => {
    const cost = {
      skill: sampleSkill,
      runs: 2,
      requests: 11,
      promptTokens: 2_000,
      outputTokens: 300,
      timeMs: 4_200,
      money: 0.5,
    };
    const failed = { ...cost, skill: "gone", requests: 1, money: null };
    const steps: Step[] = [
      { method: "skillCosts", does: () => [cost, failed] },
      { method: "listSkills", does: () => [{ ...skill, certificate }] },
    ];
    const { stdout, code } = await runCommand(["skills", "--cost"], { steps });
    expect(code).toBe(0);
    const rows = stdout.split("\n").map((row) => row.trim().replaceAll(/ {2,}/g, " | "));
    expect(rows).toContain(`${sampleSkill} | 2 | 11 | 2000 | 300 | 4.2 s | $0.5000 | 6 calls`);
    expect(rows).toContain("all | 4 | 12 | 4000 | 600 | 8.4 s | price not known");
    const { stdout: json } = await runCommand(["skills", "--cost", "--json"], { steps });
    expect(
      json
        .trim()
        .split("\n")
        .map((row) => JSON.parse(row)),
    ).toMatchObject([
      {
        name: sampleSkill,
        status: "working",
        cost: { runs: 2, money: 0.5 },
        proof: { requests: 7 },
      },
      { name: "gone", status: null, cost: { money: null }, proof: null },
    ]);
  });

  it("skills prints one JSON value a line under --json and names alone under --names", async () => {
    const steps: Step[] = [{ method: "listSkills", does: () => [skill, { ...skill, name: "b" }] }];
    const json = await runCommand(["skills", "--json"], { steps });
    expect(
      json.stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line).name),
    ).toEqual([sampleSkill, "b"]);
    const names = await runCommand(["skills", "--names"], { steps });
    expect(names.stdout).toBe(`${sampleSkill}\nb\n`);
    const both = await runCommand(["skills", "--names", "--json"], { steps });
    expect(both.stdout).toBe(`{"name":"${sampleSkill}"}\n{"name":"b"}\n`);
  });
});

describe("use", () => {
  function uses(outcome: object, seen: JsonValue[] = []): Step {
    return {
      method: "useSkill",
      does: (_name: string, input: JsonValue) => {
        seen.push(input);
        return {
          skill: sampleSkill,
          outcome: { printed: "", durationMs: 1, ...outcome },
          filesMade: [],
        };
      },
    };
  }

  it("use prints the value, and what the skill printed on standard error", async () => {
    const seen: JsonValue[] = [];
    const step = uses(
      { kind: "returned", value: { a: "\u009b1" }, printed: "hi\u001b[2J\n" },
      seen,
    );
    const { code, stdout, stderr } = await runCommand(["use", sampleSkill, '["{}"]'], {
      steps: [step],
    });
    expect(code).toBe(0);
    expect(seen).toEqual([["{}"]]);
    expect(stdout).toBe('{\n  "a": "\\x9b1"\n}\n');
    expect(stderr).toBe("  │ hi\\x1b[2J\n");
  });

  it("use reads the JSON from standard input when it is -", async () => {
    const seen: JsonValue[] = [];
    const steps = [uses({ kind: "returned", value: null }, seen)];
    await runCommand(["use", sampleSkill, "-"], { steps, stdin: '{"text":"x"}\n' });
    expect(seen).toEqual([{ text: "x" }]);
  });

  it("use keeps every digit of integers beyond 2^53, in the input and in what it prints", async () => {
    const seen: JsonValue[] = [];
    const value = { total: { $integer: "12345678901234567892" } };
    const { stdout } = await runCommand(["use", sampleSkill, "[12345678901234567891]"], {
      steps: [uses({ kind: "returned", value }, seen)],
    });
    expect(seen).toEqual([[{ $integer: "12345678901234567891" }]]);
    expect(stdout).toBe('{\n  "total": 12345678901234567892\n}\n');
  });

  it("use answers 1 when the skill raises or dies", async () => {
    const raised = {
      kind: "raised",
      errorType: "ValueError",
      errorBases: [],
      message: "no",
      trace: "",
    };
    const first = await runCommand(["use", sampleSkill], { steps: [uses(raised)] });
    expect(first.code).toBe(1);
    expect(first.stderr).toContain("raised ValueError: no");
    const died = { kind: "died", reason: "timeout", detail: "after 15 s" };
    expect((await runCommand(["use", sampleSkill], { steps: [uses(died)] })).stderr).toContain(
      "died (timeout)",
    );
  });

  it("use answers 2 and opens nothing when the input is no JSON", async () => {
    const { code, stderr } = await runCommand(["use", sampleSkill, "{oops"]);
    expect(code).toBe(2);
    expect(stderr).toContain("{oops is no JSON");
  });
});

describe("show", () => {
  it("show tells of a skill with its proof, control characters written out", async () => {
    const { stdout } = await runCommand(["show", sampleSkill], {
      steps: [{ method: "showSkill", does: () => ({ ...skill, certificate }) }],
    });
    expect(stdout).toContain("Proven to its contract on cpython-3.14/wasm: 2 open cases");
    expect(stdout).toContain("Cost: 6 model calls (7 requests), 900 + 80 tokens, $0.0021");
    expect(stdout).toContain("Model switched: a → b (down), coder");
    expect(stdout).toContain(`📼 Recorded answers: ${sampleLabel}`);
    expect(stdout).toContain("# \\u{202e}\\x1b[31m");
  });

  it("show --code gives the very bytes to a pipe, and safe text to a terminal", async () => {
    const steps: Step[] = [{ method: "showSkill", does: () => skill }];
    expect((await runCommand(["show", sampleSkill, "--code"], { steps })).stdout).toBe(
      skill.source,
    );
    const terminal = await runCommand(["show", sampleSkill, "--code"], { steps, isTerminal: true });
    expect(terminal.stdout).not.toContain("\u001b");
  });

  it("show --prompts gives every prompt and answer of the run behind a skill", async () => {
    const entries = [
      {
        type: "run-started",
        at: "t",
        runId: "run-1",
        goal: sampleGoal,
        recordingLabel: sampleLabel,
      },
      {
        type: "model-answered",
        role: "coder",
        order: 0,
        messages: [{ role: "user", content: "Write it" }],
        answer: {
          text: "```python\n```",
          thinking: "",
          model: "recordings",
          promptTokens: 1,
          outputTokens: 2,
          durationMs: 3,
        },
      },
    ];
    const { stdout } = await runCommand(["show", sampleSkill, "--prompts"], {
      steps: [
        { method: "showSkill", does: () => ({ ...skill, certificate }) },
        { method: "showRun", does: () => entries },
      ],
    });
    expect(stdout).toContain("═══ coder 0");
    expect(stdout).toContain("Write it");
    expect(stdout).toContain(sampleLabel);
  });

  it("show gives the timeline of a run by its id, or with --screen what was seen of it", async () => {
    const events = sampleEvents.map((event) => ({ type: "event", at: "t", event }));
    const started = { type: "run-started", at: "t", runId: "run-1", goal: sampleGoal };
    const { stdout } = await runCommand(["show", "run-1"], {
      steps: [noSkill, { method: "showRun", does: () => [started, ...events] }],
    });
    expect(stdout).toContain("  plan      contract validate_json(text: string) -> boolean\n");
    expect(stdout).toContain("✅ SUCCESS: Skill is working!");
    expect(stdout).toContain("Not finished; go on with:\n     autodidact resume run-1\n");
    const seen = await runCommand(["show", "run-1", "--screen"], {
      steps: [noSkill, { method: "showRun", does: () => [started, ...events] }],
    });
    expect(seen.stdout).toContain("🧠 PLANNING");
    expect(seen.stdout).toContain("✅ SUCCESS: Skill is working!");
  });

  it("show names the damage of a journal, and offers no resuming of what may have ended", async () => {
    const started = { type: "run-started", at: "t", runId: "run-1", goal: sampleGoal };
    const damage = { kind: "middle", line: 7, reason: "no JSON \u001b[31m" };
    const damaged: Step = {
      method: "showRun",
      does: (_runId: string, onDamage: (found: object) => void) => {
        onDamage(damage);
        return [started];
      },
    };
    const steps = [noSkill, damaged];
    const { code, stdout, stderr } = await runCommand(["show", "run-1"], { steps });
    expect(code).toBe(0);
    expect(stdout).not.toContain("resume");
    expect(stderr).toContain("damaged at line 7 (no JSON \\x1b[31m)");
    const json = await runCommand(["show", "run-1", "--json"], { steps });
    expect(json.stdout).toContain('"type":"journal-damaged","line":7');
  });

  it("show suggests a skill when neither a skill nor a run has that name", async () => {
    const noRun: Step = {
      method: "showRun",
      does: () => {
        throw new AgentError("RUN_NOT_FOUND", "no run", { blame: "caller" });
      },
    };
    const { code, stderr } = await runCommand(["show", "create_a_json_validator"], {
      steps: [noSkill, noRun, { method: "listSkills", does: () => [skill] }],
    });
    expect(code).toBe(2);
    expect(stderr).toContain(`did you mean ${sampleSkill}?`);
  });
});

describe("batch", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "batch-"));
    await writeFile(join(folder, "goals.txt"), "# comment\nMake a\n\nMake b\nMake a\n");
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("batch works on each goal once and sums up", async () => {
    const runAll: Step = {
      method: "runAll",
      does: (
        goals: string[],
        {
          parallel,
          onEvent,
        }: { parallel: number; onEvent: (goal: string, event: AgentEvent) => void },
      ) => {
        expect([goals, parallel]).toEqual([["Make a", "Make b"], 3]);
        for (const event of sampleEvents) {
          onEvent("Make b", event);
        }
        return [
          sampleResult,
          { goal: "Make b", error: new AgentError("DISK_FULL", "full", { blame: "environment" }) },
        ];
      },
    };
    const order = { steps: [ready, ready, runAll], cwd: folder };
    const { code, stdout, stderr } = await runCommand(
      ["batch", "goals.txt", "--parallel", "3"],
      order,
    );
    expect(code).toBe(5);
    expect(stdout).toContain("[2] 🧠 Make b · run run-1");
    expect(stdout).toContain("1 of 2 goals have a working skill.");
    expect(stderr).toContain("❌ Make b: full");
    const json = await runCommand(["batch", "goals.txt", "--parallel", "3", "--json"], order);
    const types = json.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).type ?? "event");
    expect(types.slice(-2)).toEqual(["result", "error"]);
  });

  it.each([
    [true, "MODEL_UNREACHABLE", "environment"],
    [false, "REMOTE_NOT_ALLOWED", "caller"],
  ] as const)(
    "batch goes on when a goal has no model, and says whether it is kept: %s",
    async (isKept, code, blame) => {
      const unreachable: Step = {
        method: "modelReadiness",
        does: () => ({
          kind: "unreachable",
          problem: "No server",
          remedy: ["one", "two", "three"],
        }),
      };
      const error = new AgentError(code, "no model", { blame });
      const kept = { runId: "run-2", goal: "Make c", skill: "c", status: "pending", startedAt: "" };
      const pending: Step = { method: "pendingRuns", does: () => (isKept ? [kept] : []) };
      const runAll: Step = {
        method: "runAll",
        does: (goals: string[], { model }: { model?: string }) => {
          expect([goals, model]).toEqual([["Make c", "Make d"], undefined]);
          return [{ goal: "Make c", error }, sampleResult];
        },
      };
      const ended = await runCommand(["batch", "-"], {
        steps: [unreachable, { method: "listSkills", does: () => [] }, runAll, pending],
        stdin: "Make c\nMake d",
      });
      expect(ended.code).toBe(3);
      expect(ended.stdout).toContain("1 of 2 goals have a working skill.");
      expect(ended.stderr).toContain("❌ Make c: no model");
      expect(ended.stderr.includes("autodidact resume")).toBe(isKept);
    },
  );

  it("batch answers 2 when the file is missing, empty, or --parallel is no number", async () => {
    expect((await runCommand(["batch", "none.txt"])).stderr).toContain("ENOENT");
    expect((await runCommand(["batch", "-"], { stdin: "# only\n" })).code).toBe(2);
    expect(
      (await runCommand(["batch", "-", "--parallel", "x"], { stdin: "Make c" })).stderr,
    ).toContain("whole number from 1 to 64");
  });
});

describe("replay", () => {
  const check = { part: "verdict", state: "holds", detail: "passed, 9 of 9 cases" };
  const replays = (same: boolean): Step => ({
    method: "replayRun",
    does: (_run: string, { onCheck }: { onCheck: (one: object) => void }) => {
      const found = same ? check : { ...check, state: "fails", detail: "was \u001b[31m, is true" };
      onCheck(found);
      return { runId: "run-1", goal: sampleGoal, same, answers: 4, checks: [found] };
    },
  });

  it("replay shows each finding, and ends with what it was worth", async () => {
    const same = await runCommand(["replay", "run-1"], { steps: [replays(true)] });
    expect(same.stdout).toBe(
      "  ✓ verdict              passed, 9 of 9 cases\n✅ The same again: 4 recorded answers, no model was asked\n",
    );
    expect(same.code).toBe(0);
    const other = await runCommand(["replay", "run-1"], { steps: [replays(false)] });
    expect(other.stdout).toMatch(/✗ verdict .*was \\x1b\[31m, is true\n❌ 1 difference: 4/);
    expect(other.code).not.toBe(0);
    const json = await runCommand(["replay", "run-1", "--json"], { steps: [replays(true)] });
    expect(JSON.parse(json.stdout)).toMatchObject({ same: true, checks: [check] });
  });

  it("replay --with shows both answers to each prompt, and what the other model cost", async () => {
    const cost = { promptTokens: 500, outputTokens: 100, durationMs: 2_500 };
    const call = {
      role: "coder",
      order: 0,
      recorded: { model: "a", reading: "4 lines", isReadable: true, ...cost },
      other: { model: "b", reading: "the answer is empty", isReadable: false, ...cost },
      same: false,
    };
    const step: Step = {
      method: "compareModels",
      does: (_run: string, model: string, { onCall }: { onCall: (one: object) => void }) => {
        expect(model).toBe("ollama:b");
        onCall(call);
        return [call];
      },
    };
    const args = ["replay", "run-1", "--with", "ollama:b"];
    const here: Step = {
      method: "remotesToAllow",
      does: (names: string[]) => {
        expect(names).toEqual(["ollama:b"]);
      },
    };
    const { stdout, code } = await runCommand(args, { steps: [here, step] });
    expect(code).toBe(0);
    expect(stdout).toBe(
      [
        "coder 0: different",
        "   ✓ a: 4 lines · 500 + 100 tokens, 2.5 s",
        "   ✗ b: unreadable: the answer is empty · 500 + 100 tokens, 2.5 s",
        "1 prompt: 0 answered alike, 1 otherwise · 600 tokens of ollama:b\n",
      ].join("\n"),
    );
    const json = await runCommand([...args, "--json"], { steps: [here, step] });
    expect(JSON.parse(json.stdout)).toEqual(call);
  });
});

describe("other commands", () => {
  it("resume passes the run's id on, and the model when a flag names one", async () => {
    const seen: unknown[] = [];
    const step: Step = {
      method: "resumeRun",
      does: (runId: string | undefined, { model }: { model?: string }) => {
        seen.push([runId, model]);
        return { result: Promise.resolve(sampleResult), async *[Symbol.asyncIterator]() {} };
      },
    };
    const here: Step = { method: "remotesToAllow", does: () => undefined };
    await runCommand(["resume"], { steps: [here, step], env: { AUTODIDACT_MODEL: "x" } });
    await runCommand(["resume", "run-1", "--model", "m"], { steps: [here, step] });
    expect(seen).toEqual([
      [undefined, undefined],
      ["run-1", "m"],
    ]);
  });

  it("resume asks, before it goes on, for whatever the settings name elsewhere", async () => {
    const elsewhere: Step = {
      method: "remotesToAllow",
      does: (names: string[]) => {
        expect(names).toEqual(["m", "openai:gpt-5", "anthropic:x"]);
        const destinations = ["https://api.openai.com", "https://api.anthropic.com"];
        return { kind: "remote-not-allowed", problem: "far", remedy: ["near"], destinations };
      },
    };
    const args = ["resume", "--model", "m,openai:gpt-5", "--set", 'peers=["anthropic:x"]'];
    const { code, stderr } = await runCommand(args, { steps: [elsewhere] });
    expect(code).toBe(3);
    expect(stderr).toContain("far");
  });

  it("doctor answers 5 and shows remedies when there is a problem", async () => {
    const checks = [
      { name: "Node", state: "ok", found: "24.21.0" },
      { name: "Ollama", state: "problem", found: "no answer", remedy: "ollama serve\nollama list" },
    ];
    const { code, stdout } = await runCommand(["doctor"], {
      steps: [{ method: "doctor", does: () => checks }],
    });
    expect(code).toBe(5);
    expect(stdout).toContain("❌ Ollama: no answer\n   → ollama serve\n   → ollama list\n");
  });

  it("memory and runs show what there is", async () => {
    const memory = {
      version: 3,
      skills: [{ name: "a", status: "working", description: "d" }],
      failures: [{ timestamp: "t", skill: "a", attempt: 1, error: "E\u001b" }],
      directives: [{ goal: "g", status: "pending" }],
    };
    const first = await runCommand(["memory"], {
      steps: [{ method: "readMemory", does: () => memory }],
    });
    expect(first.stdout).toContain("Memory (version 3): 1 skill, 1 failure, 1 directive");
    expect(first.stdout).toContain("E\\x1b");
    const runs = [{ runId: "r", goal: "g", skill: "s", status: "failed", startedAt: "t" }];
    const second = await runCommand(["runs"], {
      steps: [{ method: "listRuns", does: () => runs }],
    });
    expect(second.stdout).toBe("Runs (1):\n  ❌ r  failed  g\n");
  });

  it("completion prints a script for each shell that names every command", async () => {
    for (const shell of ["bash", "zsh", "fish"]) {
      const { code, stdout } = await runCommand(["completion", shell]);
      expect(code).toBe(0);
      for (const word of ["resume", "doctor", "max-iterations", "skills --names", "prompts"]) {
        expect(stdout).toContain(word);
      }
    }
    expect((await runCommand(["completion", "tcsh"])).code).toBe(2);
  });

  it("completion, --help and --version print one JSON value under --json", async () => {
    const value = async (...argv: string[]) => {
      const { code, stdout } = await runCommand([...argv, "--json"]);
      expect(code).toBe(0);
      return JSON.parse(stdout);
    };
    const script = (await runCommand(["completion", "bash"])).stdout;
    expect(await value("completion", "bash")).toEqual({ shell: "bash", script });
    expect(await value("--version")).toEqual({ version: expect.stringMatching(/^\d+\.\d+/) });
    const help = expect.stringContaining("Exit codes:");
    expect(await value("--help")).toEqual({ help });
    expect(await value("help")).toEqual({ help });
    expect(await value("verify", "--help")).toEqual({ help: expect.stringContaining("--all") });
  });

  it("--log-level debug writes JSON lines to the workspace's agent.log", async () => {
    const folder = await mkdtemp(join(tmpdir(), "log-"));
    const steps: Step[] = [{ method: "listSkills", does: () => [] }];
    await runCommand(["skills", "--log-level", "debug"], { steps, cwd: folder });
    const text = readFileSync(join(folder, "agent_workspace", "agent.log"), "utf8");
    expect(JSON.parse(text.split("\n")[0] ?? "")).toMatchObject({ level: "debug" });
    await rm(folder, { recursive: true });
  });
});
