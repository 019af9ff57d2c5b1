import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Certificate } from "../../src/verify/certificate.ts";
import { type ChatBody, type OllamaServer, startOllamaServer } from "../support/ollama-server.ts";
import { byRole, roleOf } from "../support/scripted-ollama.ts";
import {
  openTemporaryApplication,
  type TemporaryApplication,
} from "../support/temporary-application.ts";
import { answersOf, codeAnswer, follow, goal, ofType, suiteAnswer } from "./run-support.ts";

/** Right on every case of the suite, whose numbers are smaller. */
const flawed = codeAnswer("n > 1200 ? n + 2 : n + 1");
const settled = JSON.stringify({ cases: [] });
let server: OllamaServer;
let opened: TemporaryApplication;
let answer: (request: ChatBody) => ReturnType<ReturnType<typeof byRole>>;

beforeAll(async () => {
  server = await startOllamaServer({ answer: (request) => answer(request) });
});
afterEach(async () => {
  await opened.remove();
});
afterAll(async () => {
  await server.close();
});

async function open(): Promise<void> {
  opened = await openTemporaryApplication({ ollamaHost: server.host, language: "typescript" });
}

async function certificateOf(skill: string): Promise<Certificate> {
  const path = join(opened.workspaceRoot, "skills", `${skill}.certificate.json`);
  return JSON.parse(await readFile(path, "utf8"));
}

/** A tester who works out what the contract demands of each call that it is shown. */
function honestCases(request: ChatBody): string {
  const shown = String(request.messages.at(-1)?.content);
  const calls = [...shown.matchAll(/"args": \[(-?\d+)\]/g)].map(([, digits]) => Number(digits));
  return JSON.stringify({ cases: calls.map((n) => ({ args: [n], returns: n + 1 })) });
}

describe("runDirective() when the suite notices too few changes of the code", () => {
  it("runDirective() asks about calls, and the new cases prove the candidate wrong", async () => {
    await open();
    const scripted = byRole(
      answersOf({ coder: (order) => (order === 0 ? flawed : codeAnswer("n + 1")) }),
    );
    const questions: string[] = [];
    answer = (request) => {
      const isQuestion = JSON.stringify(request.messages).includes("The calls, each with");
      if (!isQuestion) {
        return scripted(request);
      }
      questions.push(JSON.stringify(request.messages));
      return honestCases(request);
    };
    const { events, result } = await follow(opened.application.runDirective(goal));
    expect(result).toMatchObject({ status: "completed", attempts: 2 });
    expect(questions.length).toBeGreaterThan(0);
    for (const question of questions) {
      expect(question).not.toMatch(/function add_one|n > 1200|mutant/);
    }
    expect(ofType(events, "cases-added").length).toBeGreaterThan(0);
    const { suite, evidence } = await certificateOf(result.skill);
    expect(suite.cases.length).toBeGreaterThan(9);
    expect(evidence?.mutation?.score).toBe(1);
  });

  it("runDirective() ends unproven, and the goal given again may overwrite the skill", async () => {
    await open();
    const script = {
      coder: flawed,
      tester: (order: number) => (order === 0 ? suiteAnswer : settled),
    };
    answer = byRole(answersOf(script));
    const before = server.chats().length;
    const { events, result } = await follow(opened.application.runDirective(goal));
    expect(result).toMatchObject({ status: "unproven", attempts: 1 });
    const roles = server.chats().slice(before).map(roleOf);
    expect(roles.filter((role) => role === "coder")).toHaveLength(1);
    const [unproven] = ofType(events, "skill-unproven");
    expect(unproven?.missing[0]).toMatch(/^the suite notices \d+ of \d+ changes of the code/);
    const skill = await opened.application.showSkill(result.skill);
    expect(skill.status).toBe("untested");
    expect(await certificateOf(result.skill)).toMatchObject({ missing: unproven?.missing });

    answer = byRole(answersOf({}));
    const again = await follow(opened.application.runDirective(goal));
    expect(again.result).toMatchObject({ status: "completed", skill: result.skill });
  });
});
