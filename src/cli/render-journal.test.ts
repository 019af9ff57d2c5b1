import { describe, expect, it } from "vitest";
import { renderJournal, renderPrompts } from "./render-journal.ts";
import { sampleEvents, sampleGoal } from "./testing/sample-run.ts";

type Entries = Parameters<typeof renderJournal>[0];

const style = (_style: string, text: string) => text;
const at = "2026-11-27T10:00:00.000Z";
const started = { type: "run-started", at, runId: "run-1", goal: sampleGoal };
const options = {
  ...{ style, isVerbose: false, commandLine: (text: string) => text, columns: () => 100 },
  ...{ cwd: "/", workspaceRoot: "/w" },
} as unknown as Parameters<typeof renderJournal>[1];

/** What only a person who edits a journal, or a stranger, puts there. */
const changed = (...entries: object[]) => [started, ...entries] as unknown as Entries;
const title = "\u001b]0;title\u0007";

describe("renderJournal()", () => {
  it("renderJournal() says which entries were changed so that they cannot be shown", () => {
    const entries = changed(
      { type: "event", at, event: { type: "case-failed", detail: 5 } },
      { type: "event", at, event: { type: "constructor" } },
      ...sampleEvents.map((event) => ({ type: "event", at, event })),
    );
    for (const asSeen of [false, true]) {
      const lines = renderJournal(entries, options, { asSeen }).map(String);
      expect(lines.filter((line) => line.includes("cannot be shown, it was changed"))).toHaveLength(
        2,
      );
      expect(lines.length).toBeGreaterThan(5);
    }
  });

  it("renderJournal() and renderPrompts() write out the control characters of whatever stands there", () => {
    const answer = { text: "", thinking: "", model: title, promptTokens: 1, outputTokens: 1 };
    const entries = changed(
      { type: "event", at, event: { type: "attempt-started", attempt: title, of: title } },
      {
        ...{ type: "model-answered", at, role: title, order: 0 },
        messages: [{ role: title, content: title }],
        answer: { ...answer, durationMs: 1 },
      },
    );
    const shown = [
      renderJournal(entries, options),
      renderJournal(entries, options, { asSeen: true }),
      renderPrompts(entries, style),
    ];
    const text = JSON.stringify(shown);
    expect(text).toContain("x1b]0;title");
    expect(text).not.toContain("u001b");
  });
});
