import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonValue } from "../../src/shared/json.ts";
import { type OllamaServer, startOllamaServer } from "../support/ollama-server.ts";
import { byRole } from "../support/scripted-ollama.ts";
import {
  openTemporaryApplication,
  type TemporaryApplication,
} from "../support/temporary-application.ts";
import { answersOf, codeAnswer, follow, ofType, suiteAnswer } from "./run-support.ts";

/** `assert True`, in the forms in which a model writes it. */
const provesNothing: readonly string[] = [
  "true || result",
  "result === result || result !== result",
  "typeof result === 'number'",
  "Number.isInteger(result)",
  "[result].length === 1",
  "String(result).length > 0",
];
const weak: JsonValue = provesNothing.map((property, n) => ({ args: [n], property }));

let server: OllamaServer;
let opened: TemporaryApplication;
let answer = byRole(answersOf());

beforeAll(async () => {
  server = await startOllamaServer({ answer: (request) => answer(request) });
  opened = await openTemporaryApplication({
    language: "typescript",
    ollamaHost: server.host,
    maxIterations: 2,
  });
});

afterAll(async () => {
  await opened.remove();
  await server.close();
});

describe("runDirective() with a suite that proves nothing", () => {
  it("runDirective() lets no code be judged by it, and names the reason of each case", async () => {
    const tester = JSON.stringify({ cases: weak });
    answer = byRole(answersOf({ tester, coder: codeAnswer("0") }));
    const { events, result } = await follow(opened.application.runDirective("Add one, they say"));
    expect(result).toMatchObject({ status: "failed", attempts: 2 });
    expect(ofType(events, "attempt-failed").map(({ kind }) => kind)).toEqual([
      "unreadable-suite",
      "unreadable-suite",
    ]);
    expect(ofType(events, "candidate-written")).toEqual([]);
    const reasons = ofType(events, "case-dropped").map(({ reason }) => reason);
    expect(reasons).toHaveLength(2 * provesNothing.length);
    expect(new Set(reasons.map((reason) => reason.replace(/\d+/, "N")))).toEqual(
      new Set(["the property holds for all of N wrong results, so it can fail nobody"]),
    );
  });

  it("runDirective() goes on with what is left when others say something", async () => {
    const { cases } = JSON.parse(suiteAnswer);
    answer = byRole(
      answersOf({
        tester: JSON.stringify({
          cases: [...cases, ...provesNothing.map((property, n) => ({ args: [n], property }))],
        }),
      }),
    );
    const { events, result } = await follow(opened.application.runDirective("Add one, in part"));
    expect(result.status).toBe("completed");
    expect(ofType(events, "case-dropped")).toHaveLength(provesNothing.length);
    const { certificate } = await opened.application.showSkill(result.skill);
    expect(certificate?.suite.cases).toHaveLength(cases.length);
  });
});
