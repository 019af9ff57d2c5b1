import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { JournalEntry } from "../journal/journal.ts";
import type { ChatMessage } from "../shared/chat.ts";
import type { Language } from "../shared/json.ts";
import type { ChatRequest } from "./chat-model.ts";
import { openReplayModel } from "./replay-model.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "recordings-"));
});
afterEach(() => rm(folder, { recursive: true }));

const at = "2026-11-22T14:00:00.000Z";
const user = (content: string): ChatMessage[] => [{ role: "user", content }];

function answered(role: "coder" | "tester", order: number, text: string, prompt?: string) {
  const messages = prompt === undefined ? [] : user(prompt);
  const numbers = { promptTokens: 1, outputTokens: 2, durationMs: 3, firstTokenMs: 1 };
  const answer = { text, thinking: "", model: "qwen3-coder", ...numbers };
  return { type: "model-answered", at, role, order, messages, answer } as const;
}

async function write(name: string, goal: string, language: Language, ...entries: JournalEntry[]) {
  const started: JournalEntry = {
    type: "run-started",
    at,
    schemaVersion: 1,
    runId: "x",
    goal,
    options: { language },
    settings: {},
  };
  const lines = [started, ...entries].map((entry) => `${JSON.stringify(entry)}\n`);
  const path = join(folder, name);
  await writeFile(path, lines.join(""));
  return path;
}

const ask = (goal: string, rest: Partial<ChatRequest> = {}): ChatRequest => ({
  goal,
  role: "coder",
  order: 0,
  messages: user("write it"),
  ...rest,
});

describe("openReplayModel", () => {
  it("chat() finds answers by goal in any wording, language, role and order", async () => {
    const goal = "Create a CSV parser skill";
    await write(
      "a.jsonl",
      goal,
      "python",
      answered("coder", 0, "py0"),
      answered("coder", 1, "py1"),
    );
    await write("b.jsonl", goal, "typescript", answered("coder", 0, "ts0"));
    const model = await openReplayModel("replay:x", [folder]);
    const text = async (request: ChatRequest) => (await model.chat(request)).text;
    expect(await text(ask("Build a CSV parser", { language: "python" }))).toBe("py0");
    expect(await text(ask("csv parser", { language: "python", order: 1 }))).toBe("py1");
    expect(await text(ask(goal, { language: "typescript" }))).toBe("ts0");
    expect(model.holds("CSV parser", "typescript")).toBe(true);
    expect(model.holds("JSON parser", "typescript")).toBe(false);
    expect(model.goals).toHaveLength(2);
  });

  it("chat() names how a prompt differs from the recorded one, and answers", async () => {
    const path = await write("a.jsonl", "g", "python", answered("coder", 0, "code", "write that"));
    const model = await openReplayModel("replay:x", [path]);
    const differing = await model.chat(ask("g"));
    expect(differing).toMatchObject({
      text: "code",
      promptDifference: expect.stringContaining('recorded "write that", now "write it"'),
    });
    const same = await model.chat(ask("g", { messages: user("write that") }));
    expect(same.promptDifference).toBeUndefined();
  });

  it("chat() says which goals it holds when asked for another", async () => {
    const path = await write("a.jsonl", "Create a CSV parser", "python", answered("coder", 0, "x"));
    const model = await openReplayModel("replay:x", [path]);
    await expect(model.chat(ask("Create a compiler"))).rejects.toMatchObject({
      code: "RECORDING_NOT_FOUND",
      message: expect.stringContaining('"Create a CSV parser" (python)'),
    });
    await expect(
      model.chat(ask("Create a CSV parser", { language: "typescript" })),
    ).rejects.toMatchObject({ code: "RECORDING_NOT_FOUND" });
  });

  it("chat() says which call is missing when the recording ends earlier", async () => {
    const path = await write("a.jsonl", "g", "python", answered("coder", 0, "x"));
    const model = await openReplayModel("replay:x", [path]);
    await expect(model.chat(ask("g", { order: 1 }))).rejects.toMatchObject({
      code: "RECORDING_EXHAUSTED",
      message: expect.stringMatching(/call 2 of the coder is not recorded, 1 of this role/u),
    });
    await expect(model.chat(ask("g", { role: "tester" }))).rejects.toMatchObject({
      code: "RECORDING_EXHAUSTED",
    });
  });

  it("recordingLabel says where answers come from: the recording's own word, else model and day", async () => {
    const path = await write("a.jsonl", "g", "python", answered("coder", 0, "x"));
    const model = await openReplayModel("replay:x", [path]);
    expect(model.recordingLabel).toBe("answers of qwen3-coder, recorded 2026-11-22 in a.jsonl");
  });

  it("openReplayModel() refuses a path that is missing, no journal, or without answers", async () => {
    await writeFile(join(folder, "text.jsonl"), "hello\n");
    await write("empty.jsonl", "g", "python");
    for (const name of ["missing.jsonl", "text.jsonl", "empty.jsonl"]) {
      await expect(openReplayModel("replay:x", [join(folder, name)])).rejects.toMatchObject({
        code: "RECORDING_NOT_FOUND",
      });
    }
  });

  it("chat() refuses when the run was stopped", async () => {
    const path = await write("a.jsonl", "g", "python", answered("coder", 0, "x"));
    const model = await openReplayModel("replay:x", [path]);
    await expect(model.chat(ask("g"), { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "ABORTED",
    });
  });
});
