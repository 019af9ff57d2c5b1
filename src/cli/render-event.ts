import type { AgentEvent, Phase } from "../shared/events.ts";
import {
  renderAddedCases,
  renderComparison,
  renderMutants,
  renderPeerQuestions,
  renderQuarantine,
  renderQuestions,
  renderRepeats,
  renderSuiteRefusal,
  renderTrial,
} from "./render-proof.ts";
import { renderRunEnd } from "./render-run-end.ts";
import { describeCase, dim, indent, line } from "./run-lines.ts";
import { count, newRunMemory, type RenderOptions, type RunMemory } from "./run-memory.ts";
import { safeLine, safeText, shorten } from "./safe-text.ts";
import { sampleInput } from "./sample-input.ts";
import { type Line, verbatim } from "./screen.ts";

const phases: Record<Phase, string> = {
  plan: "🧠 PLANNING",
  write: "📝 WRITING",
  test: "🧪 TESTING",
  analyze: "🔍 ANALYZING",
};
const maxFailuresShown = 3;

type Kind = AgentEvent["type"];
type EventOf<K extends Kind> = Extract<AgentEvent, { type: K }>;
type Renderers = { readonly [K in Kind]: (event: EventOf<K>, memory: RunMemory) => Line[] };

const nothing = (): string[] => [];

/** What each event looks like; a new kind of event does not compile until it has a line here. */
const renderers: Renderers = {
  "run-started": renderStart,
  "skill-offered": renderOffer,
  "goal-examples-read": renderGoalExamples,
  "attempt-started": renderAttemptStart,
  "phase-started": (event) => [`${phases[event.phase]}: ${safeLine(event.detail)}`],
  "phase-finished": nothing,
  "skills-recalled": (event, memory) =>
    dim(memory, `${indent}Recalled working skills: ${line(event.skills.join(", "))}`),
  "failures-recalled": renderRecall,
  "model-called": nothing,
  "token-received": nothing,
  "model-answered": nothing,
  "model-switched": renderSwitch,
  "prompt-shortened": (event, memory) =>
    dim(
      memory,
      `${indent}Left out of the ${event.role}'s prompt, to fit ${event.contextTokens} tokens: ${line(event.leftOut.join("; "))}`,
    ),
  "budget-reached": (event, { options }) => [
    options.style("yellow", `⏸  Budget reached: ${safeLine(event.message)}`),
  ],
  "prompt-differed": renderPromptDifference,
  "answer-repaired": (event, memory) =>
    dim(memory, `${indent}Asked again, the answer was unusable: ${line(event.problem)}`),
  "contract-written": renderContract,
  "case-dropped": (event, memory) =>
    dim(memory, `${indent}Dropped: ${line(event.text)} (${line(event.reason)})`),
  "suite-written": renderSuite,
  "suite-refused": renderSuiteRefusal,
  "sealed-cases-replaced": (event, memory) =>
    dim(
      memory,
      `${indent}${count(event.spent, "sealed case")} opened after failing twice, ${event.replaced} new sealed`,
    ),
  "confirmation-requested": nothing,
  "confirmation-answered": (event) => (event.accepted ? [] : [`${indent}Declined.`]),
  "candidate-written": nothing,
  "candidate-refused": renderRefusal,
  "skill-file-written": (event, memory) => {
    memory.skillPath = event.path;
    return [];
  },
  "case-passed": (event, memory) => {
    memory[event.sealed ? "sealedPassed" : "openPassed"] += 1;
    memory.sealedRan += event.sealed ? 1 : 0;
    return [];
  },
  "case-failed": renderCaseFailure,
  "verdict-reached": renderVerdict,
  "analysis-written": (event, memory) =>
    event.text.trim() === "" ? [] : dim(memory, `${indent}${line(event.text.trim())}`),
  "analysis-objected": (event) => [
    `${indent}The analysis doubts this input: ${line(event.detail)}`,
  ],
  "candidates-compared": renderComparison,
  "case-tried": renderTrial,
  "peers-questioned": renderPeerQuestions,
  "suite-repeated": renderRepeats,
  "case-quarantined": renderQuarantine,
  "mutants-tried": renderMutants,
  "mutants-questioned": renderQuestions,
  "cases-added": renderAddedCases,
  "attempt-failed": renderAttemptFailure,
  "skill-admitted": (event, memory) => {
    memory.skillPath = event.path;
    memory.runtime = event.runtime;
    return [];
  },
  "skill-unproven": (event, memory) => {
    memory.skillPath = event.path;
    memory.missing = event.missing;
    return [];
  },
  "file-made": (event) => [`${indent}Made: ${safeLine(event.path)}`],
  "warning-raised": (event, memory) =>
    safeText(event.message)
      .split("\n")
      .map((text, index) =>
        memory.options.style("yellow", `${index === 0 ? "⚠️  " : indent}${text}`),
      ),
  "run-finished": renderRunEnd,
};

