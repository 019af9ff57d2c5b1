import type { RunResult } from "../../application/application.ts";
import type { AgentEvent } from "../../shared/events.ts";

export const sampleGoal = "Create a JSON validator skill";
export const sampleSkill = "create_a_json_validator_skill";
export const sampleLabel = "written by hand in the shape of a model's answers";

/** A run whose first attempt fails and whose second works. */
export const sampleEvents: readonly AgentEvent[] = [
  {
    type: "run-started",
    runId: "run-1",
    goal: sampleGoal,
    skill: sampleSkill,
    language: "python",
    model: "qwen3-coder",
    maxIterations: 12,
    resumed: false,
    firstAttemptModelCalls: 4,
  },
  { type: "attempt-started", attempt: 1, of: 12 },
  { type: "phase-started", phase: "plan", attempt: 1, detail: sampleGoal },
  { type: "model-called", role: "planner", order: 0, model: "qwen3-coder" },
  { type: "token-received", role: "planner", outputTokens: 7, isThinking: false },
  {
    type: "contract-written",
    contract: { parameters: [{ name: "text", schema: { type: "string" } }] },
    signature: "validate_json(text: string) -> boolean",
    description: "True when the text is JSON.",
  },
  {
    type: "suite-written",
    open: 2,
    sealed: 1,
    examples: 1,
    shown: [
      { kind: "returns", text: 'validate_json("{}") => true', origin: "example" },
      { kind: "returns", text: 'validate_json("{") => false', origin: "model" },
    ],
  },
  { type: "phase-started", phase: "write", attempt: 1, detail: `${sampleSkill}.py` },
  { type: "skill-file-written", path: `agent_workspace/skills/${sampleSkill}.py` },
  { type: "phase-started", phase: "test", attempt: 1, detail: sampleSkill },
  { type: "case-passed", attempt: 1, sealed: false, case: { kind: "returns", origin: "example" } },
  {
    type: "case-failed",
    attempt: 1,
    sealed: false,
    case: { kind: "returns", text: 'validate_json("{") => false', origin: "model" },
    detail: "expected false, got \u001b[31mtrue",
  },
  { type: "verdict-reached", attempt: 1, passed: false, passedCases: 1, cases: 3 },
  { type: "phase-started", phase: "analyze", attempt: 1, detail: "Results" },
  { type: "analysis-written", attempt: 1, text: "It never parses." },
  { type: "attempt-failed", attempt: 1, kind: "wrong-value", detail: "expected false" },
  { type: "attempt-started", attempt: 2, of: 12 },
  { type: "phase-started", phase: "test", attempt: 2, detail: sampleSkill },
  {
    type: "case-passed",
    attempt: 2,
    sealed: false,
    case: { kind: "returns", origin: "model" },
  },
  { type: "case-passed", attempt: 2, sealed: true, case: { kind: "returns", origin: "model" } },
  { type: "verdict-reached", attempt: 2, passed: true, passedCases: 3, cases: 3 },
  { type: "phase-started", phase: "analyze", attempt: 2, detail: "Results" },
  {
    type: "skill-admitted",
    skill: sampleSkill,
    path: `agent_workspace/skills/${sampleSkill}.py`,
    certificate: "c.json",
    runtime: "cpython-3.14/wasm",
  },
  {
    type: "run-finished",
    runId: "run-1",
    skill: sampleSkill,
    status: "completed",
    attempts: 2,
    modelCalls: 6,
    promptTokens: 1_000,
    outputTokens: 234,
    durationMs: 1_500,
  },
];

export const sampleResult: RunResult = {
  runId: "run-1",
  goal: sampleGoal,
  status: "completed",
  skill: sampleSkill,
  offered: false,
  attempts: 2,
  modelCalls: 6,
};
