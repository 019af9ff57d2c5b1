import { appendFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ChatAnswer } from "../shared/chat.ts";
import { AppendFile } from "./append-file.ts";
import type { JournalDamage } from "./journal.ts";
import { readJournal } from "./read-journal.ts";
import { newRunId } from "./run-id.ts";
import { isRunLocked, openRunJournal } from "./run-journal.ts";

let runsDirectory: string;
beforeEach(async () => {
  runsDirectory = await mkdtemp(join(tmpdir(), "runs-"));
});
afterEach(() => rm(runsDirectory, { recursive: true }));

const runId = "20261122-140000000-abcdefgh";
const open = (id = runId) => openRunJournal({ runsDirectory, runId: id });
const answerOf = (text: string): ChatAnswer => ({
  text,
  thinking: "",
  model: "qwen3-coder",
  promptTokens: 3,
  outputTokens: 4,
  durationMs: 5,
  firstTokenMs: 1,
});
const ask = (content: string, order = 0) =>
  ({ role: "coder", order, messages: [{ role: "user", content }] }) as const;
const never = () => Promise.reject(new Error("must not be asked"));

describe("openRunJournal", () => {
  it("step() returns what the journal holds by name and order, and works only for what is new", async () => {
    const first = await open();
    expect(await first.step("id", () => "a")).toBe("a");
    expect(await first.step("id", () => "b")).toBe("b");
    expect(await first.step("seed", () => 7)).toBe(7);
    await first.close();
    const second = await open();
    expect(await second.step("id", never)).toBe("a");
    expect(await second.step("seed", never)).toBe(7);
    expect(await second.step("id", never)).toBe("b");
    expect(await second.step("id", () => "c")).toBe("c");
    await second.close();
  });

  it("step() gives back the number of a step that failed", async () => {
    const first = await open();
    await expect(first.step("id", never)).rejects.toThrow("must not");
    expect(await first.step("id", () => 1)).toBe(1);
    await first.close();
    const second = await open();
    expect(await second.step("id", never)).toBe(1);
    await second.close();
  });

  it("step() returns in the first pass what a replay returns: JSON", async () => {
    const journal = await open();
    const value: unknown = await journal.step("recall", () => ({
      at: new Date(0),
      gone: undefined,
    }));
    expect(value).toEqual({ at: "1970-01-01T00:00:00.000Z" });
    expect(await journal.step("nothing", () => undefined)).toBeNull();
    await journal.close();
  });

  it("answer() asks once, answers again from the journal, and says how the prompt differs", async () => {
    const first = await open();
    const asked = await first.answer(ask("line one\nline two"), async () => answerOf("x = 1"));
    expect(asked).toEqual({ answer: answerOf("x = 1"), replayed: false });
    await first.close();
    const second = await open();
    expect(await second.answer(ask("line one\nline two"), never)).toEqual({
      answer: answerOf("x = 1"),
      replayed: true,
    });
    const differing = await second.answer(ask("line one\nline 2"), never);
    expect(differing.answer.text).toBe("x = 1");
    expect(differing.answer.promptDifference).toMatch(
      /message 1 \(user\), line 2: recorded "line two", now "line 2" \(recorded 17 characters in 1 messages, now 15 in 1\)/u,
    );
    await second.close();
  });

  it("answer() records nothing when the model fails", async () => {
    const journal = await open();
    await expect(journal.answer(ask("a"), never)).rejects.toThrow();
    expect((await journal.answer(ask("a"), async () => answerOf("y"))).replayed).toBe(false);
    await journal.close();
  });

  it("answer() has its line in the file before it returns, after the events appended earlier", async () => {
    const journal = await open();
    const events = Array.from({ length: 50 }, (_, attempt) =>
      journal.append({
        type: "event",
        at: "2026-11-22T14:00:00.000Z",
        event: { type: "attempt-started", attempt, of: 50 },
      }),
    );
    await journal.answer(ask("a"), async () => answerOf("y"));
    const entries = await readJournal(journal.path);
    expect(entries).toHaveLength(51);
    expect(entries.at(-1)?.type).toBe("model-answered");
    expect(entries[9]).toMatchObject({ event: { attempt: 9 } });
    await Promise.all(events);
    await journal.close();
  });

  it("answer() replays no answer that could not be written", async () => {
    const journal = await open();
    await journal.close();
    const asked = journal.answer(ask("a"), async () => answerOf("lost"));
    await expect(asked).rejects.toMatchObject({ code: "INTERNAL" });
    await expect(journal.answer(ask("a"), never)).rejects.toThrow("must not be asked");
  });

  it("append() has all but events on the disk when it resolves", async () => {
    const appended = vi.spyOn(AppendFile.prototype, "append");
    const journal = await open();
    await journal.append({
      type: "event",
      at: "x",
      event: { type: "warning-raised", message: "m" },
    });
    await journal.step("a", () => 1);
    await journal.answer(ask("a"), async () => answerOf("x"));
    await journal.append({ type: "run-finished", at: "x", status: "completed" });
    expect(appended.mock.calls.map(([, isDurable]) => isDurable)).toEqual([
      false,
      true,
      true,
      true,
    ]);
    appended.mockRestore();
    await journal.close();
  });

  it("openRunJournal() refuses a run that is open already, and lets go on close", async () => {
    const first = await open();
    await expect(open()).rejects.toMatchObject({ code: "ALREADY_RUNNING" });
    expect(await isRunLocked(runsDirectory, runId)).toBe(true);
    await first.close();
    expect(await isRunLocked(runsDirectory, runId)).toBe(false);
    await (await open()).close();
  });

  it("openRunJournal() refuses ids that could name another file", async () => {
    for (const id of ["../x", "a/b", "", ".", "A", "x\0", "c:evil", "a".repeat(200)]) {
      await expect(open(id)).rejects.toMatchObject({ code: "USAGE" });
    }
  });

  it("openRunJournal() survives a cut at every byte of the last line and goes on", async () => {
    const journal = await open();
    await journal.step("a", () => 1);
    const { length: whole } = await readFile(journal.path);
    await journal.step("b", () => "zwölf");
    await journal.close();
    const bytes = await readFile(journal.path);
    for (let size = whole; size < bytes.length; size += 1) {
      await writeFile(journal.path, bytes.subarray(0, size));
      const reopened = await open();
      expect(await reopened.step("a", never)).toBe(1);
      expect(await reopened.step("b", () => "neu")).toBe(
        size === bytes.length - 1 ? "zwölf" : "neu",
      );
      await reopened.close();
      expect(await readJournal(journal.path)).toHaveLength(2);
    }
  });

  it("openRunJournal() reports a line broken in the middle and keeps the damaged file", async () => {
    const journal = await open();
    for (const step of ["a", "b", "c"]) await journal.step(step, () => step);
    await journal.close();
    const text = await readFile(journal.path, "utf8");
    const damaged = text.replace('"step":"b"', '"step":b"');
    await writeFile(journal.path, damaged);
    const damages: JournalDamage[] = [];
    expect(await readJournal(journal.path, (damage) => damages.push(damage))).toHaveLength(1);
    expect(damages).toMatchObject([{ kind: "middle", line: 2 }]);
    const reopened = await open();
    expect(reopened.damage).toMatchObject({ kind: "middle", line: 2 });
    expect(await reopened.step("a", never)).toBe("a");
    await reopened.close();
    const kept = (await readdir(runsDirectory)).filter((name) => name.includes(".damaged-"));
    expect(kept).toHaveLength(1);
    expect(await readFile(join(runsDirectory, kept[0] ?? ""), "utf8")).toBe(damaged);
  });

  const answered = (cost: object) =>
    JSON.stringify({
      type: "model-answered",
      at: "x",
      ...ask("a"),
      answer: { ...answerOf("a"), ...cost },
    });

  it.each([
    '{"type":"model-answered","at":"x","role":"coder","order":1,"messages":[]}',
    '{"type":"model-answered","at":"x","role":"coder","order":1,"messages":null,"answer":null}',
    '{"type":"model-answered","at":"x","role":"coder","order":1,"messages":[],"answer":{"text":"x"}}',
    answered({ promptTokens: -1 }),
    answered({ outputTokens: 1e300 }),
    answered({ money: -1 }),
    answered({ money: "1" }),
    '{"type":"event","at":"x","event":null}',
    '{"type":"step-recorded","at":"x","value":1}',
    '{"type":"run-finished","at":"x"}',
  ])(
    "openRunJournal() takes a line for broken that is not as its type wants it: %s",
    async (line) => {
      const journal = await open();
      await journal.step("a", () => 1);
      await journal.close();
      await appendFile(journal.path, `${line}\n{"type":"run-resumed","at":"x"}\n`);
      const reopened = await open();
      expect(reopened.damage).toMatchObject({ kind: "middle", line: 2 });
      expect(reopened.entries).toHaveLength(1);
      await reopened.close();
    },
  );

  it("openRunJournal() leaves the first line of another version to whoever names that version", async () => {
    const path = join(runsDirectory, `${runId}.jsonl`);
    const text = '{"type":"run-started","schemaVersion":2}\n{"type":"news"}\n';
    await writeFile(path, text);
    await expect(open()).rejects.toThrow(/is of version 2/);
    expect(await readFile(path, "utf8")).toBe(text);
  });

  it("isRemoved() is true once the file is gone from under an open journal", async () => {
    const journal = await open();
    await journal.step("a", () => 1);
    expect(await journal.isRemoved()).toBe(false);
    await rm(journal.path);
    expect(await journal.isRemoved()).toBe(true);
    await journal.close();
  });

  it("openRunJournal() cuts off zeros that a lost power left behind", async () => {
    const journal = await open();
    await journal.step("a", () => 1);
    await journal.close();
    const { length } = await readFile(journal.path);
    await truncate(journal.path, length + 4096);
    const reopened = await open();
    expect(reopened.damage).toMatchObject({ kind: "tail" });
    expect(reopened.entries).toHaveLength(1);
    await reopened.close();
    expect(await readFile(journal.path)).toHaveLength(length);
  });
});

