import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { RunOptions } from "../application/application.ts";
import { AgentError } from "../shared/errors.ts";
import type { AgentEvent } from "../shared/events.ts";
import { runCommand } from "./testing/cli-harness.ts";
import { fakeRun, type Step } from "./testing/fake-application.ts";
import {
  sampleEvents,
  sampleGoal,
  sampleLabel,
  sampleResult,
  sampleSkill,
} from "./testing/sample-run.ts";

const ready: Step = {
  method: "modelReadiness",
  does: () => ({ kind: "ready", model: "qwen3-coder", contextTokens: 32_768 }),
};
const succeeds: Step = { method: "runDirective", does: () => fakeRun(sampleEvents, sampleResult) };

describe("runCli", () => {
  it("runCli() shows the guide's phases when a goal is given", async () => {
    const { code, stdout, stderr } = await runCommand([sampleGoal], { steps: [ready, succeeds] });
    expect(code).toBe(0);
    expect(stderr).toBe("");
    expect(stdout.split("\n")).toEqual([
      "qwen3-coder · python · at most 4 model calls if attempt 1 succeeds · run run-1",
      "🧠 PLANNING: Create a JSON validator skill",
      "   Contract: validate_json(text: string) -> boolean",
      "   True when the text is JSON.",
      "   Cases: 2 open and 1 sealed, 1 of them yours",
      '     validate_json("{}") => true (yours)',
      '     validate_json("{") => false',
      "📝 WRITING: create_a_json_validator_skill.py",
      "🧪 TESTING: create_a_json_validator_skill",
      '   ❌ validate_json("{") => false',
      "      expected false, got \\x1b[31mtrue",
      "❌ Test failed: 1 of 2 cases passed",
      "🔍 ANALYZING: Results",
      "   It never parses.",
      "",
      "Attempt 2 of 12",
      "🧪 TESTING: create_a_json_validator_skill",
      "✓ Test passed",
      "🔍 ANALYZING: Results",
      "✅ SUCCESS: Skill is working!",
      "   Proven to its contract: 1 open case and 1 sealed case passed, on cpython-3.14/wasm",
      "   File: agent_workspace/skills/create_a_json_validator_skill.py",
      `   Use it: autodidact use create_a_json_validator_skill '{"text":"…"}'`,
      "   2 attempts · 6 model calls · 1,234 tokens · 1.5 s",
      "",
    ]);
  });

  it("runCli() passes the flags of a run on and names npm when npm started it", async () => {
    let options: RunOptions | undefined;
    const run: Step = {
      method: "runDirective",
      does: (_goal: string, given: RunOptions) => {
        options = given;
        return fakeRun(sampleEvents, sampleResult);
      },
    };
    const flags = ["--name", "v", "--example", "1 => 2", "--example", "2 => 3", "--input", "a.txt"];
    const { stdout, settings } = await runCommand(
      ["run", sampleGoal, ...flags, "--again", "--language", "typescript", "--no-analysis"],
      { steps: [ready, run], env: { npm_lifecycle_event: "start" } },
    );
    expect(options).toMatchObject({
      skillName: "v",
      examples: ["1 => 2", "2 => 3"],
      inputs: ["a.txt"],
      again: true,
      language: "typescript",
    });
    expect(options?.confirm).toBeUndefined();
    expect(settings?.config).toMatchObject({ analysis: false, language: "typescript" });
    expect(stdout).toContain("Use it: npm start -- use");
  });

  it("runCli() reads chains, roles and budgets from flags and variables", async () => {
    const run: Step = {
      method: "runDirective",
      does: () => fakeRun(sampleEvents, sampleResult),
    };
    const flags = ["--model", "a,b", "--model", '["c,d"]', "--tester", '["t,u"]'];
    const limits = ["--max-tokens", "5000", "--max-money", "1.5"];
    const { settings } = await runCommand(["run", sampleGoal, ...flags, ...limits], {
      steps: [ready, run],
      env: {
        AUTODIDACT_MODEL: "overruled",
        AUTODIDACT_CODER: '["x", "y"]',
        AUTODIDACT_ANALYST: "p,q",
        AUTODIDACT_BUDGET_DAY_REQUESTS: "7",
        AUTODIDACT_MODELS: '{"a": {"contextTokens": 4096}}',
      },
    });
    expect(settings?.config).toMatchObject({
      model: ["a", "b", "c,d"],
      tester: ["t,u"],
      coder: ["x", "y"],
      analyst: "p,q",
      models: { a: { contextTokens: 4_096 } },
      budget: { directive: { tokens: 5_000, money: 1.5 }, day: { requests: 7 }, library: {} },
    });
    const { code, stderr } = await runCommand(["run", sampleGoal, "--max-tokens", "none"]);
    expect(code).toBe(2);
    expect(stderr).toContain('budget.directive.tokens from flag --max-tokens is "none"; wanted');
  });

  it("runCli() answers 7 and says how to go on when a run waits for a larger budget", async () => {
    const message = "Asking m for the coder: the budget of today is 9 tokens; raise it.";
    const limits = { scope: "day", kind: "tokens", limit: 9, spent: 8, worstCase: 4 } as const;
    const events: AgentEvent[] = [
      ...sampleEvents.filter(({ type }) => type === "run-started"),
      {
        type: "prompt-shortened",
        role: "coder",
        order: 0,
        model: "m",
        contextTokens: 4_096,
        leftOut: ["2 of 5 recalled failures"],
      },
      { type: "budget-reached", ...limits, message },
      ...sampleEvents
        .filter((event) => event.type === "run-finished")
        .map((event) => ({ ...event, status: "waiting" as const, money: 0.25 })),
    ];
    const result = { ...sampleResult, status: "waiting" as const, waitsFor: message };
    const run: Step = { method: "runDirective", does: () => fakeRun(events, result) };
    const { code, stdout } = await runCommand(["run", sampleGoal], { steps: [ready, run] });
    expect(code).toBe(7);
    expect(stdout).toContain(`⏸  Budget reached: ${message}`);
    expect(stdout).toContain("Left out of the coder's prompt, to fit 4096 tokens: 2 of 5 recalled");
    expect(stdout).toMatch(/WAITING; go on with:\n +autodidact resume run-1/);
    expect(stdout).toContain("$0.25");
  });

  it.each<[string, readonly string[], boolean, RunOptions["goalExamples"] | "asked and taken"]>([
    ["without a terminal", [], false, undefined],
    ["with --yes", ["--yes"], true, undefined],
    ["with --no-goal-examples", ["--no-goal-examples"], true, "ignore"],
    ["at a terminal", [], true, "asked and taken"],
  ])(
    "runCli() treats examples of the goal's text %s as it should",
    async (_name, flags, canAsk, wanted) => {
      let options: RunOptions | undefined;
      let answer: boolean | undefined;
      const run: Step = {
        method: "runDirective",
        does: (_goal: string, given: RunOptions) => {
          options = given;
          return fakeRun(sampleEvents, sampleResult);
        },
      };
      const asking: Step = {
        ...run,
        does: (_goal: string, given: RunOptions) => {
          options = given;
          const { goalExamples } = given;
          const asked =
            typeof goalExamples === "function" ? goalExamples(["1 => 2\u001b[2J"]) : undefined;
          const { result } = fakeRun(sampleEvents, sampleResult);
          return {
            result: Promise.resolve(asked).then((taken) => {
              answer = taken;
              return result;
            }),
            async *[Symbol.asyncIterator]() {
              await asked;
              yield* sampleEvents;
            },
          };
        },
      };
      const isAsked = wanted === "asked and taken";
      const { stderr } = await runCommand(["run", sampleGoal, ...flags, "--examples", "e.csv"], {
        steps: [ready, isAsked ? asking : run],
        isTerminal: canAsk,
        canAsk,
        stdin: "y\n",
      });
      expect(options?.exampleFiles).toEqual([
        expect.stringMatching(/^\/.*e\.csv$|^[A-Z]:.*e\.csv$/),
      ]);
      if (isAsked) {
        expect(answer).toBe(true);
        expect(stderr).toContain("1 => 2\\x1b[2J");
      } else {
        expect(options?.goalExamples).toBe(wanted);
      }
    },
  );

  it("runCli() writes nothing but JSON to standard output when --json is given", async () => {
    const { code, stdout } = await runCommand(["--json", sampleGoal], { steps: [ready, succeeds] });
    const lines = stdout.trimEnd().split("\n");
    const values = lines.map((line) => JSON.parse(line));
    expect(code).toBe(0);
    expect(values[0]).toMatchObject({ type: "run-started" });
    expect(values.some(({ type }) => type === "token-received")).toBe(false);
    expect(values.at(-1)).toMatchObject({ type: "result", skill: sampleSkill });
  });

  it("runCli() answers with the code of the status when a run ends otherwise", async () => {
    for (const [status, wanted] of [
      ["failed", 1],
      ["unproven", 4],
      ["cancelled", 130],
    ] as const) {
      const run: Step = {
        method: "runDirective",
        does: () => fakeRun([], { ...sampleResult, status }),
      };
      expect((await runCommand([sampleGoal], { steps: [ready, run] })).code).toBe(wanted);
    }
  });

  it("runCli() shows the recorded label at the start and the end when answers are recorded", async () => {
    const events = sampleEvents.map((event) =>
      event.type === "run-started" ? { ...event, recordingLabel: sampleLabel } : event,
    );
    const run: Step = { method: "runDirective", does: () => fakeRun(events, sampleResult) };
    const { stdout } = await runCommand([sampleGoal], { steps: [ready, run] });
    expect(stdout.split(`📼 Recorded answers: ${sampleLabel}`)).toHaveLength(3);
  });

  it("runCli() tells how to resume when a run is stopped by an error", async () => {
    const error = new AgentError("MODEL_STREAM_CUT", "Reading the answer: cut\u001b[2J off", {
      blame: "environment",
      isRetryable: true,
    });
    const run: Step = {
      method: "runDirective",
      does: () => fakeRun(sampleEvents.slice(0, 3), error),
    };
    const { code, stderr } = await runCommand([sampleGoal], { steps: [ready, run] });
    expect(code).toBe(3);
    expect(stderr).toContain("autodidact resume run-1");
    expect(stderr).toContain("❌ Reading the answer: cut\\x1b[2J off");
    expect(stderr).toContain("MODEL_STREAM_CUT");
    expect(stderr).not.toContain("run-cli");
  });

  it("runCli() aborts the run when Ctrl-C comes, and answers 130", async () => {
    let interrupt = () => {};
    const run: Step = {
      method: "runDirective",
      does: (_goal: string, { signal }: RunOptions) => {
        const stopped = Promise.withResolvers<never>();
        stopped.promise.catch(() => {});
        signal?.addEventListener("abort", () =>
          stopped.reject(new DOMException("This operation was aborted", "AbortError")),
        );
        return {
          result: stopped.promise,
          async *[Symbol.asyncIterator]() {
            yield* sampleEvents.slice(0, 1);
            interrupt();
          },
        };
      },
    };
    const { code, stderr } = await runCommand([sampleGoal], {
      steps: [ready, run],
      onStart: (press) => {
        interrupt = press;
      },
    });
    expect(code).toBe(130);
    expect(stderr).toContain("Stopping…");
    expect(stderr).toContain(
      "🛑 Running: it was stopped, as you asked; nothing is lost; go on with:\n     autodidact resume run-1\n",
    );
    expect(stderr).not.toContain("❌");
  });

  it("runCli() asks after the contract is shown when --confirm is given", async () => {
    for (const [stdin, wanted] of [
      ["y\n", true],
      ["n\n", false],
      ["", false],
    ] as const) {
      let answer: boolean | undefined;
      const run: Step = {
        method: "runDirective",
        does: (_goal: string, { confirm }: RunOptions) => ({
          result: Promise.resolve(sampleResult),
          async *[Symbol.asyncIterator]() {
            const asked = confirm?.();
            yield* sampleEvents.slice(0, 7);
            yield { type: "confirmation-requested" };
            answer = await asked;
          },
        }),
      };
      await runCommand([sampleGoal, "--confirm"], { steps: [ready, run], stdin });
      expect(answer).toBe(wanted);
    }
  });

  it("runCli() says that the bug is ours when an error is none of the expected ones", async () => {
    const broken: Step = {
      method: "listSkills",
      does: () => {
        throw new TypeError("x is not a function");
      },
    };
    const { code, stderr } = await runCommand(["skills"], { steps: [broken] });
    expect(code).toBe(70);
    expect(stderr).toContain("a bug of autodidact");
    const json = await runCommand(["skills", "--json"], { steps: [broken] });
    expect(JSON.parse(json.stdout)).toMatchObject({
      type: "error",
      code: "INTERNAL",
      exitCode: 70,
    });
  });

  it("runCli() shows the stack when the log level is debug, and writes the workspace's log", async () => {
    const error = new AgentError("DISK_FULL", "Write: full, token=abcdef123456", {
      blame: "environment",
      cause: new Error("ENOSPC"),
    });
    const broken: Step = {
      method: "listSkills",
      does: () => {
        throw error;
      },
    };
    const { code, stderr } = await runCommand(["skills", "--log-level", "debug"], {
      steps: [broken],
    });
    expect(code).toBe(5);
    expect(stderr).toContain("caused by:");
    expect(stderr).not.toContain("abcdef123456");
  });
});