/**
 * Returns a function that turns the events of one run, in order, into the lines a person sees.
 * What models and skills wrote is shown with control characters written out.
 */
export function createEventRenderer(options: RenderOptions): (event: AgentEvent) => Line[] {
  const memory = newRunMemory(options);
  return (event) => Reflect.apply(renderers[event.type], undefined, [event, memory]);
}

const switchReasons: Record<EventOf<"model-switched">["why"], string> = {
  down: "is down",
  format: "gave three answers that could not be read",
  "none-answered": "is the last of its chain and down too",
};

function renderSwitch(event: EventOf<"model-switched">, memory: RunMemory): string[] {
  const code = event.code === "" ? "" : ` (${safeLine(event.code)})`;
  const from = `${safeLine(event.from)} ${switchReasons[event.why]}${code}`;
  const text = `🔀 ${from}; the ${event.role}'s model is now ${safeLine(event.to)}`;
  return [memory.options.style("yellow", text)];
}

/** Told once in full: a goal in other words makes every prompt of the run differ in the same way. */
function renderPromptDifference(event: EventOf<"prompt-differed">, memory: RunMemory): string[] {
  memory.promptsDiffered += 1;
  const text = `${indent}The recorded prompt differs (${event.role} ${event.order}): ${line(event.detail)}`;
  return memory.promptsDiffered > 1 ? [] : dim(memory, text);
}

function renderOffer(event: EventOf<"skill-offered">, { options }: RunMemory): Line[] {
  const skill = safeLine(event.skill);
  return [
    `✅ A working skill meets this goal already: ${options.style("bold", skill)}`,
    verbatim(`${indent}Use it: ${options.commandLine(`use ${skill}`, "<JSON>")}`),
    `${indent}Make another: the same command with --again`,
  ];
}

function renderGoalExamples(event: EventOf<"goal-examples-read">, memory: RunMemory): string[] {
  const lines = event.examples.map((example) => `${indent}  ${line(example.line)}`);
  const said = event.taken
    ? "From the goal's own text, and law for this skill:"
    : "Not held to, as you said, though the goal's text has them:";
  return [`📌 ${said}`, ...lines.flatMap((text) => dim(memory, text))];
}

function renderRecall(event: EventOf<"failures-recalled">, memory: RunMemory): string[] {
  const text = `${indent}Recalled ${count(event.count, "earlier failure")}`;
  return event.count === 0 ? [] : dim(memory, text);
}

function renderContract(event: EventOf<"contract-written">, memory: RunMemory): string[] {
  memory.sampleInput = sampleInput(event.contract);
  const { style } = memory.options;
  return [
    `${indent}Contract: ${style("bold", safeLine(event.signature))}`,
    `${indent}${style("dim", shorten(safeLine(event.description), 1_000))}`,
  ];
}

function renderAttemptStart(event: EventOf<"attempt-started">, memory: RunMemory): string[] {
  memory.openPassed = 0;
  memory.sealedPassed = 0;
  memory.sealedRan = 0;
  memory.failuresShown = 0;
  memory.failuresHidden = 0;
  memory.isExplained = false;
  const heading = memory.options.style("bold", `Attempt ${event.attempt} of ${event.of}`);
  return event.attempt === 1 ? [] : ["", heading];
}

