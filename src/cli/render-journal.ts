import type { Application } from "../application/application.ts";
import { createEventRenderer } from "./render-event.ts";
import { renderTimeline } from "./render-timeline.ts";
import { unlessChanged } from "./run-lines.ts";
import type { RenderOptions } from "./run-memory.ts";
import { safeLine, safeText } from "./safe-text.ts";
import { type Line, type Screen, verbatim } from "./screen.ts";

type Entry = Awaited<ReturnType<Application["showRun"]>>[number];

export interface JournalView {
  /** As it was seen while it ran, instead of a timeline with its end. */
  readonly asSeen?: boolean;
  /** Nobody knows here whether it ended. */
  readonly isDamaged?: boolean;
}

/** Returns the lines that tell of a run. */
export function renderJournal(
  written: readonly Entry[],
  options: RenderOptions,
  { asSeen = false, isDamaged = false }: JournalView = {},
): Line[] {
  const entries = withoutControls(written);
  const render = createEventRenderer(options);
  const started = entries.find((entry) => entry.type === "run-started");
  const heading =
    started === undefined
      ? []
      : [options.style("bold", `Run ${safeLine(started.runId)} of ${safeLine(started.at)}`)];
  const timeline = asSeen ? [] : [...renderTimeline(entries, options.style), ""];
  const last = entries.findLast(({ type }) => type === "run-finished" || type === "run-resumed");
  // That of a run that waits says how to go on.
  const hasEnded = last?.type === "run-finished";
  const lines = entries.flatMap((entry) => {
    const shown = entry.type === "event" ? unlessChanged(entry, () => render(entry.event)) : [];
    const isEnd =
      entry.type === "event" &&
      (entry.event.type === "run-finished" || entry.event.type === "budget-reached");
    return asSeen || isEnd ? shown : [];
  });
  const runId = started === undefined ? "" : safeLine(started.runId);
  const ending =
    hasEnded || isDamaged
      ? []
      : [
          "⏸  Not finished; go on with:",
          verbatim(`     ${options.commandLine(`resume ${runId}`)}`),
        ];
  return [...heading, ...timeline, ...lines, ...ending];
}

/** Returns every prompt as it was sent, and what came back. */
export function renderPrompts(written: readonly Entry[], style: Screen["style"]): Line[] {
  const entries = withoutControls(written);
  const started = entries.find((entry) => entry.type === "run-started");
  const label = started?.recordingLabel;
  const heading =
    label === undefined ? [] : [style("yellow", `📼 Recorded answers: ${safeLine(label)}`)];
  const answers = entries.filter((entry) => entry.type === "model-answered");
  return [...heading, ...answers.flatMap((entry) => renderCall(entry, style))];
}

/** A journal may be a stranger's, with text where a number or a role is printed as it stands. */
function withoutControls(entries: readonly Entry[]): readonly Entry[] {
  return JSON.parse(JSON.stringify(entries), (_key, value) =>
    typeof value === "string" ? safeText(value) : value,
  );
}

function renderCall(
  entry: Extract<Entry, { type: "model-answered" }>,
  style: Screen["style"],
): Line[] {
  const { role, order, messages, answer } = entry;
  const cost = `${answer.promptTokens} + ${answer.outputTokens} tokens, ${(answer.durationMs / 1_000).toFixed(1)} s`;
  return [
    style("bold", `═══ ${role} ${order} · ${safeLine(answer.model)} · ${cost}`),
    ...messages.flatMap((message) => [
      style("cyan", `─── ${message.role}`),
      ...paragraphs(message.content),
    ]),
    ...(answer.thinking === ""
      ? []
      : [style("cyan", "─── thinking"), ...paragraphs(answer.thinking)]),
    ...(entry.leftOut === undefined
      ? []
      : [style("cyan", "─── left out to fit the window"), ...entry.leftOut.map(safeLine)]),
    style("cyan", "─── answer"),
    ...paragraphs(answer.text),
    "",
  ];
}

/** Prose that may be wrapped, and code and JSON that may not. */
function paragraphs(text: string): Line[] {
  const shown = safeText(text);
  if (/^\s*[{[]/.test(shown)) {
    return [verbatim(shown)];
  }
  let isFenced = false;
  return shown.split("\n").map((line) => {
    const isFence = /^\s*(?:```|~~~)/.test(line);
    isFenced = isFence ? !isFenced : isFenced;
    return isFence || isFenced ? verbatim(line) : line;
  });
}
