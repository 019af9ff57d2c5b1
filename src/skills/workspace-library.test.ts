import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Memory, MemoryFile, SkillRecord } from "../memory/memory.ts";
import type { Language } from "../shared/json.ts";
import { memoryKeys } from "../shared/testing/memory-keys.ts";
import type { UnsignedCertificate } from "../verify/certificate.ts";
import { printCertificate, signCertificate } from "../verify/certificate-signature.ts";
import { certify } from "../verify/certify.ts";
import { sampleLimits } from "../verify/testing/sample-certificate.ts";
import { type DemotionRecords, openDemotionRecords } from "./demotion-records.ts";
import type { SkillLibrary } from "./library.ts";
import { openSkillLibrary } from "./workspace-library.ts";

const at = new Date("2026-01-01T00:00:00Z");
const goal = "Create a JSON validator skill";
const name = "create_a_json_validator_skill";

/** Keeps skills only; the rest of the port is never called here and says so. */
class SkillsOnlyMemory implements Memory {
  readonly skills: SkillRecord[] = [];
  /** Makes the next write of a record fail, as a crash between two steps would. */
  failsNext = false;

  async read(): Promise<MemoryFile> {
    const skills = this.skills.map((skill) => ({ ...skill }));
    return { version: 1, schemaVersion: 1, skills, failures: [], directives: [] };
  }
  async recordSkill(skill: Omit<SkillRecord, "created_at" | "updated_at">, when: Date) {
    if (this.failsNext) {
      this.failsNext = false;
      throw new Error("crashed");
    }
    const index = this.skills.findIndex((other) => other.name === skill.name);
    const stamp = when.toISOString();
    const record = {
      ...skill,
      created_at: this.skills[index]?.created_at ?? stamp,
      updated_at: stamp,
    };
    this.skills.splice(index < 0 ? this.skills.length : index, 1, record);
  }
  async recordFailure(): Promise<void> {
    throw new Error("not expected");
  }
  async recordDirective(): Promise<void> {
    throw new Error("not expected");
  }
  async recallFailures(): Promise<never> {
    throw new Error("not expected");
  }
}

const keys = memoryKeys();
let root: string;
let memory: SkillsOnlyMemory;
let demotions: DemotionRecords;
let library: SkillLibrary;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "skills-"));
  memory = new SkillsOnlyMemory();
  demotions = openDemotionRecords(join(root, "demoted"));
  library = openSkillLibrary({ workspaceRoot: root, memory, keys, demotions });
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

function certificateFor(
  skill: string,
  source: string,
  ofGoal = goal,
  language: Language = "python",
): UnsignedCertificate {
  return certify({
    policy: { limits: sampleLimits },
    cost: { modelCalls: 4, promptTokens: 1, outputTokens: 1, durationMs: 1 },
    source,
    verdicts: [
      {
        passed: true,
        findings: [
          {
            caseId: "c1",
            passed: true,
            sealed: false,
            detail: "",
            outcome: { kind: "returned", value: 1, printed: "", durationMs: 1 },
          },
        ],
        runtime: "r",
        backend: "b",
      },
    ],
    goal: ofGoal,
    contract: {
      name: skill,
      language,
      description: "validates",
      entry: "f",
      parameters: [],
      result: {},
      errors: [],
      capabilities: [],
      files: { reads: [], makes: [] },
    },
    suite: {
      cases: [
        {
          id: "c1",
          args: [],
          files: [],
          filesAfter: [],
          origin: "model",
          sealed: false,
          why: "",
          kind: "returns",
          expected: 1,
        },
      ],
    },
    analysis: "agreed",
    models: ["m"],
    attempts: 1,
    runId: "r1",
    issuedAt: at.toISOString(),
  });
}

const draft = (source: string, ofGoal = goal, skill = name) => ({
  name: skill,
  language: "python" as const,
  goal: ofGoal,
  description: "d",
  source,
});

async function admitted(source = "good\n"): Promise<void> {
  await library.nameFor(goal, "python");
  await library.write(draft(source), at);
  await library.admit(certificateFor(name, source), at);
}

const statusOf = async (skill = name) => (await library.get(skill)).status;

