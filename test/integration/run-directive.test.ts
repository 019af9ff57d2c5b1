import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readJournal } from "../../src/journal/read-journal.ts";
import { digestBytes } from "../../src/shared/digest.ts";
import type { Certificate } from "../../src/verify/certificate.ts";
import { type OllamaServer, startOllamaServer } from "../support/ollama-server.ts";
import { byRole, roleOf } from "../support/scripted-ollama.ts";
import {
  openTemporaryApplication,
  type TemporaryApplication,
} from "../support/temporary-application.ts";
import {
  answersOf,
  codeAnswer,
  codeOf,
  contractAnswer,
  follow,
  goal,
  ofType,
  type WatchedRun,
} from "./run-support.ts";

const python = { planner: contractAnswer, coder: codeAnswer("n + 1", "python") };
let server: OllamaServer;
let opened: TemporaryApplication;
let answer = byRole(answersOf(python));

beforeAll(async () => {
  server = await startOllamaServer({ answer: (request) => answer(request) });
  opened = await openTemporaryApplication({ ollamaHost: server.host });
});

afterAll(async () => {
  await opened.remove();
  await server.close();
});

/** Runs a goal with answers of its own; returns what was seen and the requests it made. */
async function run(
  answers: Parameters<typeof answersOf>[0],
  ...args: Parameters<TemporaryApplication["application"]["runDirective"]>
) {
  answer = byRole(answersOf(answers));
  const before = server.chats().length;
  const watched = await follow(opened.application.runDirective(...args));
  return { ...watched, chats: server.chats().slice(before) };
}

async function certificateOf(skill: string): Promise<Certificate> {
  const path = join(opened.workspaceRoot, "skills", `${skill}.certificate.json`);
  return JSON.parse(await readFile(path, "utf8"));
}

describe("runDirective() when the first attempt succeeds", () => {
  let first: WatchedRun & { chats: ReturnType<OllamaServer["chats"]> };

  beforeAll(async () => {
    first = await run(python, goal);
  });

  it("runDirective() costs exactly the 4 model calls that were announced", () => {
    expect(first.result).toMatchObject({
      status: "completed",
      skill: "create_a_skill_that_adds_one",
      offered: false,
      attempts: 1,
      modelCalls: 4,
    });
    expect(first.chats.map(roleOf)).toEqual(["planner", "tester", "coder", "analyst"]);
    expect(ofType(first.events, "run-started")).toMatchObject([{ firstAttemptModelCalls: 4 }]);
    expect(ofType(first.events, "run-finished")).toMatchObject([{ modelCalls: 4 }]);
  });

  it("runDirective() sends one and the same num_ctx with every call", () => {
    expect(first.chats.map((chat) => chat.options?.["num_ctx"])).toEqual(new Array(4).fill(32_768));
  });

  it("runDirective() never sends a sealed case to coder or analyst", async () => {
    const { suite } = await certificateOf(first.result.skill);
    const sealed = suite.cases.filter((one) => one.sealed);
    expect(sealed).toHaveLength(3);
    const asked = first.chats.filter((chat) => ["coder", "analyst"].includes(roleOf(chat)));
    // The messages alone: a random seed may have any three digits.
    const shown = JSON.stringify(asked.map(({ messages }) => messages));
    for (const one of sealed) {
      expect(shown).not.toContain(String(one.args[0]));
    }
    const open = suite.cases.find((one) => !one.sealed);
    expect(shown).toContain(String(open?.args[0]));
  });

  it("runDirective() never sends code to the tester", () => {
    const [tester] = first.chats.filter((chat) => roleOf(chat) === "tester");
    expect(JSON.stringify(tester?.messages)).not.toContain("return n + 1");
  });

  it("runDirective() writes the skill's file and a certificate of its bytes", async () => {
    const { skill } = first.result;
    const source = await readFile(join(opened.workspaceRoot, "skills", `${skill}.py`), "utf8");
    expect(source).toBe(codeOf("n + 1", "python"));
    const certificate = await certificateOf(skill);
    expect(certificate).toMatchObject({
      skill,
      goal,
      claim: "proven to its contract",
      digests: { code: digestBytes(source), dependencies: [] },
      analysis: "agreed",
      models: ["qwen3-coder"],
      attempts: 1,
      runId: first.result.runId,
    });
    // Behind it comes one on the runtime in use, where that is another.
    expect(certificate.proofs[0]).toMatchObject({
      runtime: "cpython-3.14/wasm",
      openPassed: 6,
      sealedPassed: 3,
    });
    expect(ofType(first.events, "skill-admitted")).toHaveLength(1);
  });

  it("runDirective() leaves memory.json in the guide's form", async () => {
    const memory = JSON.parse(await readFile(join(opened.workspaceRoot, "memory.json"), "utf8"));
    expect(memory).toMatchObject({
      schemaVersion: 1,
      skills: [
        {
          name: first.result.skill,
          status: "working",
          description: "Adds one to a whole number.",
          created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
          updated_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        },
      ],
      failures: [],
      directives: [
        { goal, status: "completed", created_at: expect.any(String), skill: first.result.skill },
      ],
    });
    expect(memory.version).toBeGreaterThan(1);
  });

  it("runDirective() leaves a finished journal with every answer, and nothing in exec/", async () => {
    const { runId } = first.result;
    const journal = await readJournal(join(opened.workspaceRoot, "runs", `${runId}.jsonl`));
    const answered = journal.filter((entry) => entry.type === "model-answered");
    expect(answered.map(({ role, order }) => `${role} ${order}`)).toEqual([
      "planner 0",
      "tester 0",
      "coder 0",
      "analyst 0",
    ]);
    expect(journal.at(-1)).toMatchObject({ type: "run-finished", status: "completed" });
    expect(await readdir(join(opened.workspaceRoot, "exec"))).toEqual([]);
    expect(await opened.application.pendingRuns()).toEqual([]);
  });

  it("runDirective() offers the working skill without a call when its goal is given again", async () => {
    const again = await run({}, "Build the skill that adds one!");
    expect(again.chats).toEqual([]);
    expect(again.result).toMatchObject({
      offered: true,
      skill: first.result.skill,
      status: "completed",
      runId: "",
    });
    expect(again.events).toMatchObject([{ type: "skill-offered", skill: first.result.skill }]);
  });

  it("runDirective() makes another skill of another name when asked for one again", async () => {
    const again = await run({ ...python, coder: codeAnswer("1 + n", "python") }, goal, {
      again: true,
    });
    expect(again.result).toMatchObject({ status: "completed", offered: false });
    expect(again.result.skill).not.toBe(first.result.skill);
    const files = await readdir(join(opened.workspaceRoot, "skills"));
    expect(files.filter((name) => name.endsWith(".py"))).toHaveLength(2);
    expect(await opened.application.showSkill(first.result.skill)).toMatchObject({
      status: "working",
    });
  });
});

