import type { Application } from "../application/application.ts";
import { describeUnanswered } from "../application/describe-unanswered.ts";
import type { AgentEvent } from "../shared/events.ts";
import { describeCase, line, unlessChanged } from "./run-lines.ts";
import { count } from "./run-memory.ts";
import { safeLine } from "./safe-text.ts";
import type { Line, Screen } from "./screen.ts";

type Entry = Awaited<ReturnType<Application["showRun"]>>[number];
type Kind = AgentEvent["type"];
type EventOf<K extends Kind> = Extract<AgentEvent, { type: K }>;

interface Row {
  /** Who acted: a role of the model, or a step of the loop. */
  readonly step: string;
  readonly what: string;
  readonly tone?: "green" | "red" | "yellow";
}

const stepWidth = 8;
const timeWidth = 8;

/** Returns a run as a table of time since its start, step, and what was decided, an attempt a heading. */
export function renderTimeline(entries: readonly Entry[], style: Screen["style"]): Line[] {
  const started = Date.parse(entries[0]?.at ?? "");
  const lines: Line[] = [];
  let before = started;
  for (const entry of entries) {
    const at = Date.parse(entry.at);
    const time = style("dim", formatTime(at - started).padStart(timeWidth));
    if (before - at > 1_000) {
      const back = formatTime(before - at);
      lines.push(`${time}  ${style("yellow", `the clock went back by ${back}`)}`);
    }
    before = at;
    lines.push(...unlessChanged(entry, () => renderEntry(entry, time, style)));
  }
  return lines;
}

function renderEntry(entry: Entry, time: string, style: Screen["style"]): Line[] {
  if (entry.type === "event" && entry.event.type === "attempt-started") {
    const { attempt, of } = entry.event;
    return ["", style("bold", `Attempt ${attempt} of ${of}`)];
  }
  const row = rowOf(entry);
  if (row === undefined) {
    return [];
  }
  const { step, what, tone } = row;
  const text = tone === undefined ? what : style(tone, what);
  return [`${time}  ${step.padEnd(stepWidth)}  ${text}`];
}

/** `0:07.3`, `12:00.0`, with a minus where the clock was set back. */
function formatTime(milliseconds: number): string {
  if (Number.isNaN(milliseconds)) {
    return "?";
  }
  const tenths = Math.round(Math.abs(milliseconds) / 100);
  const minutes = Math.floor(tenths / 600);
  const seconds = ((tenths % 600) / 10).toFixed(1).padStart(4, "0");
  return `${milliseconds < 0 ? "-" : ""}${minutes}:${seconds}`;
}

function rowOf(entry: Entry): Row | undefined {
  switch (entry.type) {
    case "run-started":
      return { step: "start", what: line(entry.goal) };
    case "run-resumed":
      return { step: "resume", what: "went on after it was cut off", tone: "yellow" };
    case "model-answered": {
      const { role, order, answer } = entry;
      const tokens = `${answer.promptTokens} + ${answer.outputTokens} tokens`;
      const seconds = `${(answer.durationMs / 1_000).toFixed(1)} s`;
      const what = `answer ${order + 1} of ${safeLine(answer.model)}, ${tokens}, ${seconds}`;
      return answer.problem === undefined
        ? { step: role, what }
        : { step: role, what: `${what}: ${line(answer.problem)}`, tone: "red" };
    }
    case "event":
      return rowOfEvent(entry.event);
    case "step-recorded":
    case "run-finished":
      return undefined;
  }
}

function rowOfEvent(event: AgentEvent): Row | undefined {
  const row = rows[event.type];
  return row === undefined ? undefined : Reflect.apply(row, undefined, [event]);
}

