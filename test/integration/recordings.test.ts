import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { type RecordingSource, readRecordingSource } from "../../scripts/recordings-source.ts";
import { openPackagedRecordings } from "../../src/model/replay-model.ts";
import type { AgentEvent } from "../../src/shared/events.ts";
import { packageRoot } from "../../src/shared/package-root.ts";
import { refusedHost } from "../support/ollama-server.ts";
import { testSize } from "../support/requirements.ts";
import { openTemporaryApplication } from "../support/temporary-application.ts";
import { errorOf, follow, ofType } from "./run-support.ts";

const sources = await readSources();
/**
 * A quick run plays these, which fail in every kind of way first; one that succeeds at once is played
 * where no server answers.
 */
const quickSources = new Set([
  "csv-parser-python",
  "regex-pattern-matcher-python",
  "url-parser-typescript",
  "xml-processor-python",
]);
const played = sources.filter(([name]) => quickSources.has(name) || testSize(0, 1, 1) === 1);
const kindsSeen = new Set<string>();

async function readSources(): Promise<[string, RecordingSource][]> {
  const folder = join(packageRoot(), "recordings", "source");
  const names = (await readdir(folder)).filter((name) => name.endsWith(".md"));
  return Promise.all(
    names.map(async (name): Promise<[string, RecordingSource]> => {
      const text = await readFile(join(folder, name), "utf8");
      return [basename(name, ".md"), readRecordingSource(text)];
    }),
  );
}

/** Why attempts failed, in the words of the verdict. */
function failureKinds(events: readonly AgentEvent[]): string[] {
  const refused = ofType(events, "candidate-refused").flatMap((event) => event.reasons);
  return [
    ...ofType(events, "attempt-failed").map((event) => event.kind),
    ...(refused.some((reason) => /network/i.test(reason)) ? ["network"] : []),
  ];
}

describe("the packaged recordings", () => {
  it("hold the guide's goals, three of them in TypeScript too", () => {
    const goals = sources.map(([, { goal, language }]) => `${goal} (${language})`);
    expect(goals.toSorted()).toEqual(
      [
        "Create a CSV parser skill (python)",
        "Create a CSV parser skill (typescript)",
        "Create a CSV to JSON converter (python)",
        "Create a JSON validator skill (python)",
        "Create a JSON validator skill (typescript)",
        "Create a URL parser (python)",
        "Create a URL parser (typescript)",
        "Create a base64 encoder (python)",
        "Create a markdown to HTML converter (python)",
        "Create a regex pattern matcher (python)",
        "Create an XML processor (python)",
      ].toSorted(),
    );
  });

  it.each(played)("end in a working skill, as they were recorded: %s", async (name, source) => {
    // The one that runs into the limit would take 15 s; its prompts name the limit, so they differ.
    const isSlow = name === "regex-pattern-matcher-python" && testSize(1, 0, 1) === 1;
    const isQuick = testSize(1, 0, 0) === 1;
    const { goal, language, label } = source;
    const opened = await openTemporaryApplication({
      model: "recordings",
      language,
      ...(isQuick ? { maxMutants: 2, flakeRuns: 1 } : {}),
      ...(isSlow ? { executionTimeoutMs: 1_200 } : {}),
    });
    try {
      const { result, events } = await follow(opened.application.runDirective(goal));
      expect(result).toMatchObject({ status: "completed", modelCalls: source.answers.length });
      const differed = ofType(events, "prompt-differed");
      expect(isSlow ? [] : differed).toEqual([]);
      expect(ofType(events, "run-started")[0]?.recordingLabel).toContain(label);
      const { certificate } = await opened.application.showSkill(result.skill);
      expect(certificate).toMatchObject({ recordingLabel: expect.stringContaining(label) });
      for (const kind of failureKinds(events)) kindsSeen.add(kind);
      expect(result.attempts).toBe(source.answers.filter(({ role }) => role === "coder").length);
    } finally {
      await opened.remove();
    }
  });

  it("fail first with a wrong edge case, a crash, a timeout and the network, once each at least", () => {
    expect([...kindsSeen]).toEqual(
      expect.arrayContaining(["wrong-value", "unexpected-error", "timeout", "network"]),
    );
  });

  it.each([
    "Create a JSON validator skill",
    "Build a JSON validator",
    "create the csv parser skill",
    "CSV parser",
    "Write a CSV to JSON converter skill",
    "make an xml processor",
    "XML Processor.",
    "base64 encoder",
    "Create a Base64 encoder skill!",
    "Develop a URL parser",
    "Create a Markdown to HTML converter",
    "markdown to html converter skill",
    "Create a regex pattern matcher",
    "Implement the regex pattern matcher skill",
  ])("are found for the wording: %s", async (goal) => {
    expect((await openPackagedRecordings()).holds(goal, "python")).toBe(true);
  });

  it("are found in TypeScript for three goals only", async () => {
    expect((await openPackagedRecordings()).holds("JSON validator", "typescript")).toBe(true);
    expect((await openPackagedRecordings()).holds("XML processor", "typescript")).toBe(false);
  });
});

describe("runDirective() when no Ollama server answers", () => {
  it("runDirective() uses the recordings for a recorded goal and says so, and stops at another", async () => {
    const opened = await openTemporaryApplication({
      language: "typescript",
      ollamaHost: await refusedHost(),
    });
    try {
      const { application } = opened;
      const { result, events } = await follow(application.runDirective("Build a JSON validator"));
      expect(result).toMatchObject({ status: "completed" });
      expect(ofType(events, "warning-raised").map((event) => event.message)).toEqual([
        expect.stringMatching(/No Ollama server answers[\s\S]*written by hand/),
      ]);
      expect(ofType(events, "run-started")).toMatchObject([
        { model: "recordings", recordingLabel: expect.stringContaining("written by hand") },
      ]);
      const error = await errorOf(follow(application.runDirective("Create a sudoku solver")));
      expect(error).toMatchObject({ code: "MODEL_UNREACHABLE" });
      expect(error.message).toMatch(/install\.sh[\s\S]*ollama serve[\s\S]*ollama pull qwen3-coder/);
    } finally {
      await opened.remove();
    }
  });

  it("runDirective() names the goals that are recorded when asked for another of the recordings", async () => {
    const opened = await openTemporaryApplication({ model: "recordings" });
    try {
      const run = opened.application.runDirective("Create a sudoku solver");
      const error = await errorOf(follow(run));
      expect(error).toMatchObject({ code: "RECORDING_NOT_FOUND", blame: "caller" });
      expect(error.message).toContain('"Create a JSON validator skill" (python)');
    } finally {
      await opened.remove();
    }
  });
});
