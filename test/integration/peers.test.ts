import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { type ChatBody, type OllamaServer, startOllamaServer } from "../support/ollama-server.ts";
import { byRole, roleOf } from "../support/scripted-ollama.ts";
import {
  openTemporaryApplication,
  type TemporaryApplication,
} from "../support/temporary-application.ts";
import { answersOf, codeAnswer, follow, goal, ofType } from "./run-support.ts";

let server: OllamaServer;
let opened: TemporaryApplication;

afterEach(async () => {
  await opened.remove();
  await server.close();
});

function isQuestion({ messages }: ChatBody): boolean {
  return JSON.stringify(messages).includes("The calls, each with");
}

/** What the contract demands of each call that is shown. */
function settled({ messages }: ChatBody): string {
  const shown = String(messages.at(-1)?.content);
  const calls = [...shown.matchAll(/"args": \[(-?\d+)\]/g)].map(([, digits]) => Number(digits));
  return JSON.stringify({ cases: calls.map((n) => ({ args: [n], returns: n + 1 })) });
}

/** A model whose usual program, that of the other prompt and that in Python are these. */
async function open(usual: string[], literal: string, python: string): Promise<void> {
  const scripted = byRole(answersOf({ coder: () => codeAnswer(usual.shift() ?? "n + 1") }));
  const answer = (request: ChatBody) => {
    const [system] = request.messages;
    if (isQuestion(request)) {
      return settled(request);
    }
    if (system?.content.includes("ONE Python function") === true) {
      return codeAnswer(python, "python");
    }
    return system?.content.includes("sentence by sentence") === true
      ? codeAnswer(literal)
      : scripted(request);
  };
  server = await startOllamaServer({ answer });
  opened = await openTemporaryApplication({
    ollamaHost: server.host,
    language: "typescript",
    peers: ["other-prompt", "other-language"],
  });
}

async function agreementOf(skill: string) {
  const path = join(opened.workspaceRoot, "skills", `${skill}.certificate.json`);
  return JSON.parse(await readFile(path, "utf8")).evidence.agreement;
}

describe("runDirective() with peers of its own model", () => {
  it("runDirective() compares a TypeScript skill with a Python one and with another prompt's", async () => {
    await open(["n + 1"], "1 + n", "n + 1");
    const { events, result } = await follow(opened.application.runDirective(goal));
    expect(result).toMatchObject({ status: "completed", attempts: 1, modelCalls: 6 });
    expect(ofType(events, "candidates-compared")).toMatchObject([
      { programs: 3, behaviours: 1, agreement: 1 },
    ]);
    expect(await agreementOf(result.skill)).toMatchObject({
      sources: ["same model, python", "same model, other prompt candidate-literal"],
      peers: [
        { kind: "other language", programs: 1, sameText: 0, sameAnswers: 1 },
        { kind: "other prompt", programs: 1, sameText: 0, sameAnswers: 1 },
      ],
    });
    const skill = await opened.application.showSkill(result.skill);
    expect(skill).toMatchObject({ language: "typescript", status: "working" });
    expect(skill.source).toContain("n + 1");
  });

  it("runDirective() has a call settled on which peers contradict what passed, and asks them once", async () => {
    await open(["n > 1200 ? n + 2 : n + 1", "n + 1"], "1 + n", "n + 1");
    const { events, result } = await follow(opened.application.runDirective(goal));
    expect(result).toMatchObject({ status: "completed", attempts: 2 });
    const asked = server.chats();
    expect(asked.map(roleOf).filter((role) => role === "coder")).toHaveLength(4);
    expect(ofType(events, "candidates-compared").map(({ behaviours }) => behaviours)).toEqual([
      2, 1,
    ]);
    expect(ofType(events, "peers-questioned")).toMatchObject([{ attempt: 1 }]);
    const [question] = asked.filter(isQuestion).map(({ messages }) => JSON.stringify(messages));
    expect(question).not.toMatch(/function add_one|def add_one|n > 1200|peer/);
    expect(await agreementOf(result.skill)).toMatchObject({ agreement: 1, behaviours: 1 });
  });
});