const rows: { readonly [K in Kind]?: (event: EventOf<K>) => Row | undefined } = {
  "goal-examples-read": ({ examples, taken }) =>
    plan(`${count(examples.length, "example")} of the goal's text${taken ? "" : ", not held to"}`),
  "skills-recalled": ({ skills }) => plan(`recalled skills: ${line(skills.join(", "))}`),
  "failures-recalled": (event) =>
    event.count === 0 ? undefined : plan(`recalled ${count(event.count, "earlier failure")}`),
  "prompt-differed": ({ role, order }) => ({
    step: role,
    what: `prompt ${order + 1} differs from the recorded one`,
    tone: "yellow",
  }),
  "answer-repaired": ({ role, problem }) => ({
    step: role,
    what: `unreadable, asked once more: ${line(problem)}`,
    tone: "yellow",
  }),
  "contract-written": ({ signature }) => plan(`contract ${line(signature)}`),
  "case-dropped": ({ text, reason }) => plan(`dropped ${line(text)}: ${line(reason)}`),
  "suite-written": ({ open, sealed, examples }) =>
    plan(
      `suite: ${open} open and ${sealed} sealed cases${examples === 0 ? "" : `, ${examples} yours`}`,
    ),
  "suite-refused": ({ reason }) => ({
    ...plan(`suite refused: a program passes it that ${line(reason)}`),
    tone: "red",
  }),
  "sealed-cases-replaced": ({ spent, replaced }) =>
    plan(`${count(spent, "sealed case")} opened, ${replaced} new sealed`),
  "confirmation-answered": ({ accepted }) => ({
    step: "person",
    what: accepted ? "said yes" : "said no",
  }),
  "candidate-written": ({ lines: amount, codeDigest }) => ({
    step: "write",
    what: `program of ${count(amount, "line")}, ${safeLine(codeDigest).slice(0, 15)}`,
  }),
  "candidate-refused": ({ reasons }) => ({
    step: "safety",
    what: `refused: ${line(reasons.join("; "))}`,
    tone: "red",
  }),
  "candidates-compared": ({ programs, behaviours }) => ({
    step: "compare",
    what: `${count(programs, "program")}, ${count(behaviours, "behaviour")}`,
  }),
  "case-failed": ({ case: one, sealed, detail }) => ({
    step: "test",
    what: sealed ? "a sealed case failed" : `${describeCase(one)}: ${line(detail)}`,
    tone: "red",
  }),
  "verdict-reached": ({ passed, passedCases, cases }) => ({
    step: "test",
    what: `${passed ? "passed" : "failed"}, ${passedCases} of ${count(cases, "case")}`,
    tone: passed ? "green" : "red",
  }),
  "analysis-written": ({ text }) =>
    text.trim() === "" ? undefined : { step: "analyze", what: line(text.trim()) },
  "analysis-objected": ({ detail }) => ({
    step: "analyze",
    what: `doubts ${line(detail)}`,
    tone: "yellow",
  }),
  "case-tried": ({ case: one, programs, removed }) => ({
    step: "trial",
    what: `${describeCase(one)}: ${count(programs, "program")} answer otherwise, it ${removed ? "falls" : "stands"}`,
  }),
  "suite-repeated": ({ runs, wavering }) =>
    prove(
      `${count(runs, "run")}: ${wavering === 0 ? "the same verdicts" : `${count(wavering, "case")} wavered`}`,
    ),
  "case-quarantined": ({ sealed, case: one }) =>
    prove(`wavers, judges no more: ${sealed ? "a sealed case" : describeCase(one)}`),
  "mutants-tried": ({ made, killed, survived, unknown, unanswered }) => {
    const ended = unanswered === undefined ? "" : `; ${line(describeUnanswered(unanswered))}`;
    const fates = `${killed} killed, ${survived} survived, ${unknown} unknown`;
    return prove(`${count(made, "mutant")}: ${fates}${ended}`);
  },
  "mutants-questioned": ({ calls }) => prove(`asked the tester about ${count(calls, "call")}`),
  "cases-added": ({ cases }) => prove(`${count(cases.length, "open case")} added`),
  "attempt-failed": ({ kind, detail }) => ({
    step: "decided",
    what: `attempt lost, ${line(kind)}: ${line(detail)}`,
    tone: "red",
  }),
  "skill-admitted": ({ runtime }) => ({
    step: "decided",
    what: `admitted, proven on ${line(runtime)}`,
    tone: "green",
  }),
  "skill-unproven": ({ missing }) => ({
    step: "decided",
    what: `unproven: ${line(missing.join("; "))}`,
    tone: "yellow",
  }),
  "file-made": ({ path }) => ({ step: "test", what: `made ${line(path)}` }),
  "warning-raised": ({ message }) => ({ step: "warning", what: line(message), tone: "yellow" }),
};

function plan(what: string): Row {
  return { step: "plan", what };
}

function prove(what: string): Row {
  return { step: "prove", what };
}