describe("nameFor()", () => {
  it("nameFor() names as the guide does, and the same goal gets its name again until it works", async () => {
    expect(await library.nameFor(goal, "python")).toBe(name);
    await library.write(draft("bad\n"), at);
    expect(await library.nameFor("create a json validator skill", "python")).toBe(name);
    await library.fail({ ...draft("bad\n"), source: undefined }, at);
    expect(await library.nameFor(goal, "python")).toBe(name);
  });

  it("refuseTaken() refuses what nameFor() would, and reserves nothing", async () => {
    await library.refuseTaken(goal, "python", "free");
    expect(await library.list()).toEqual([]);
    await admitted();
    const taken = [
      [goal, name],
      ["Another goal", name],
      [goal, "No Name"],
    ] as const;
    for (const [wanted, refused] of taken) {
      await expect(library.refuseTaken(wanted, "python", refused)).rejects.toMatchObject({
        code: "SKILL_NAME_INVALID",
      });
    }
  });

  it("nameFor() numbers the name when it holds a working skill, an edited one, or another's file", async () => {
    await admitted();
    expect(await library.nameFor(goal, "python")).toBe(`${name}_2`);
    await writeFile(join(root, "skills", `${name}.py`), "edited by hand\n");
    await writeFile(join(root, "skills", `${name}_3.py`), "somebody's\n");
    await library.write(draft("x\n", goal, `${name}_2`), at);
    await library.admit(certificateFor(`${name}_2`, "x\n"), at);
    expect(await library.nameFor(goal, "python")).toBe(`${name}_4`);
  });

  it("nameFor() gives two goals, and two languages of one goal, names of their own", async () => {
    expect(await library.nameFor("Create a C++ parser!", "python")).not.toBe(
      await library.nameFor("Create a C parser", "python"),
    );
    expect(await library.nameFor("Parse URLs", "python")).toBe("parse_urls");
    expect(await library.nameFor("parse, urls", "python")).toMatch(/^parse_urls(_2)?$/);
    expect(await library.nameFor("Parse URLs", "typescript")).toMatch(/^parse_urls_\d$/);
  });

  it("nameFor() reserves, so that many at once never share a name", async () => {
    const goals = Array.from(
      { length: 12 },
      (_, index) => `Sum numbers${" -".repeat(index)}${index % 2 ? "!" : "?"}`,
    );
    const others = openSkillLibrary({ workspaceRoot: root, memory, keys, demotions });
    const names = await Promise.all(
      goals.map((one, index) => (index % 2 ? library : others).nameFor(one, "python")),
    );
    const byName = Map.groupBy(memory.skills, (record) => record.name);
    expect([...byName.values()].every((records) => records.length === 1)).toBe(true);
    expect(new Set(names).size).toBe(memory.skills.length);
  });

  it.each([
    "../../x",
    "a/b",
    "a.b",
    "",
    "A",
    "1a",
    "con",
    "class",
    "json",
    "a b",
    "ä",
    "x".repeat(81),
    "a\u0000",
    "skills\\x",
    "/etc/passwd",
  ])("nameFor() refuses the wanted name %j and leaves no trace", async (wanted) => {
    await expect(library.nameFor(goal, "python", wanted)).rejects.toMatchObject({
      code: "SKILL_NAME_INVALID",
      blame: "caller",
      message: expect.stringContaining("give another name with --name"),
    });
    expect(memory.skills).toEqual([]);
  });

  it("nameFor() takes a wanted name unchanged, and refuses one that is another goal's or proven", async () => {
    expect(await library.nameFor(goal, "python", "json_validator")).toBe("json_validator");
    expect(await library.nameFor(goal, "python", "json_validator")).toBe("json_validator");
    await expect(library.nameFor("Parse CSV", "python", "json_validator")).rejects.toMatchObject({
      code: "SKILL_NAME_INVALID",
      message: expect.stringContaining("belongs to the goal"),
    });
    await expect(library.nameFor(goal, "typescript", "json_validator")).rejects.toMatchObject({
      code: "SKILL_NAME_INVALID",
    });
    await admitted();
    await expect(library.nameFor(goal, "python", name)).rejects.toMatchObject({
      message: expect.stringContaining("holds a proven skill"),
    });
  });
});

