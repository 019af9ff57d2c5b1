import { describeUnanswered } from "../application/describe-unanswered.ts";
import type { AgentEvent } from "../shared/events.ts";
import { describeCase, dim, indent, line } from "./run-lines.ts";
import { count, type RunMemory } from "./run-memory.ts";
import { type Line, verbatim } from "./screen.ts";

type EventOf<K extends AgentEvent["type"]> = Extract<AgentEvent, { type: K }>;

/** What a person sees of the tests that test a suite. */
export function renderSuiteRefusal(event: EventOf<"suite-refused">, memory: RunMemory): string[] {
  const cross = memory.options.style("red", "❌");
  return [`${indent}${cross} Weak suite: a program passes it that ${line(event.reason)}`];
}

export function renderRepeats(event: EventOf<"suite-repeated">, memory: RunMemory): string[] {
  const held =
    event.wavering === 0 ? "the same verdicts" : `${count(event.wavering, "case")} wavered`;
  const varied = event.varied.length === 0 ? "" : `, each with another ${listed(event.varied)}`;
  return dim(memory, `🔁 ${count(event.runs, "run")}${line(varied)}: ${held}`);
}

function listed(words: readonly string[]): string {
  const before = words.slice(0, -1).join(", ");
  return before === "" ? words.join("") : `${before} and ${words.at(-1)}`;
}

export function renderQuarantine(event: EventOf<"case-quarantined">, memory: RunMemory): Line[] {
  memory[event.sealed ? "sealedPassed" : "openPassed"] -= 1;
  const mark = memory.options.style("yellow", "⚠️ ");
  return event.sealed
    ? [`${indent}${mark} Wavers, judges no more: a sealed case`]
    : [
        verbatim(`${indent}${mark} Wavers, judges no more: ${describeCase(event.case)}`),
        `${indent}   ${line(event.detail)}`,
      ];
}

export function renderMutants(event: EventOf<"mutants-tried">, memory: RunMemory): string[] {
  const parts = [
    `${event.killed} killed`,
    ...(event.unknown > 0 ? [`${event.unknown} unknown`] : []),
    ...(event.trivial === undefined || event.trivial === 0 ? [] : [`${event.trivial} trivial`]),
    ...(event.equivalent > 0 ? [`${event.equivalent} equivalent`] : []),
    `${event.survived} survived`,
  ];
  const unanswered =
    event.unanswered === undefined || event.round > 0
      ? []
      : [`${indent}${memory.options.style("yellow", line(describeUnanswered(event.unanswered)))}`];
  return [`🧬 ${count(event.made, "mutant")}: ${parts.join(", ")}`, ...unanswered];
}

export function renderQuestions(event: EventOf<"mutants-questioned">, memory: RunMemory): string[] {
  const calls = count(event.calls, "call");
  return dim(memory, `${indent}Too few: asking the tester about ${calls} that tell them apart`);
}

export function renderPeerQuestions(
  event: EventOf<"peers-questioned">,
  memory: RunMemory,
): string[] {
  const calls = count(event.calls, "call");
  return dim(memory, `${indent}Other programs answer otherwise: asking the tester about ${calls}`);
}

export function renderAddedCases(event: EventOf<"cases-added">, memory: RunMemory): Line[] {
  const { style } = memory.options;
  const heading = `${indent}Added: ${count(event.cases.length, "open case")}`;
  const shown = event.cases.map((one) =>
    verbatim(`${indent}  ${style("cyan", describeCase(one))}`),
  );
  return [heading, ...shown.slice(0, 3)];
}

export function renderTrial(event: EventOf<"case-tried">, { options }: RunMemory): Line[] {
  const end = event.removed ? options.style("yellow", "it falls") : "it stands";
  const text = `${count(event.programs, "program")} answer otherwise, the tester was asked again: ${end}`;
  return [verbatim(`⚖️  ${describeCase(event.case)}`), `${indent}${text}`];
}

export function renderComparison(event: EventOf<"candidates-compared">): string[] {
  const { programs, behaviours, agreement, decisiveInputs } = event;
  const behave = `${count(programs, "program")}, ${count(behaviours, "behaviour")}`;
  const agreed =
    agreement === null
      ? "no input decides between them"
      : `the best agrees on ${Math.round(agreement * 100)} % of ${count(decisiveInputs, "input")}`;
  return [`${indent}${behave}: ${agreed}`];
}
