import {
  appendFile,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FailureRecord, SkillRecord } from "./memory.ts";
import { type OpenMemory, openMemory } from "./memory-json.ts";

let root = "";
let path = "";
let memory: OpenMemory;
let warnings: string[] = [];

const at = new Date("2026-05-01T10:00:00.000Z");
const later = new Date("2026-05-02T10:00:00.000Z");

function open(failuresPerSkill = 3): OpenMemory {
  return openMemory({
    workspaceRoot: root,
    failuresPerSkill,
    onWarning: (message) => warnings.push(message),
  });
}

function skill(name: string): Omit<SkillRecord, "created_at" | "updated_at"> {
  return { name, status: "working", description: name, goal: `Create ${name}`, language: "python" };
}

function failure(values: Partial<FailureRecord>): FailureRecord {
  return {
    skill: "json_validator",
    error: "JSONDecodeError: Expecting value",
    code_snippet: "json.loads(data)",
    timestamp: at.toISOString(),
    goal: "Create a JSON validator skill",
    attempt: 1,
    kind: "case-failed",
    run_id: "run-1",
    ...values,
  };
}

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "memory-"));
  path = join(root, "memory.json");
  warnings = [];
  memory = open();
});

afterEach(async () => {
  memory.close();
  await rm(root, { recursive: true, force: true });
});

describe("openMemory().read()", () => {
  it("read() gives an empty memory and makes no file when there is none", async () => {
    expect(await memory.read()).toEqual({
      version: 0,
      schemaVersion: 1,
      skills: [],
      failures: [],
      directives: [],
    });
    expect(await readdir(root)).toEqual([]);
  });

  it("read() hands out copies that change nothing", async () => {
    await memory.recordSkill(skill("one"), at);
    const copy = await memory.read();
    for (const record of copy.skills) record.name = "changed";
    copy.skills.push();
    expect((await memory.read()).skills[0]?.name).toBe("one");
  });

  it("read() sees what another opener wrote, and what an editor changed in place", async () => {
    const other = open();
    await memory.recordSkill(skill("one"), at);
    await other.recordSkill(skill("two"), at);
    expect((await memory.read()).skills.map((one) => one.name)).toEqual(["one", "two"]);
    const before = await stat(path);
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replaceAll("two", "owt"));
    await utimes(path, before.atime, new Date(before.mtimeMs + 5));
    expect((await memory.read()).skills.map((one) => one.name)).toEqual(["one", "owt"]);
    other.close();
  });
});

describe("openMemory().recordSkill()", () => {
  it("recordSkill() adds, replaces by name, keeps created_at and counts the version up", async () => {
    await memory.recordSkill(skill("one"), at);
    await memory.recordSkill(skill("two"), at);
    await memory.recordSkill({ ...skill("one"), status: "failed" }, later);
    const file = await memory.read();
    expect(file.version).toBe(3);
    expect(file.skills).toEqual([
      {
        ...skill("one"),
        status: "failed",
        created_at: at.toISOString(),
        updated_at: later.toISOString(),
      },
      { ...skill("two"), created_at: at.toISOString(), updated_at: at.toISOString() },
    ]);
    expect(JSON.parse(await readFile(path, "utf8"))).toEqual(file);
  });

  it("recordSkill() keeps the version before as the backup and leaves nothing half-written", async () => {
    await memory.recordSkill(skill("one"), at);
    await memory.recordSkill(skill("two"), at);
    expect(JSON.parse(await readFile(`${path}.backup`, "utf8")).version).toBe(1);
    expect((await readdir(root)).sort()).toEqual([
      "memory.json",
      "memory.json.backup",
      "memory.lock",
    ]);
  });

  it("recordSkill() loses none when many are recorded at once by two openers", async () => {
    const other = open();
    const names = Array.from({ length: 40 }, (_, index) => `skill_${index}`);
    await Promise.all(
      names.map((name, index) => (index % 2 ? memory : other).recordSkill(skill(name), at)),
    );
    const file = await memory.read();
    expect(file.version).toBe(40);
    expect(file.skills.map((one) => one.name).sort()).toEqual(names.sort());
    other.close();
  });
});