describe("write(), admit() and fail()", () => {
  it("admit() makes a skill working, and findWorking() offers it for other wordings", async () => {
    await admitted();
    expect(await library.get(name)).toMatchObject({
      status: "working",
      source: "good\n",
      goal,
      description: "validates",
      certificate: { skill: name },
    });
    expect(await library.findWorking("create JSON validator", "python")).toMatchObject({ name });
    expect(await library.findWorking(goal, "typescript")).toBeUndefined();
    expect(await library.findWorking("Create a JSON formatter", "python")).toBeUndefined();
    expect(memory.skills[0]?.status).toBe("working");
  });

  it("write() refuses other bytes for a proven skill, edited by hand or not, and keeps it", async () => {
    await admitted();
    await expect(library.write(draft("new\n"), at)).rejects.toMatchObject({
      code: "SKILL_NAME_INVALID",
    });
    expect(await statusOf()).toBe("working");
    await writeFile(join(root, "skills", `${name}.py`), "edited\n");
    await expect(library.write(draft("new\n"), at)).rejects.toMatchObject({
      code: "SKILL_NAME_INVALID",
    });
    expect((await library.get(name)).source).toBe("edited\n");
  });

  it("write() of the proven bytes again, as a resumed run does, keeps the skill working", async () => {
    await admitted();
    await library.write(draft("good\n"), at);
    await library.admit(certificateFor(name, "good\n"), at);
    expect(await statusOf()).toBe("working");
    expect(memory.skills).toHaveLength(1);
  });

  it("write() refuses another goal's name", async () => {
    await library.write(draft("x\n"), at);
    await expect(library.write(draft("y\n", "Parse CSV"), at)).rejects.toMatchObject({
      code: "SKILL_NAME_INVALID",
    });
    await expect(library.write({ ...draft("y\n"), name: "../x" }, at)).rejects.toMatchObject({
      code: "SKILL_NAME_INVALID",
    });
    expect(await readdir(root)).toEqual(["skills"]);
    expect((await library.get(name)).source).toBe("x\n");
  });

  it("admit() refuses a certificate of other bytes and leaves none behind", async () => {
    await library.write(draft("candidate\n"), at);
    await expect(library.admit(certificateFor(name, "other\n"), at)).rejects.toMatchObject({
      code: "SKILL_NOT_PROVEN",
    });
    await expect(library.admit(certificateFor("never_written", "x"), at)).rejects.toMatchObject({
      code: "SKILL_NOT_PROVEN",
    });
    const files = await readdir(join(root, "skills"));
    expect(files.filter((file) => file.endsWith(".json"))).toEqual([]);
    expect(await statusOf()).toBe("untested");
  });

  it("admit() that crashes before the record leaves a working skill, one before it an untested", async () => {
    await library.nameFor(goal, "python");
    memory.failsNext = true;
    await expect(library.write(draft("good\n"), at)).rejects.toThrow("crashed");
    expect(await statusOf()).toBe("untested");
    memory.failsNext = true;
    await expect(library.admit(certificateFor(name, "good\n"), at)).rejects.toThrow("crashed");
    expect(await statusOf()).toBe("working");
    expect(await library.findWorking(goal, "python")).toMatchObject({ name });
    await library.admit(certificateFor(name, "good\n"), at);
    expect(memory.skills[0]?.status).toBe("working");
  });

  it("fail() keeps the best candidate, and changes nothing of a proven skill", async () => {
    await library.fail(draft("best\n"), at);
    expect(await library.get(name)).toMatchObject({ status: "failed", source: "best\n" });
    await admitted();
    await library.fail(draft("worse\n"), at);
    expect(await library.get(name)).toMatchObject({ status: "working", source: "good\n" });
  });
});

