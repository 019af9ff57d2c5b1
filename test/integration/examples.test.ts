import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunOptions } from "../../src/application/application.ts";
import { type OllamaServer, startOllamaServer } from "../support/ollama-server.ts";
import { byRole, roleOf } from "../support/scripted-ollama.ts";
import {
  openTemporaryApplication,
  type TemporaryApplication,
} from "../support/temporary-application.ts";
import { answersOf, codeAnswer, contractAnswer, errorOf, follow, ofType } from "./run-support.ts";

let server: OllamaServer;
let opened: TemporaryApplication;
let folder: string;
let answer = byRole(answersOf());

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-examples-"));
  server = await startOllamaServer({ answer: (request) => answer(request) });
  opened = await openTemporaryApplication({ language: "typescript", ollamaHost: server.host });
});

afterAll(async () => {
  await opened.remove();
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

async function run(goal: string, options: RunOptions = {}) {
  answer = byRole(answersOf());
  const watched = await follow(opened.application.runDirective(goal, options));
  const { certificate } = await opened.application.showSkill(watched.result.skill);
  const examples = certificate?.suite.cases.filter(({ origin }) => origin === "example") ?? [];
  return { ...watched, examples };
}

describe("runDirective() with somebody's own examples", () => {
  it("runDirective() holds a skill to the examples of the goal's own text, and says so", async () => {
    const { events, result, examples } = await run("Add one: f(5) => 6 and f(7) => 8");
    expect(result.status).toBe("completed");
    expect(ofType(events, "goal-examples-read")).toMatchObject([
      { taken: true, examples: [{ line: "(5) => 6", written: "f(5) => 6" }, { line: "(7) => 8" }] },
    ]);
    expect(examples).toMatchObject([
      { args: [5], expected: 6, sealed: false },
      { args: [7], expected: 8, sealed: false },
    ]);
  });

  it("runDirective() asks whoever is there, and takes none after a no", async () => {
    const asked: (readonly string[])[] = [];
    const { events, examples } = await run("Add one, as f(5) => 6", {
      goalExamples: async (lines) => {
        asked.push(lines);
        return false;
      },
    });
    expect(asked).toEqual([["(5) => 6"]]);
    expect(ofType(events, "goal-examples-read")).toMatchObject([{ taken: false }]);
    expect(examples).toEqual([]);
  });

  it("runDirective() does not look for them when told to ignore them", async () => {
    const { events, examples } = await run("Add one: f(8) => 10", { goalExamples: "ignore" });
    expect(ofType(events, "goal-examples-read")).toEqual([]);
    expect(examples).toEqual([]);
  });

  it("runDirective() reads files of examples, says each once, and drops the tester's that contradict", async () => {
    await writeFile(join(folder, "a.csv"), "n,returns\n1,2\n2,3\n");
    await writeFile(
      join(folder, "b.jsonl"),
      '{"args": [2], "returns": 3}\n{"args": [110], "returns": 111}\n',
    );
    await writeFile(join(folder, "c.json"), '["3 => 4"]');
    const tester = JSON.stringify({
      cases: [110, 220, 330, 440, 550, 660].map((n) => ({
        args: [n],
        returns: n === 110 ? 0 : n + 1,
      })),
    });
    answer = byRole(answersOf({ tester }));
    const exampleFiles = ["a.csv", "b.jsonl", "c.json"].map((name) => join(folder, name));
    const { events, result } = await follow(
      opened.application.runDirective("Add one by files", { exampleFiles }),
    );
    expect(result.status).toBe("completed");
    expect(ofType(events, "case-dropped")).toMatchObject([
      { reason: "contradicts one of your examples", text: expect.stringContaining("110") },
    ]);
    const { certificate } = await opened.application.showSkill(result.skill);
    const own = certificate?.suite.cases.filter(({ origin }) => origin === "example");
    expect(own?.map(({ args }) => args[0])).toEqual([1, 2, 110, 3]);
  });

  it("runDirective() starts nothing when examples contradict one another, in whatever place", async () => {
    const before = server.chats().length;
    const error = await errorOf(
      follow(opened.application.runDirective("Add one so: f(5) => 6", { examples: ["5 => 7"] })),
    );
    expect(error).toMatchObject({ code: "USAGE", blame: "caller" });
    expect(error.message).toContain("want different things of the same call");
    expect(server.chats()).toHaveLength(before);
  });

  it("runDirective() says which file is wrong, and where", async () => {
    const path = join(folder, "bad.csv");
    await writeFile(path, "n,returns\n1\n");
    const wrong = follow(opened.application.runDirective("x y", { exampleFiles: [path] }));
    expect((await errorOf(wrong)).message).toContain("bad.csv: it is no CSV: row 2 has 1 cells");
    const missing = follow(
      opened.application.runDirective("x y", { exampleFiles: [`${path}.json`] }),
    );
    expect((await errorOf(missing)).message).toContain("is not there; a file is wanted");
  });

  it("runDirective() makes the planner mend a contract that the examples do not fit", async () => {
    const takesText = contractAnswer.replace('"type":"integer"', '"type":"string"');
    answer = byRole(answersOf({ planner: (order) => (order === 0 ? takesText : contractAnswer) }));
    const { events, result } = await follow(
      opened.application.runDirective("Add one in the end", { examples: ["5 => 6"] }),
    );
    expect(result.status).toBe("completed");
    expect(ofType(events, "answer-repaired")).toMatchObject([
      {
        role: "planner",
        problem: expect.stringContaining("the example add_one(5) => 6 must hold"),
      },
    ]);
  });

  it("runDirective() admits nothing that an example contradicts, whatever the model's cases say", async () => {
    const cases = [110, 220, 330, 440].map((n) => ({ args: [n], returns: n + 2 }));
    answer = byRole(answersOf({ tester: JSON.stringify({ cases }), coder: codeAnswer("n + 2") }));
    const application = await opened.reopen({ maxIterations: 2 });
    const { result } = await follow(
      application.runDirective("Add one or two", { examples: ["5 => 6"] }),
    );
    expect(result.status).toBe("failed");
    const coder = server.chats().findLast((chat) => roleOf(chat) === "coder");
    expect(JSON.stringify(coder?.messages)).toContain("add_one(5) => 6");
  });

  it("runDirective() says what is wrong with an example that a recorded contract cannot keep", async () => {
    const application = await opened.reopen({ model: "recordings" });
    const error = await errorOf(
      follow(
        application.runDirective("Create a JSON validator skill", { examples: ['"{}" => "yes"'] }),
      ),
    );
    expect(error.code).toBe("RECORDING_EXHAUSTED");
    expect(error.message).toMatch(/planner cannot be used here: the example .* must hold/);
    expect(error.message).toContain("leave out the examples");
  });
});
