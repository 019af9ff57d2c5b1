import { describe, expect, it } from "vitest";
import type { AgentEvent } from "../shared/events.ts";
import { createEventRenderer } from "./render-event.ts";
import { renderTimeline } from "./render-timeline.ts";
import { sampleEvents, sampleGoal } from "./testing/sample-run.ts";

type Entries = Parameters<typeof renderTimeline>[0];

const plain = (_style: string, text: string) => text;
const started = {
  type: "run-started",
  at: "2026-11-27T10:00:00.000Z",
  schemaVersion: 1,
  runId: "run-1",
  goal: sampleGoal,
  options: {},
  settings: {},
} as const;

function event(one: AgentEvent, at: string): Entries[number] {
  return { type: "event", at, event: one };
}

function answered(at: string, problem?: string): Entries[number] {
  const answer = {
    text: "",
    thinking: "",
    model: "qwen3-coder",
    promptTokens: 512,
    outputTokens: 64,
    durationMs: 7_250,
    firstTokenMs: 1,
    ...(problem === undefined ? {} : { problem }),
  };
  return { type: "model-answered", at, role: "coder", order: 1, messages: [], answer };
}

describe("renderTimeline", () => {
  it("renderTimeline() gives time, step, tokens and decisions, an attempt a heading", () => {
    const lines = renderTimeline(
      [
        started,
        ...sampleEvents.map((one, index) =>
          event(one, new Date(Date.parse(started.at) + index * 1_500).toISOString()),
        ),
        answered("2026-11-27T11:00:00.000Z"),
      ],
      plain,
    );
    expect(lines.slice(0, 5)).toEqual([
      `  0:00.0  start     ${sampleGoal}`,
      "",
      "Attempt 1 of 12",
      "  0:07.5  plan      contract validate_json(text: string) -> boolean",
      "  0:09.0  plan      suite: 2 open and 1 sealed cases, 1 yours",
    ]);
    const text = lines.join("\n");
    expect(text).toContain("test      failed, 1 of 3 cases");
    expect(text).toContain("decided   attempt lost, wrong-value: expected false");
    expect(text).toContain("got \\x1b[31mtrue");
    expect(text).toContain("Attempt 2 of 12");
    expect(lines.at(-1)).toBe(
      " 60:00.0  coder     answer 2 of qwen3-coder, 512 + 64 tokens, 7.3 s",
    );
  });

  it("renderTimeline() and the run itself say which generated inputs end the code", () => {
    const tried: AgentEvent = {
      ...{ type: "mutants-tried", attempt: 1, round: 0, made: 10, killed: 8, survived: 1 },
      ...{ unknown: 1, equivalent: 0, score: 8 / 9, minimum: 0.8 },
      unanswered: { tried: 40, deaths: [{ reason: "timeout", inputs: 3, example: [0, "\u001b"] }] },
    };
    const told = 'no answer to 3 of 40 generated inputs (3 too slow, as for [0, "\\u001b"])';
    expect(renderTimeline([started, event(tried, started.at)], plain).at(-1)).toBe(
      `  0:00.0  prove     10 mutants: 8 killed, 1 survived, 1 unknown; ${told}`,
    );
    const render = createEventRenderer({ style: plain, commandLine: (text) => text, cwd: "/" });
    expect(render(tried)).toEqual(["🧬 10 mutants: 8 killed, 1 unknown, 1 survived", `   ${told}`]);
    expect(render({ ...tried, round: 1 })).toHaveLength(1);
  });

  it("renderTimeline() says when the clock went back, and what was wrong with an answer", () => {
    const lines = renderTimeline(
      [
        started,
        answered("2026-11-27T09:59:00.000Z", "the window is full"),
        { ...started, at: "?" },
      ],
      plain,
    );
    expect(lines.slice(1)).toEqual([
      " -1:00.0  the clock went back by 1:00.0",
      " -1:00.0  coder     answer 2 of qwen3-coder, 512 + 64 tokens, 7.3 s: the window is full",
      `       ?  start     ${sampleGoal}`,
    ]);
  });
});