describe("list() and get()", () => {
  it("list() shows edited, vanished and unrecorded skills as untested", async () => {
    await admitted();
    await writeFile(join(root, "skills", `${name}.py`), "good \n");
    await library.fail(draft("f\n", "Parse CSV", "parse_csv"), at);
    await library.write(draft("v\n", "Parse XML", "parse_xml"), at);
    await rm(join(root, "skills", "parse_xml.py"));
    await writeFile(join(root, "skills", "stray.ts"), "export {};\n");
    await writeFile(join(root, "skills", "Not A Skill.py"), "");
    expect((await library.list()).map((skill) => [skill.name, skill.status, skill.source])).toEqual(
      [
        [name, "untested", "good \n"],
        ["parse_csv", "failed", "f\n"],
        ["parse_xml", "untested", ""],
        ["stray", "untested", "export {};\n"],
      ],
    );
    expect(await library.get("stray")).toMatchObject({ language: "typescript", goal: "" });
  });

  it("list() shows a proven skill working although memory lost it", async () => {
    await admitted();
    memory.skills.length = 0;
    expect(await library.list()).toEqual([
      expect.objectContaining({ name, goal, status: "working" }),
    ]);
    expect(await library.nameFor(goal, "python")).toBe(`${name}_2`);
  });

  it("get() shows a skill untested when the bytes differ although they decode alike", async () => {
    await admitted("s = '\ufffd'\n");
    expect(await statusOf()).toBe("working");
    const path = join(root, "skills", `${name}.py`);
    const bytes = await readFile(path);
    await writeFile(
      path,
      Buffer.from(bytes.toString("latin1").replace("\u00ef\u00bf\u00bd", "\u00ff"), "latin1"),
    );
    expect(await statusOf()).toBe("untested");
  });

  it("get() shows a skill untested when its certificate is damaged or another's", async () => {
    await admitted();
    const path = join(root, "skills", `${name}.certificate.json`);
    const other = signCertificate(certificateFor("other", "good\n"), await keys.signingKey());
    await writeFile(path, printCertificate(other));
    expect(await library.get(name)).toMatchObject({
      status: "untested",
      problem: "its certificate is about another skill",
    });
    await writeFile(path, "{");
    expect(await statusOf()).toBe("untested");
    await expect(library.write(draft("new\n"), at)).rejects.toMatchObject({
      code: "SKILL_NAME_INVALID",
    });
  });

  it.each(["create_a_json_validator_skil", "../../etc/passwd", "nothing", ""])(
    "get() throws SKILL_NOT_FOUND for %j",
    async (unknown) => {
      await admitted();
      await expect(library.get(unknown)).rejects.toMatchObject({ code: "SKILL_NOT_FOUND" });
    },
  );

  it("list() works in a workspace that has nothing yet", async () => {
    expect(
      await openSkillLibrary({ workspaceRoot: join(root, "new"), memory, keys, demotions }).list(),
    ).toEqual([]);
  });

  it("list() is not stopped by a folder or a huge file in a skill's place", async () => {
    await library.write(draft("x\n"), at);
    await mkdir(join(root, "skills", "folder.py"));
    await writeFile(join(root, "skills", "huge.py"), Buffer.alloc(5 * 1024 * 1024));
    expect((await library.list()).map((skill) => [skill.name, skill.source.length])).toEqual([
      [name, 2],
      ["folder", 0],
      ["huge", 0],
    ]);
  });
});

describe("symbolic links", () => {
  it("openSkillLibrary() refuses a linked skills folder for reading and writing", async () => {
    const elsewhere = join(root, "elsewhere");
    await mkdir(elsewhere);
    await symlink(elsewhere, join(root, "skills"));
    for (const work of [
      () => library.list(),
      () => library.nameFor(goal, "python"),
      () => library.write(draft("x"), at),
    ]) {
      await expect(work()).rejects.toMatchObject({ code: "PATH_OUTSIDE_WORKSPACE" });
    }
    expect(await readdir(elsewhere)).toEqual([]);
  });

  it("write() never writes through a linked file, and list() shows nothing of its target", async () => {
    const target = join(root, "target.py");
    await writeFile(target, "secret\n");
    await library.nameFor(goal, "python");
    await symlink(target, join(root, "skills", `${name}.py`));
    await expect(library.write(draft("x\n"), at)).rejects.toMatchObject({
      code: "PATH_OUTSIDE_WORKSPACE",
    });
    await expect(library.get(name)).rejects.toMatchObject({ code: "PATH_OUTSIDE_WORKSPACE" });
    expect((await library.list()).map((skill) => skill.source)).toEqual([""]);
    expect(await readFile(target, "utf8")).toBe("secret\n");
  });
});
