import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Clock } from "./clock.ts";
import { createLog, type LogRecord, redact } from "./log.ts";
import { createFileSink } from "./log-file.ts";

const clock: Clock = { now: () => new Date("2026-01-02T03:04:05Z"), monotonicMs: () => 0 };

describe("createLog", () => {
  it("createLog() gives a sink the records of its level and above only", () => {
    const records: LogRecord[] = [];
    const log = createLog("warn", [(record) => records.push(record)], clock);
    log.debug("a");
    log.info("b");
    log.warn("c", { n: 1 });
    log.error("d");
    expect(records.map(({ message }) => message)).toEqual(["c", "d"]);
    expect(records[0]).toEqual({
      at: "2026-01-02T03:04:05.000Z",
      level: "warn",
      message: "c",
      fields: { n: 1 },
    });
  });

  it("createLog() keeps nothing when it is silent", () => {
    const log = createLog("silent", [() => expect.unreachable()], clock);
    log.error("x");
  });

  it("createLog() blanks secrets when they stand in messages or fields", () => {
    const records: LogRecord[] = [];
    createLog("info", [(record) => records.push(record)], clock).info("Bearer abcdefgh12345", {
      apiKey: "x",
    });
    expect(JSON.stringify(records)).not.toContain("abcdefgh12345");
    expect(records[0]?.fields).toEqual({ apiKey: "[redacted]" });
  });
});

describe("redact", () => {
  it("redact() blanks values that are named or shaped like secrets", () => {
    const secrets = {
      headers: { Authorization: "Basic dXNlcjpwYXNz", "x-api-key": "k-123456" },
      LANGSMITH_API_KEY: "lsv2_pt_0123456789",
      accessToken: ["one"],
      url: "http://me:hunter2@host:11434/api",
      text: "token=abcdef123456 and sk-abcdefghijkl and ghp_abcdefghijklmno",
    };
    const shown = JSON.stringify(redact(secrets));
    for (const secret of [
      "dXNlcjpwYXNz",
      "k-123456",
      "0123456789",
      "one",
      "hunter2",
      "abcdef123456",
      "sk-abc",
      "ghp_",
    ]) {
      expect(shown).not.toContain(secret);
    }
    expect(shown).toContain("host:11434");
  });

  it("redact() leaves counts and ordinary text alone", () => {
    const value = {
      outputTokens: 12,
      promptTokens: 3,
      contextTokens: 32_768,
      goal: "Create a token counter skill",
      at: "http://localhost:11434/api/tags",
    };
    expect(redact(value)).toEqual(value);
  });
});

describe("createFileSink", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "log-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("createFileSink() writes through no link, and says so", () => {
    const path = join(folder, "linked.log");
    symlinkSync(join(folder, "profile"), path);
    const problems: string[] = [];
    createLog("debug", [createFileSink(path, (text) => problems.push(text))], clock).info("x");
    expect(problems).toMatchObject([expect.stringContaining("ELOOP")]);
    expect(existsSync(join(folder, "profile"))).toBe(false);
  });

  it("createFileSink() appends JSON lines that only their owner may read", () => {
    const path = join(folder, "new", "agent.log");
    const log = createLog("debug", [createFileSink(path, expect.unreachable)], clock);
    log.debug("one");
    log.info("two\nlines");
    const lines = readFileSync(path, "utf8").trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line).message)).toEqual(["one", "two\nlines"]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("createFileSink() starts a new file when the old one is large", () => {
    const path = join(folder, "agent.log");
    writeFileSync(path, "x".repeat(10 * 1024 * 1024 + 1));
    createLog("debug", [createFileSink(path, expect.unreachable)], clock).debug("new");
    expect(readFileSync(path, "utf8")).toContain("new");
    expect(statSync(`${path}.1`).size).toBeGreaterThan(10_000_000);
  });

  it("createFileSink() reports once and goes on when the file cannot be written", () => {
    const problems: string[] = [];
    writeFileSync(join(folder, "file"), "");
    const sink = createFileSink(join(folder, "file", "agent.log"), (text) => problems.push(text));
    const log = createLog("debug", [sink], clock);
    log.debug("one");
    log.debug("two");
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain("cannot be written");
  });
});