describe("openMemory().recordDirective()", () => {
  it("recordDirective() replaces the record of the same id and no other", async () => {
    const directive = { goal: "g", status: "pending" as const, id: "d1", skill: "", run_id: "" };
    await memory.recordDirective(directive, at);
    await memory.recordDirective({ ...directive, id: "d2" }, at);
    await memory.recordDirective({ ...directive, status: "completed", skill: "s" }, later);
    expect((await memory.read()).directives).toMatchObject([
      {
        id: "d1",
        status: "completed",
        created_at: at.toISOString(),
        updated_at: later.toISOString(),
      },
      { id: "d2", status: "pending" },
    ]);
  });
});

describe("openMemory().recordFailure()", () => {
  it("recordFailure() keeps the newest of each skill in the file and recalls the older ones too", async () => {
    for (let attempt = 1; attempt <= 5; attempt += 1)
      await memory.recordFailure(failure({ attempt }));
    await memory.recordFailure(failure({ skill: "other", goal: "Sort numbers" }));
    const { failures } = await memory.read();
    expect(failures.map((one) => [one.skill, one.attempt])).toEqual([
      ["json_validator", 3],
      ["json_validator", 4],
      ["json_validator", 5],
      ["other", 1],
    ]);
    const recalled = await memory.recallFailures({ goal: "x", skill: "json_validator" }, 10);
    expect(recalled.map((one) => one.failure.attempt)).toEqual([5, 4, 3, 2, 1]);
  });

  it("recordFailure() shortens long texts and keeps both of their ends", async () => {
    const error = `first ${"e".repeat(50_000)} last`;
    await memory.recordFailure(failure({ error, code_snippet: "c".repeat(50_000) }));
    const stored = (await memory.read()).failures[0];
    expect(stored?.error.length).toBeLessThanOrEqual(2_000);
    expect(stored?.error).toMatch(/^first e+\n… \d+ characters left out …\ne+ last$/);
    expect(stored?.code_snippet.length).toBeLessThanOrEqual(4_000);
  });

  it("recordFailure() archives what a file of the guide's program holds too much of", async () => {
    const failures = Array.from({ length: 8 }, (_, index) => ({
      skill: "json_validator",
      error: `error ${index}`,
      code_snippet: "",
      timestamp: `2026-02-07T10:3${index}:00`,
    }));
    await writeFile(path, JSON.stringify({ version: 1, skills: [], failures, directives: [] }));
    await memory.recordFailure(failure({ error: "newest" }));
    expect((await memory.read()).failures.map((one) => one.error)).toEqual([
      "error 6",
      "error 7",
      "newest",
    ]);
    const recalled = await memory.recallFailures({ goal: "", skill: "json_validator" }, 100);
    expect(recalled).toHaveLength(9);
  });
});

