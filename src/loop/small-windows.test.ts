import { describe, expect, it } from "vitest";
import type { ChatModel, ChatRequest } from "../model/chat-model.ts";
import { estimateTokens } from "../model/estimate-tokens.ts";
import type { RoleLinks } from "../model/model-chain.ts";
import type { Role } from "../shared/events.ts";
import type { Skill } from "../skills/library.ts";
import { runGraph } from "./graph.ts";
import { promptBudgetTokens } from "./prompt-budget.ts";
import {
  agreeAnswer,
  codeAnswer,
  contractAnswer,
  scriptedModel,
  sharedLinks,
  suiteAnswer,
} from "./testing/fake-run.ts";
import { fakeRuns } from "./testing/open-fake-run.ts";

const open = fakeRuns();
const longFailures = Array.from(
  { length: 5 },
  (_, index) => `lesson ${index} ${"item123 ".repeat(200)}`,
);
const library = [1, 2].map(
  (index): Skill => ({
    name: `adds_${index}`,
    language: "python",
    description: `Creates a skill that adds ${index}. ${"It does so with care. ".repeat(40)}`,
    goal: "Create a skill that adds one",
    status: "working",
    path: `skills/adds_${index}.py`,
    source: `def adds_${index}(n):\n${"    value = n + 1  # item123\n".repeat(150)}    return value\n`,
  }),
);

/** Wrong at first, unreadable once, so that every kind of prompt is sent. */
function answersFor(order: number): string {
  if (order === 0) return "I would rather explain it at length. ".repeat(200);
  const filler = "    total = n  # item123\n".repeat(200);
  return order < 4
    ? codeAnswer(`pass\n${filler}    return n - ${order}`)
    : codeAnswer("return n + 1");
}

function model(name: string, contextTokens: number, requests: ChatRequest[]): ChatModel {
  const answers = {
    planner: () => contractAnswer,
    tester: () => suiteAnswer,
    coder: answersFor,
    analyst: () => agreeAnswer,
  };
  return scriptedModel(answers, requests, { name, contextTokens });
}

function sizeOf({ messages }: ChatRequest): number {
  return messages.reduce((sum, { content }) => sum + estimateTokens(content), 0);
}

async function runAt(links: RoleLinks) {
  const goalWords = "Every whole number is allowed. ".repeat(120);
  const fake = await open({ answers: {}, links, library, recalled: longFailures });
  const directive = { ...fake.run.directive, goal: `Create a skill that adds one. ${goalWords}` };
  const state = await runGraph({ ...fake.run, directive });
  return { ...fake, state };
}

describe("a whole run with much recalled", () => {
  it.each([8_192, 4_096, 3_072])(
    "runGraph() admits in a window of %d tokens, and says what it left out",
    async (contextTokens) => {
      const requests: ChatRequest[] = [];
      const { state, events } = await runAt(sharedLinks(model("small", contextTokens, requests)));
      expect(state).toMatchObject({ outcome: "admitted", attempt: 4 });
      const roles = new Set(requests.map(({ role }) => role));
      expect(roles).toEqual(new Set<Role>(["planner", "tester", "coder", "analyst"]));
      for (const request of requests) {
        // A repair comes on top of the prompt that it repairs, and still leaves room to answer.
        const room =
          request.messages.length > 2 ? 0.75 * contextTokens : promptBudgetTokens(contextTokens);
        expect(sizeOf(request)).toBeLessThanOrEqual(room);
      }
      const shortened = events.filter((event) => event.type === "prompt-shortened");
      expect(shortened.some(({ leftOut }) => leftOut.join().includes("recalled failures"))).toBe(
        true,
      );
      expect(shortened.some(({ leftOut }) => leftOut.join().includes("related skills"))).toBe(true);
      expect(shortened.every((event) => event.contextTokens === contextTokens)).toBe(true);
    },
  );

  it("runGraph() stops with the remedy where even the smallest prompt does not fit", async () => {
    await expect(runAt(sharedLinks(model("tiny", 2_048, [])))).rejects.toMatchObject({
      code: "MODEL_CONTEXT_OVERFLOW",
      message: expect.stringContaining("raise contextTokens"),
    });
  });

  it("runGraph() builds each role's prompt to the window of its own model", async () => {
    const windows: Record<Role, number> = {
      planner: 32_768,
      tester: 4_096,
      coder: 8_192,
      analyst: 3_072,
    };
    const requests: ChatRequest[] = [];
    const of = (role: Role) => [
      { name: role, open: async () => model(role, windows[role], requests) },
    ];
    const links = {
      planner: of("planner"),
      tester: of("tester"),
      coder: of("coder"),
      analyst: of("analyst"),
    };
    const { state } = await runAt(links);
    expect(state).toMatchObject({ outcome: "admitted" });
    for (const request of requests.filter(({ messages }) => messages.length <= 2)) {
      expect(sizeOf(request)).toBeLessThanOrEqual(promptBudgetTokens(windows[request.role]));
    }
    const largest = (role: Role) =>
      Math.max(...requests.filter((one) => one.role === role).map(sizeOf));
    expect(largest("coder")).toBeGreaterThan(promptBudgetTokens(windows.analyst));
  });
});