describe("runDirective() with its options", () => {
  it("runDirective() costs 3 calls when analysis is off, and the certificate says so", async () => {
    const application = await opened.reopen({ analysis: false });
    answer = byRole(answersOf());
    const before = server.chats().length;
    const { result, events } = await follow(
      application.runDirective("Create a quick adder", { language: "typescript" }),
    );
    expect(server.chats().slice(before).map(roleOf)).toEqual(["planner", "tester", "coder"]);
    expect(result).toMatchObject({ status: "completed", modelCalls: 3 });
    expect(ofType(events, "run-started")).toMatchObject([{ firstAttemptModelCalls: 3 }]);
    expect(await certificateOf(result.skill)).toMatchObject({
      analysis: "off",
      proofs: [{ runtime: expect.stringMatching(/^deno-2\./) }],
    });
    await opened.reopen();
  });

  it("runDirective() makes a TypeScript skill that can be used when that language is asked for", async () => {
    const application = await opened.reopen();
    const { result } = await run({}, goal, { language: "typescript" });
    expect(result).toMatchObject({ status: "completed", modelCalls: 4 });
    const source = await readFile(join(opened.workspaceRoot, "skills", `${result.skill}.ts`));
    expect(String(source)).toBe(codeOf("n + 1"));
    expect(await application.useSkill(result.skill, { n: 41 })).toMatchObject({
      outcome: { kind: "returned", value: 42 },
    });
  });

  it("runDirective() lets an example overrule the tester when the two contradict", async () => {
    const { result, events } = await run({}, "Add one to 110 at least", {
      language: "typescript",
      examples: ["110 => 111", "220 => 221"],
    });
    expect(ofType(events, "case-dropped").map((event) => event.reason)).toEqual([
      "one of your examples says it already",
      "one of your examples says it already",
    ]);
    const { suite } = await certificateOf(result.skill);
    expect(suite.cases.slice(0, 2)).toMatchObject([
      { origin: "example", sealed: false, args: [110], expected: 111 },
      { origin: "example", sealed: false, args: [220], expected: 221 },
    ]);
  });

  it("runDirective() fails a candidate that meets the model's cases but not an example", async () => {
    const coder = (order: number) =>
      order === 0 ? codeAnswer("n + 1") : codeAnswer("n === 110 ? 7 : n + 1");
    const { result, events } = await run({ coder }, "Add one, with a twist", {
      language: "typescript",
      examples: ["110 => 7"],
    });
    expect(result).toMatchObject({ status: "completed", attempts: 2 });
    expect(ofType(events, "case-dropped")).toMatchObject([
      { reason: "contradicts one of your examples", text: expect.stringContaining("110") },
    ]);
    expect(ofType(events, "case-failed")).toMatchObject([
      { attempt: 1, case: { origin: "example", text: "add_one(110) => 7" } },
    ]);
  });

  it("runDirective() does not offer a working skill for an example it was never tested on", async () => {
    const options = { language: "typescript", examples: ["5 => 6"] } as const;
    const { result } = await run({}, goal, options);
    expect(result).toMatchObject({ offered: false, status: "completed" });
    const { result: second, chats } = await run({}, goal, options);
    expect(second).toMatchObject({ offered: true, skill: result.skill });
    expect(chats).toEqual([]);
  });

  it("runDirective() ends as cancelled before any code is written when the person says no", async () => {
    const { result, chats, events } = await run({}, "Add one if I agree", {
      language: "typescript",
      confirm: async () => false,
    });
    expect(result.status).toBe("cancelled");
    expect(chats.map(roleOf)).toEqual(["planner", "tester"]);
    expect(ofType(events, "suite-written")).toMatchObject([{ shown: [{}, {}, {}] }]);
    expect(await opened.application.pendingRuns()).toEqual([]);
  });
});