describe("runCli usage", () => {
  it("runCli() writes out what a terminal would obey when commander repeats what was typed", async () => {
    const typed = ["sandbox", "run", "x.py", "--backend", "\u001b[31mfoo\u009b1m"];
    const { code, stderr } = await runCommand(typed, { steps: [] });
    expect(code).toBe(2);
    expect(stderr).toContain("\\x1b[31mfoo\\x9b1m");
    const json = await runCommand(["--json", ...typed], { steps: [] });
    expect(json.stdout).not.toMatch(/(?!\n)\p{Cc}/u);
    expect(JSON.parse(json.stdout)).toMatchObject({ message: expect.stringContaining("\u009b1m") });
  });

  it("runCli() refuses an empty goal and one that is too long", async () => {
    for (const goal of ["  ", "a b".repeat(350_000)]) {
      const { code, stderr } = await runCommand(["run", goal]);
      expect(code).toBe(2);
      expect(stderr).toContain("GOAL_INVALID");
      expect(stderr.length).toBeLessThan(1_000);
    }
  });

  it("runCli() suggests the nearest command when one word is none", async () => {
    const { code, stderr } = await runCommand(["skils"]);
    expect(code).toBe(2);
    expect(stderr).toContain("did you mean skills?");
    const other = await runCommand(["quicksort"]);
    expect(other.stderr).toContain('"Create a quicksort skill"');
  });

  it("runCli() answers 2 when an option is unknown or an argument is missing", async () => {
    expect((await runCommand(["skills", "--nmaes"])).stderr).toContain("--names");
    const { code, stdout } = await runCommand(["use", "--json"]);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ type: "error", code: "USAGE" });
  });

  it("runCli() names flag, value and what is wanted when a setting is wrong", async () => {
    const { code, stderr } = await runCommand(["config", "--max-iterations", "many"]);
    expect(code).toBe(2);
    expect(stderr).toContain('maxIterations from flag --max-iterations is "many"');
    expect((await runCommand(["config", "--set", "suiteCase=4"])).stderr).toContain("suiteCases?");
    expect((await runCommand(["config", "--set", "x"])).stderr).toContain("KEY=VALUE");
  });

  it("runCli() prints help with the exit codes, and the version", async () => {
    const help = await runCommand(["--help"]);
    expect(help.code).toBe(0);
    expect(help.stdout).toContain("3    no model answers");
    const version = await runCommand(["--version"]);
    const { version: wanted } = JSON.parse(readFileSync("package.json", "utf8"));
    expect(version.stdout.trim()).toBe(wanted);
  });

  it("runCli() opens no application when only the settings are asked for", async () => {
    const { stdout, settings } = await runCommand(
      ["config", "--json", "--set", 'safety.patterns=["x"]'],
      { env: { AUTODIDACT_OLLAMA_HOST: "http://me:hunter2@localhost:1" } },
    );
    expect(settings).toBeUndefined();
    expect(stdout).not.toContain("hunter2");
    const values = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(values.find(({ key }) => key === "safety.patterns")).toMatchObject({
      value: ["x"],
      source: "flag --set safety.patterns",
    });
    expect(values.find(({ key }) => key === "ollamaHost")?.source).toBe("AUTODIDACT_OLLAMA_HOST");
  });

  it("runCli() colours when forced, and not when told so or off a terminal", async () => {
    const colour = "\u001b[";
    const out = async (env: NodeJS.ProcessEnv, isTerminal: boolean) =>
      (await runCommand(["config"], { env, isTerminal })).stdout.includes(colour);
    expect(await out({}, false)).toBe(false);
    expect(await out({}, true)).toBe(true);
    expect(await out({ NO_COLOR: "1" }, true)).toBe(false);
    expect(await out({ FORCE_COLOR: "1", NO_COLOR: "1" }, false)).toBe(true);
    expect(await out({ FORCE_COLOR: "0" }, true)).toBe(false);
  });
});