describe("readJournal", () => {
  it("readJournal() says RUN_NOT_FOUND when there is no file", async () => {
    await expect(readJournal(join(runsDirectory, "no.jsonl"))).rejects.toMatchObject({
      code: "RUN_NOT_FOUND",
    });
  });

  it("readJournal() stops at an entry of a kind it does not know", async () => {
    const path = join(runsDirectory, "x.jsonl");
    await appendFile(path, '{"type":"run-resumed","at":"x"}\n{"type":"later","at":"x"}\n');
    expect(await readJournal(path)).toHaveLength(1);
  });
});

describe("newRunId", () => {
  it.each([
    ["recall", 5],
    ["recall-skills", [{ name: "a" }]],
    ["clock", "no time"],
    ["seed", "x"],
    ["person", "yes"],
    ["model-switched", null],
  ])("readJournal() stops at a step %s of another type", async (step, value) => {
    const journal = await open();
    await journal.append({ type: "run-resumed", at: "2026-11-22T14:00:00.000Z" });
    await journal.append({ type: "step-recorded", at: "", step, order: 0, value });
    await journal.close();
    const damage: JournalDamage[] = [];
    const entries = await readJournal(journal.path, (found) => damage.push(found));
    expect(entries).toHaveLength(1);
    expect(damage).toMatchObject([
      { line: 2, reason: "step-recorded.value: it is none of this step" },
    ]);
  });

  it("readJournal() stops at an answer that gives tokens back", async () => {
    const journal = await open();
    await journal.answer(ask("a"), async () => ({ ...answerOf("b"), promptTokens: -1_000_000 }));
    await journal.close();
    expect(await readJournal(journal.path)).toEqual([]);
  });

  it("newRunId() sorts by time and never repeats", () => {
    const early = newRunId(new Date("2026-11-22T14:00:00.000Z"));
    const late = newRunId(new Date("2026-11-22T14:00:00.001Z"));
    expect(early).toMatch(/^20261122-140000000-[0-9a-z]{8}$/u);
    expect(early < late).toBe(true);
    expect(newRunId(new Date(0))).not.toBe(newRunId(new Date(0)));
  });
});
