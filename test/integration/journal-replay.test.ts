import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readJournal } from "../../src/journal/read-journal.ts";
import type { JsonValue } from "../../src/shared/json.ts";
import { type OllamaServer, refusedHost, startOllamaServer } from "../support/ollama-server.ts";
import { byRole } from "../support/scripted-ollama.ts";
import {
  openTemporaryApplication,
  type TemporaryApplication,
} from "../support/temporary-application.ts";
import {
  answersOf,
  codeAnswer,
  errorOf,
  follow,
  goal,
  lastingFacts,
  ofType,
  rightAnswer,
  type WatchedRun,
} from "./run-support.ts";

let server: OllamaServer;
let original: TemporaryApplication;
let recorded: WatchedRun;
let journal: string;

beforeAll(async () => {
  const coder = (order: number) => (order === 0 ? codeAnswer("n + 2") : rightAnswer);
  server = await startOllamaServer({ answer: byRole(answersOf({ coder })) });
  original = await openTemporaryApplication({ language: "typescript", ollamaHost: server.host });
  recorded = await follow(original.application.runDirective(goal));
  journal = join(original.workspaceRoot, "runs", `${recorded.result.runId}.jsonl`);
});

afterAll(async () => {
  await original.remove();
  await server.close();
});

/** The verdicts of a run without what was measured of them. */
async function verdictFacts(path: string): Promise<JsonValue[]> {
  const entries = await readJournal(path);
  const verdicts = entries.filter(
    (entry) => entry.type === "step-recorded" && entry.step === "verdict",
  );
  const text = JSON.stringify(verdicts.map((entry) => ("value" in entry ? entry.value : null)));
  const measures = new Set(["durationMs", "usage"]);
  return JSON.parse(text, (key, value) => (measures.has(key) ? undefined : value));
}

describe("a run replayed from its journal in a fresh workspace", () => {
  it("calls no server and ends in the same skill, suite, contract and facts of verdict", async () => {
    expect(recorded.result).toMatchObject({ status: "completed", attempts: 2, modelCalls: 6 });
    const before = server.requests.length;
    const fresh = await openTemporaryApplication({
      model: `replay:${journal}`,
      language: "typescript",
      ollamaHost: server.host,
    });
    try {
      const { result, events } = await follow(fresh.application.runDirective(goal));
      expect(result).toMatchObject({
        status: "completed",
        attempts: 2,
        modelCalls: 6,
        skill: recorded.result.skill,
      });
      expect(server.requests).toHaveLength(before);
      expect(ofType(events, "prompt-differed")).toEqual([]);
      expect(ofType(events, "run-started")).toMatchObject([
        { recordingLabel: expect.stringContaining("answers of qwen3-coder, recorded") },
      ]);
      expect(await lastingFacts(fresh.workspaceRoot, result.skill)).toEqual(
        await lastingFacts(original.workspaceRoot, result.skill),
      );
      const replayed = join(fresh.workspaceRoot, "runs", `${result.runId}.jsonl`);
      expect(await verdictFacts(replayed)).toEqual(await verdictFacts(journal));
      const { certificate } = await fresh.application.showSkill(result.skill);
      expect(certificate).toMatchObject({
        recordingLabel: expect.stringContaining("recorded"),
        models: ["qwen3-coder"],
      });
    } finally {
      await fresh.remove();
    }
  });

  it("reports a prompt that differs, and goes on", async () => {
    const fresh = await openTemporaryApplication({
      model: `replay:${journal}`,
      language: "typescript",
      suiteCases: 12,
    });
    try {
      const { result, events } = await follow(fresh.application.runDirective(goal));
      expect(result).toMatchObject({ status: "completed" });
      expect(ofType(events, "prompt-differed")).toMatchObject([
        { role: "tester", order: 0, detail: expect.stringContaining("Write 12 cases") },
      ]);
    } finally {
      await fresh.remove();
    }
  });

  it("says clearly what the journal does not hold: another goal, another language, one more call", async () => {
    const fresh = await openTemporaryApplication({
      model: `replay:${journal}`,
      language: "typescript",
      ollamaHost: await refusedHost(),
    });
    try {
      const { application } = fresh;
      const other = await errorOf(follow(application.runDirective("Create a sudoku solver")));
      expect(other).toMatchObject({ code: "RECORDING_NOT_FOUND" });
      expect(other.message).toContain(goal);
      const python = application.runDirective(goal, { language: "python" });
      expect(await errorOf(follow(python))).toMatchObject({ code: "RECORDING_NOT_FOUND" });
      // An example that no recorded candidate meets leads past the end of the recording.
      const longer = application.runDirective(goal, { examples: ["7 => 0"] });
      const exhausted = await errorOf(follow(longer));
      expect(exhausted).toMatchObject({ code: "RECORDING_EXHAUSTED" });
      expect(exhausted.message).toMatch(/call 3 of the coder/);
      const missing = application.runDirective(goal, { model: "replay:no-such-file.jsonl" });
      expect(await errorOf(follow(missing))).toMatchObject({ code: "RECORDING_NOT_FOUND" });
    } finally {
      await fresh.remove();
    }
  });

  it("can be replayed again from the journal that the replay wrote", async () => {
    const fresh = await openTemporaryApplication({ language: "typescript" });
    const copy = join(fresh.workspaceRoot, "recorded.jsonl");
    await copyFile(journal, copy);
    try {
      const model = `replay:${copy}`;
      const { result } = await follow(fresh.application.runDirective(goal, { model }));
      const second = `replay:${join(fresh.workspaceRoot, "runs", `${result.runId}.jsonl`)}`;
      const again = { model: second, again: true };
      const twice = await follow(fresh.application.runDirective(goal, again));
      expect(twice.result).toMatchObject({ status: "completed", attempts: 2 });
      const { certificate } = await fresh.application.showSkill(twice.result.skill);
      expect(certificate?.recordingLabel).toContain("qwen3-coder");
    } finally {
      await fresh.remove();
    }
  });
});