describe("openMemory().recallFailures()", () => {
  it("recallFailures() puts the same skill first, then similar goals, and leaves unlike ones out", async () => {
    await memory.recordFailure(
      failure({ skill: "yaml", goal: "Create a YAML validator", error: "boom" }),
    );
    await memory.recordFailure(
      failure({ skill: "primes", goal: "Count prime numbers", error: "slow" }),
    );
    await memory.recordFailure(failure({ skill: "json_check", goal: "Validate JSON documents" }));
    await memory.recordFailure(failure({ skill: "mine", goal: "Something else", error: "own" }));
    const recalled = await memory.recallFailures(
      { goal: "A validator of JSON", skill: "mine" },
      10,
    );
    expect(recalled.map((one) => one.failure.skill)).toEqual(["mine", "json_check", "yaml"]);
    const scores = recalled.map((one) => one.score);
    expect(scores).toEqual(scores.toSorted((one, other) => other - one));
  });

  it("recallFailures() finds words of an error, and goals in scripts without spaces", async () => {
    await memory.recordFailure(
      failure({ skill: "a", goal: "x", error: "UnicodeDecodeError utf8" }),
    );
    await memory.recordFailure(failure({ skill: "b", goal: "创建一个解析器", error: "y" }));
    const skills = async (goal: string): Promise<string[]> =>
      (await memory.recallFailures({ goal, skill: "none" }, 5)).map((one) => one.failure.skill);
    expect(await skills("decode UTF8 text")).toEqual(["a"]);
    expect(await skills("解析文件")).toEqual(["b"]);
  });

  it("recallFailures() sees failures that another program wrote into the file", async () => {
    const guide = { skill: "s", error: "e", code_snippet: "c", timestamp: "2026-02-07T10:32:00" };
    await writeFile(path, JSON.stringify({ version: 1, skills: [], failures: [guide] }));
    const recalled = await memory.recallFailures({ goal: "x", skill: "s" }, 5);
    expect(recalled.map((one) => one.failure.error)).toEqual(["e"]);
  });

  it.each([
    '"',
    'a" OR "b',
    "NEAR(json, 2)",
    "goal:json AND (",
    "json*",
    "^json",
    "-- ; DROP TABLE failures",
    "\u0000json",
    "\ud800",
    "AND OR NOT",
    "",
    "the a of",
    "x ".repeat(500_000),
  ])("recallFailures() takes the goal %# as words, not as a query", async (goal) => {
    await memory.recordFailure(failure({}));
    const recalled = await memory.recallFailures({ goal, skill: "none" }, 5);
    expect(recalled.length).toBeLessThanOrEqual(1);
  });

  it("recallFailures() gives at most the limit, and none for 0", async () => {
    for (let attempt = 1; attempt <= 5; attempt += 1)
      await memory.recordFailure(failure({ attempt }));
    const query = { goal: "JSON validator", skill: "json_validator" };
    expect(await memory.recallFailures(query, 2)).toHaveLength(2);
    expect(await memory.recallFailures(query, 0)).toEqual([]);
    expect(await memory.recallFailures({ ...query, skill: "other" }, 2)).toHaveLength(2);
  });

  it("recallFailures() gives each failure once after a crash between archive and file", async () => {
    for (let attempt = 1; attempt <= 4; attempt += 1)
      await memory.recordFailure(failure({ attempt }));
    // The archive has the fourth; the file of before the fourth write is put back.
    await writeFile(path, await readFile(`${path}.backup`));
    await memory.recordFailure(failure({ attempt: 4 }));
    const recalled = await memory.recallFailures({ goal: "JSON", skill: "json_validator" }, 10);
    expect(recalled.map((one) => one.failure.attempt)).toEqual([4, 3, 2, 1]);
  });

  it("recallFailures() begins a new archive from the file when the old one is damaged or gone", async () => {
    await memory.recordFailure(failure({}));
    memory.close();
    const archive = join(root, "memory-archive.sqlite");
    await writeFile(archive, "no database".repeat(1_000));
    const query = { goal: "JSON validator", skill: "other" };
    expect(await memory.recallFailures(query, 5)).toHaveLength(1);
    expect(warnings).toEqual([expect.stringContaining("memory-archive.sqlite is damaged")]);
    await rm(archive);
    expect(await memory.recallFailures(query, 5)).toHaveLength(1);
    await truncate(archive, 5_000);
    memory.close();
    expect(await memory.recallFailures(query, 5)).toHaveLength(1);
    const kept = (await readdir(root)).filter((name) => name.includes(".sqlite.damaged-"));
    expect(kept).toHaveLength(2);
  });
});