/** The planner's chain, and who differs from it. */
function describeModels({ model, chains }: EventOf<"run-started">): string {
  if (chains === undefined) {
    return model;
  }
  const [first = model, ...others] = Object.entries(chains).map(([role, names], index) =>
    index === 0 ? names.join(", then ") : `${role} ${names.join(", then ")}`,
  );
  const different = others.filter((text) => !text.endsWith(` ${first}`));
  return [first, ...different].join(" · ");
}

function renderStart(event: EventOf<"run-started">, memory: RunMemory): string[] {
  const { style } = memory.options;
  memory.goal = event.goal;
  memory.recordingLabel = event.recordingLabel;
  const calls = `at most ${event.firstAttemptModelCalls} model calls if attempt 1 succeeds`;
  const lines = [];
  if (event.recordingLabel !== undefined) {
    lines.push(style("yellow", `📼 Recorded answers: ${safeLine(event.recordingLabel)}`));
  }
  lines.push(
    style(
      "dim",
      `${safeLine(describeModels(event))} · ${event.language} · ${calls} · run ${safeLine(event.runId)}`,
    ),
  );
  return event.resumed ? [...lines, `Resumed: answers given before are not asked again.`] : lines;
}

function renderSuite(event: EventOf<"suite-written">, memory: RunMemory): Line[] {
  const { style } = memory.options;
  memory.sealedCases = event.sealed;
  const own = event.examples === 0 ? "" : `, ${event.examples} of them yours`;
  const heading = `${indent}Cases: ${event.open} open and ${event.sealed} sealed${own}`;
  const shown = event.shown
    .filter(({ text }) => text !== undefined)
    .map((summary) => verbatim(`${indent}  ${style("cyan", describeCase(summary))}`));
  return [heading, ...shown.slice(0, 3)];
}

function renderRefusal(event: EventOf<"candidate-refused">, memory: RunMemory): string[] {
  memory.isExplained = true;
  const approval = `${indent}A person would have to approve that; this version cannot ask, so it is refused.`;
  return [
    `${memory.options.style("red", "❌")} Refused before it was executed:`,
    ...event.reasons.map((reason) => `${indent}${line(reason)}`),
    ...(event.needsApproval ? [approval] : []),
  ];
}

function renderCaseFailure(event: EventOf<"case-failed">, memory: RunMemory): Line[] {
  memory.isExplained = true;
  memory.sealedRan += event.sealed ? 1 : 0;
  if (memory.failuresShown >= maxFailuresShown) {
    memory.failuresHidden += 1;
    return [];
  }
  memory.failuresShown += 1;
  const cross = memory.options.style("red", "❌");
  // Even on the person's screen a sealed case stays sealed: it could be pasted into the next goal.
  return event.sealed
    ? [`${indent}${cross} a sealed case`]
    : [
        verbatim(`${indent}${cross} ${describeCase(event.case)}`),
        `${indent}   ${line(event.detail)}`,
      ];
}

function renderVerdict(event: EventOf<"verdict-reached">, memory: RunMemory): string[] {
  const { style } = memory.options;
  if (event.passed) {
    return [`${style("green", "✓")} Test passed`];
  }
  const failed = memory.failuresShown + memory.failuresHidden;
  const ran = memory.openPassed + memory.sealedPassed + failed;
  const more = memory.failuresHidden === 0 ? [] : [`${indent}… and ${memory.failuresHidden} more`];
  if (failed === 0) {
    // The program failed before any case: what was wrong follows with the end of the attempt.
    return [`${style("red", "❌")} Test failed`];
  }
  // Sealed cases wait for every open one to pass; only a case that should have run is news.
  const sealedWaiting = memory.sealedRan === 0 ? memory.sealedCases : 0;
  const missing = event.cases - ran - sealedWaiting;
  const notRun = missing > 0 ? `, ${missing} not run` : "";
  return [
    ...more,
    `${style("red", "❌")} Test failed: ${ran - failed} of ${count(ran, "case")} passed${notRun}`,
  ];
}

function renderAttemptFailure(event: EventOf<"attempt-failed">, memory: RunMemory): string[] {
  // Cases and reasons were shown already; their summary would only repeat them.
  return memory.isExplained
    ? []
    : [`${memory.options.style("red", "❌")} ${line(event.kind)}: ${line(event.detail)}`];
}
