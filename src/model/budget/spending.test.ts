import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { configSchema } from "../../config/schema.ts";
import type { ChatAnswer } from "../../shared/chat.ts";
import { systemClock } from "../../shared/clock.ts";
import { AgentError, type ErrorCode } from "../../shared/errors.ts";
import type { ChatModel } from "../chat-model.ts";
import { measurePrompt } from "../context-window.ts";
import { estimateTokens } from "../estimate-tokens.ts";
import { SpendLedger } from "./spend-ledger.ts";
import { type CallLimits, type PlannedCall, RunSpending } from "./spending.ts";

let folder = "";
let ledger: SpendLedger;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-spending-"));
  ledger = new SpendLedger(join(folder, "spend.sqlite"));
});

afterEach(async () => {
  ledger.close();
  await rm(folder, { recursive: true, force: true });
});

const model: ChatModel = {
  name: "m",
  contextTokens: 4_096,
  price: { inputPerMillion: 0, outputPerMillion: 1_000_000 },
  chat: () => Promise.reject(new Error("the work of each test stands for it")),
};
const messages = [{ role: "user", content: "Add one." }] as const;
const call: PlannedCall = { role: "coder", order: 0, model, messages };

function spendingOf(limits: object): RunSpending {
  const { budget } = configSchema.parse({ budget: { directive: limits } });
  const freeDeadRuns = async () => false;
  const run = { runId: "run-1", skill: "adds_one", clock: systemClock, freeDeadRuns };
  return new RunSpending({ ledger, budget, models: {}, ...run });
}

function spent() {
  return ledger.spent("directive", "run-1", "2000-01-01");
}

/** Makes a call that ends with an error after so many tokens. */
async function fail(spending: RunSpending, error: Error, seenTokens = 0): Promise<number> {
  let promptTokens = 0;
  const work = async (limits: CallLimits): Promise<ChatAnswer> => {
    ({ promptTokens } = limits);
    if (seenTokens > 0) limits.onTokens?.(seenTokens);
    throw error;
  };
  await expect(spending.spend(call, undefined, work)).rejects.toBe(error);
  return promptTokens;
}

function errorWith(code: ErrorCode, blame: "environment" | "model" = "environment"): AgentError {
  return new AgentError(code, "Asking: it failed.", { blame });
}

describe("RunSpending", () => {
  it.each<[ErrorCode, number]>([
    ["MODEL_STREAM_CUT", 12],
    ["PROMPT_CUT", 30],
    ["ABORTED", 0],
    ["MODEL_SERVER_ERROR", 0],
    ["MODEL_PROTOCOL", 0],
    ["MODEL_REFUSED", 5],
  ])(
    "spend() counts prompt and seen tokens of a call that ends as %s after %i",
    async (code, seen) => {
      const spending = spendingOf({ requests: 1 });
      const promptTokens = await fail(spending, errorWith(code), seen);
      expect(promptTokens).toBeGreaterThan(0);
      expect(spent()).toMatchObject({ requests: 1, tokens: promptTokens + seen, money: seen });
      const again = spending.spend(call, undefined, () => Promise.reject(new Error("asked again")));
      await expect(again).rejects.toMatchObject({ code: "BUDGET_REACHED" });
      expect(spending.reached).toMatchObject({ kind: "requests", spent: 1 });
    },
  );

  it("spend() counts a call that ends with an error of nobody's, or as the model's own fault", async () => {
    const spending = spendingOf({});
    await fail(spending, new TypeError("a bug"));
    await fail(spending, errorWith("MODEL_REFUSED", "model"));
    expect(spent()).toMatchObject({ requests: 2 });
  });

  it.each<ErrorCode>([
    "MODEL_UNREACHABLE",
    "MODEL_MISSING",
    "MODEL_REFUSED",
    "MODEL_CONTEXT_OVERFLOW",
    "REMOTE_NOT_ALLOWED",
    "CONFIG_INVALID",
  ])("spend() counts nothing of a call that nobody can have answered: %s", async (code) => {
    const spending = spendingOf({ requests: 1 });
    for (let time = 0; time < 3; time += 1) await fail(spending, errorWith(code));
    expect(spent()).toEqual({ tokens: 0, requests: 0, timeMs: 0, money: 0 });
    expect(ledger.holders()).toEqual([]);
  });

  it("spend() counts a busy server as a request without tokens", async () => {
    await fail(spendingOf({}), errorWith("MODEL_BUSY"));
    expect(spent()).toMatchObject({ requests: 1, tokens: 0, money: 0 });
  });

  it.each([
    [0, 0],
    [-500, 20],
    [50, -20],
    [50, 1.5],
    [50, 1e300],
    [50, Number.MAX_SAFE_INTEGER],
  ])(
    "spend() estimates what a server cannot have used: prompt %d, answer %d",
    async (promptTokens, outputTokens) => {
      const spending = spendingOf({});
      const usage = { promptTokens, outputTokens, durationMs: 30, firstTokenMs: 1 };
      const text = "one two three four";
      const answer = await spending.spend(call, undefined, async () => ({
        ...{ text, thinking: "", model: "m" },
        ...usage,
      }));
      expect(answer.promptTokens).toBe(promptTokens > 0 ? 50 : measurePrompt(messages).estimate);
      expect(answer.outputTokens).toBe(outputTokens === 20 ? 20 : estimateTokens(text));
      spending.record(call, answer);
      expect(spent().tokens).toBe(answer.promptTokens + answer.outputTokens);
    },
  );

  it("spend() ends a call whose time can no longer be counted, with the ledger's error", async () => {
    const spending = spendingOf({ timeMs: 60_000 });
    const work = ({ signal }: CallLimits) => {
      const database = new DatabaseSync(join(folder, "spend.sqlite"));
      database.exec("ALTER TABLE held_calls RENAME COLUMN elapsed_ms TO was_elapsed_ms");
      database.close();
      return new Promise<ChatAnswer>((_resolve, reject) => {
        signal?.addEventListener("abort", () => reject(errorWith("ABORTED")));
      });
    };
    const error = { code: "INTERNAL", message: expect.stringContaining("elapsed_ms") };
    await expect(spending.spend(call, undefined, work)).rejects.toMatchObject(error);
  });

  it("spend() that is aborted while it waits for another's room holds nothing", async () => {
    const spending = spendingOf({ requests: 1 });
    const held = { runId: "run-1", role: "tester", order: 0, skill: "s", model: "m" };
    const worst = { promptTokens: 1, outputTokens: 1, leastOutputTokens: 1, price: undefined };
    const { budget } = configSchema.parse({});
    expect(ledger.hold(held, "2026-11-27", worst, budget).kind).toBe("granted");
    const controller = new AbortController();
    const waiting = spending.spend(call, controller.signal, () =>
      Promise.reject(new Error("made all the same")),
    );
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: "ABORTED", blame: "caller" });
    ledger.release(held);
    expect(ledger.holders()).toEqual([]);
  });

  it("record() counts the answer of a later try beside the one that failed", async () => {
    const spending = spendingOf({});
    const promptTokens = await fail(spending, errorWith("MODEL_STREAM_CUT"), 12);
    const usage = { promptTokens: 50, outputTokens: 20, durationMs: 30, firstTokenMs: 1 };
    const reply = { text: "x", thinking: "", model: "m", ...usage };
    spending.record(call, await spending.spend(call, undefined, async () => reply));
    expect(spent()).toMatchObject({ requests: 2, tokens: promptTokens + 12 + 70, money: 32 });
  });
});