describe("openMemory() on a damaged file", () => {
  async function fill(): Promise<void> {
    await memory.recordSkill(skill("one"), at);
    await memory.recordSkill(skill("two"), at);
    await memory.recordFailure(failure({}));
    const directive = { goal: "g", status: "pending" as const, id: "d", skill: "", run_id: "" };
    await memory.recordDirective(directive, at);
    await memory.recordSkill(skill("three"), at);
  }

  async function damagedFiles(): Promise<string[]> {
    return (await readdir(root)).filter((name) => name.startsWith("memory.json.damaged-"));
  }

  it("read() restores a truncated file from the backup and what can be read", async () => {
    await fill();
    const whole = await readFile(path, "utf8");
    const text = whole.slice(0, whole.indexOf('"failures"'));
    await writeFile(path, text);
    const file = await open().read();
    expect(file.skills.map((one) => one.name)).toEqual(["one", "two", "three"]);
    expect(file.failures).toHaveLength(1);
    expect(file.directives).toHaveLength(1);
    expect(file.version).toBe(6);
    expect(warnings).toEqual([expect.stringContaining("was damaged and has been restored")]);
    const [kept = ""] = await damagedFiles();
    expect(await readFile(join(root, kept), "utf8")).toBe(text);
    expect(warnings[0]).toContain(kept);
  });

  it("read() restores from the text alone, and failures from the archive, when there is no backup", async () => {
    await fill();
    await rm(`${path}.backup`);
    const whole = await readFile(path, "utf8");
    const cut = whole.replace(/"status": "working",\n {6}"description": "two"/, '"status": "wor');
    await writeFile(path, cut.slice(0, cut.indexOf('"failures"')));
    const file = await memory.read();
    expect(file.skills.map((one) => one.name)).toEqual(["one", "three"]);
    expect(file.failures).toHaveLength(1);
    expect(warnings[0]).toContain("there was no backup");
  });

  it.each([
    ["empty", ""],
    ["an array", "[]"],
    ["text", "hello"],
    ["skills that are no array", '{"version": 9, "skills": {}}'],
    ["not UTF-8", Buffer.from([0x7b, 0xff, 0x7d])],
  ])("recordSkill() goes on from the backup when the file is %s", async (_name, content) => {
    await fill();
    await writeFile(path, content);
    await memory.recordSkill(skill("four"), at);
    const file = await memory.read();
    expect(file.skills.map((one) => one.name)).toEqual(["one", "two", "four"]);
    expect(file.directives).toHaveLength(1);
    expect(await damagedFiles()).toHaveLength(1);
    expect(JSON.parse(await readFile(`${path}.backup`, "utf8")).skills).toHaveLength(2);
  });

  it("read() takes what can be read of a damaged backup too, keeps it aside, and asks what else is known", async () => {
    await fill();
    await writeFile(path, "hello");
    const whole = await readFile(`${path}.backup`, "utf8");
    const backup = whole.slice(0, whole.indexOf('"two"'));
    await writeFile(`${path}.backup`, backup);
    const times = { created_at: at.toISOString(), updated_at: at.toISOString() };
    const directive = { goal: "g", status: "completed" as const, id: "d", skill: "", run_id: "r" };
    const known = async () => ({
      skills: [skill("one"), skill("four")].map((one) => ({ ...one, goal: "known", ...times })),
      directives: [{ ...directive, ...times }],
    });
    const again = openMemory({
      ...{ workspaceRoot: root, failuresPerSkill: 12, known },
      onWarning: (message) => warnings.push(message),
    });
    const file = await again.read();
    again.close();
    expect(file.skills.map(({ name, goal }) => [name, goal === "known"])).toEqual([
      ["one", false],
      ["four", true],
    ]);
    expect(file.failures).toHaveLength(1);
    expect(file.directives).toMatchObject([{ id: "d", status: "completed" }]);
    const [aside = ""] = (await readdir(root)).filter((name) => name.includes("backup.damaged-"));
    expect(await readFile(join(root, aside), "utf8")).toBe(backup);
    expect(warnings[0]).toContain(`its backup was damaged too and is kept as ${join(root, aside)}`);
  });

  it("read() recovers once when many read at the same time", async () => {
    await fill();
    await appendFile(path, "}");
    await Promise.all(Array.from({ length: 5 }, () => memory.read()));
    expect(warnings).toHaveLength(1);
    expect(await damagedFiles()).toHaveLength(1);
  });

  it("recordSkill() keeps the backup aside when the file was removed", async () => {
    await fill();
    await rm(path);
    await memory.recordSkill(skill("new"), at);
    expect((await memory.read()).skills.map((one) => one.name)).toEqual(["new"]);
    const aside = (await readdir(root)).filter((name) => name.startsWith("memory.json.backup-"));
    expect(aside).toHaveLength(1);
    expect(warnings).toEqual([expect.stringContaining("is gone")]);
  });

  it("read() refuses a newer schema and changes nothing, also when that file is damaged", async () => {
    for (const text of [
      '{"version": 5, "schemaVersion": 2, "skills": []}',
      '{"schemaVersion": 7, "skills": [',
    ]) {
      await writeFile(path, text);
      await expect(memory.read()).rejects.toMatchObject({ code: "MEMORY_DAMAGED" });
      await expect(memory.recordSkill(skill("one"), at)).rejects.toThrow("schemaVersion");
      expect(await readFile(path, "utf8")).toBe(text);
    }
  });
});