describe("runDirective() with files", () => {
  const files = {
    planner: JSON.stringify({
      description: "Writes the lines of notes.txt, sorted, to sorted.txt and returns their number.",
      entry: "sort_notes",
      parameters: [],
      result: { type: "integer" },
      files: { reads: ["notes.txt"], makes: ["sorted.txt"] },
    }),
    tester: JSON.stringify({
      cases: [
        { args: [], returns: 3, filesAfter: { "sorted.txt": "a\nb\nc\n" } },
        {
          args: [],
          files: { "notes.txt": "z\ny\n" },
          returns: 2,
          filesAfter: { "sorted.txt": "y\nz\n" },
        },
        { args: [], files: { "notes.txt": "" }, returns: 0 },
        { args: [], files: { "notes.txt": "k\n" }, returns: 1 },
      ],
    }),
    coder: [
      "```python",
      "def sort_notes():",
      '    with open("notes.txt", encoding="utf-8") as source:',
      "        lines = sorted(source.read().splitlines())",
      '    with open("sorted.txt", "w", encoding="utf-8") as target:',
      '        target.write("".join(line + "\\n" for line in lines))',
      "    return len(lines)",
      "```",
    ].join("\n"),
  };

  it("runDirective() shows a named file to the skill, and useSkill() copies back what it makes", async () => {
    await writeFile(join(opened.workspaceRoot, "notes.txt"), "c\na\nb\n");
    const { result, chats } = await run(files, "Sort my notes", { inputs: ["notes.txt"] });
    expect(result).toMatchObject({ status: "completed", attempts: 1 });
    expect(JSON.stringify(chats[0]?.messages)).toContain("notes.txt");
    const { application, workspaceRoot } = opened;
    const used = await application.useSkill(result.skill, [], { inputs: ["notes.txt"] });
    expect(used).toMatchObject({
      outcome: { kind: "returned", value: 3 },
      filesMade: ["sorted.txt"],
    });
    expect(await readFile(join(workspaceRoot, "sorted.txt"), "utf8")).toBe("a\nb\nc\n");
    expect(await readFile(join(workspaceRoot, "notes.txt"), "utf8")).toBe("c\na\nb\n");
    expect(await readdir(join(workspaceRoot, "exec"))).toEqual([]);
  });

  it("runDirective() refuses the agent's own files as input before anything is asked", async () => {
    for (const path of ["memory.json", "./certificates/x.json", "runs/x.jsonl", ".env"]) {
      const started = run(files, "Read my memory", { inputs: [path] });
      await expect(started).rejects.toMatchObject({ code: "PATH_OUTSIDE_WORKSPACE" });
    }
  });
});
