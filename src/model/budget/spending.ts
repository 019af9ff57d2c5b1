import { setTimeout as sleep } from "node:timers/promises";
import type { ChatAnswer, ChatMessage } from "../../shared/chat.ts";
import type { Clock } from "../../shared/clock.ts";
import { AgentError } from "../../shared/errors.ts";
import type { Role } from "../../shared/events.ts";
import type { ChatModel } from "../chat-model.ts";
import { answerReserve, measurePrompt } from "../context-window.ts";
import { abortedError } from "../model-errors.ts";
import type { ModelRows } from "../model-table.ts";
import { moneyFor, priceOf } from "../price.ts";
import { type Budget, type CallKey, isLimited, localDay, type SpentCall } from "./amounts.ts";
import { budgetError, unknownPriceError } from "./budget-error.ts";
import type { Judgement, Shortage, WorstCase } from "./judge-call.ts";
import type { SpendLedger } from "./spend-ledger.ts";
import { tokensUsed, withUsage } from "./tokens-used.ts";
import { watchTime } from "./watch-time.ts";

/** Between two looks at whether another run has let go of what it held. */
const pollMs = 100;

export interface PlannedCall {
  readonly role: Role;
  readonly order: number;
  readonly model: ChatModel;
  readonly messages: readonly ChatMessage[];
}

/** What a call may cost, and for how long it may go on. */
export interface CallLimits {
  readonly promptTokens: number;
  readonly worstOutputTokens: number;
  /** Set where a budget leaves less than the model could answer with. */
  readonly maxOutputTokens?: number;
  readonly signal?: AbortSignal;
  /** To be told how many tokens were answered until now: they count, also where the answer breaks off. */
  readonly onTokens?: (outputTokens: number) => void;
}

/** Stands before every call that is really made; what the journal answers costs nothing. */
export interface Spending {
  /** Why the run was stopped, once it was. */
  readonly reached: Shortage | undefined;
  /**
   * Makes a call if no budget could be passed by it, and returns its answer with what it cost. One that
   * ends without an answer is counted here, unless nobody can have worked on it.
   *
   * @throws {AgentError} BUDGET_REACHED before the call is made, or when its time is up; ABORTED;
   * CONFIG_INVALID where a budget of money cannot be kept.
   */
  spend(
    call: PlannedCall,
    signal: AbortSignal | undefined,
    work: (limits: CallLimits) => Promise<ChatAnswer>,
  ): Promise<ChatAnswer>;
  /** Counts an answer, once the journal holds it. */
  record(call: PlannedCall, answer: ChatAnswer): void;
}

export interface SpendingOptions {
  readonly ledger: SpendLedger;
  readonly budget: Budget;
  readonly models: ModelRows;
  readonly runId: string;
  readonly skill: string;
  readonly clock: Clock;
  /** Lets go of what runs hold that nobody works on any more; true when there were any. */
  readonly freeDeadRuns: () => Promise<boolean>;
}

export class RunSpending implements Spending {
  readonly #options: SpendingOptions;
  reached: Shortage | undefined;

  constructor(options: SpendingOptions) {
    this.#options = options;
  }

  async spend(
    call: PlannedCall,
    signal: AbortSignal | undefined,
    work: (limits: CallLimits) => Promise<ChatAnswer>,
  ): Promise<ChatAnswer> {
    const worst = this.#worstCase(call);
    const { promptTokens, outputTokens, price } = worst;
    if (call.model.recordingLabel !== undefined) {
      const answer = await work({ promptTokens: 0, worstOutputTokens: 0 });
      return { ...answer, money: 0, isRecorded: true };
    }
    const granted = await this.#hold(call, worst, signal);
    const { ledger, clock } = this.#options;
    // Before the watch's own start, else a call that it ended could count as shorter than what was left.
    const startMs = clock.monotonicMs();
    const watch = this.#watch(call);
    let seenTokens = 0;
    try {
      const given = await work({
        promptTokens,
        worstOutputTokens: granted,
        ...(granted < outputTokens ? { maxOutputTokens: granted } : {}),
        ...(watch === undefined ? {} : { signal: watch.signal }),
        onTokens: (tokens) => {
          seenTokens = Math.max(seenTokens, tokens);
        },
      });
      const answer = withUsage(given, promptTokens);
      const money = moneyFor(price, answer);
      return money === null ? answer : { ...answer, money };
    } catch (error) {
      const durationMs = clock.monotonicMs() - startMs;
      const isOutOfTime = watch?.signal.aborted === true && signal?.aborted !== true;
      const used = tokensUsed(error, { promptTokens, outputTokens: seenTokens });
      if (used === undefined && !isOutOfTime) {
        ledger.release(this.#key(call));
      } else {
        const tokens = used ?? { promptTokens: 0, outputTokens: 0 };
        const cost = { ...tokens, durationMs };
        const money = moneyFor(price, tokens);
        ledger.recordUnanswered({ ...this.#spentCall(call, cost), money });
      }
      // The ledger's own, which could not be told the time any more.
      if (watch?.signal.reason instanceof AgentError) throw watch.signal.reason;
      throw isOutOfTime ? this.#outOfTime(call, durationMs) : error;
    } finally {
      watch?.stop();
    }
  }

  record(call: PlannedCall, answer: ChatAnswer): void {
    if (answer.isRecorded !== true) {
      this.#options.ledger.record([this.#spentCall(call, answer)]);
    }
  }

  #worstCase({ model, messages }: PlannedCall): WorstCase {
    const { contextTokens, outputTokensLimit = Number.POSITIVE_INFINITY } = model;
    const { estimate: promptTokens } = measurePrompt(messages);
    const usual = answerReserve(contextTokens);
    const outputTokens = Math.min(outputTokensLimit, Math.max(usual, contextTokens - promptTokens));
    const price = priceOf(model, this.#options.models);
    return { promptTokens, outputTokens, leastOutputTokens: Math.min(usual, outputTokens), price };
  }

  /** Returns how many tokens the answer may have. */
  async #hold(
    call: PlannedCall,
    worst: WorstCase,
    signal: AbortSignal | undefined,
  ): Promise<number> {
    const { ledger, budget, freeDeadRuns, skill } = this.#options;
    if (worst.price === undefined && isLimited(budget, "money")) {
      throw unknownPriceError(call.model.name);
    }
    for (;;) {
      const held = { ...this.#key(call), skill, model: call.model.name };
      const judgement: Judgement = ledger.hold(held, this.#today(), worst, budget);
      if (judgement.kind === "granted") {
        return judgement.outputTokens;
      }
      if (judgement.kind === "reached") {
        throw this.#stop(judgement.shortage, call);
      }
      if (!(await freeDeadRuns())) {
        await sleep(pollMs, undefined, signal === undefined ? {} : { signal }).catch(
          (cause: unknown) => {
            throw abortedError({ action: actionOf(call) }, cause);
          },
        );
      }
    }
  }

  #watch(call: PlannedCall): ReturnType<typeof watchTime> | undefined {
    const { ledger, budget, clock } = this.#options;
    if (!isLimited(budget, "timeMs")) {
      return undefined;
    }
    const key = this.#key(call);
    return watchTime(clock, (elapsedMs) => {
      ledger.touch(key, elapsedMs);
      return ledger.timeLeftMs(key, this.#today(), budget) - elapsedMs;
    });
  }

  #outOfTime(call: PlannedCall, elapsedMs: number): Error {
    const { ledger, budget, runId } = this.#options;
    const scopes = ["directive", "day", "library"] as const;
    const left = (scope: (typeof scopes)[number]) =>
      (budget[scope].timeMs ?? Number.POSITIVE_INFINITY) -
      ledger.spent(scope, runId, this.#today()).timeMs;
    const scope = scopes.toSorted((a, b) => left(a) - left(b))[0] ?? "directive";
    const { timeMs: spent } = ledger.spent(scope, runId, this.#today());
    const limit = budget[scope].timeMs ?? 0;
    return this.#stop({ scope, kind: "timeMs", limit, spent, worstCase: elapsedMs }, call);
  }

  #stop(shortage: Shortage, call: PlannedCall): Error {
    this.reached = shortage;
    return budgetError(shortage, actionOf(call), this.#options.runId);
  }

  #key({ role, order }: PlannedCall): CallKey {
    return { runId: this.#options.runId, role, order };
  }

  #spentCall(
    call: PlannedCall,
    answer: Pick<ChatAnswer, "promptTokens" | "outputTokens" | "durationMs" | "money">,
  ): SpentCall {
    const { skill } = this.#options;
    const { promptTokens, outputTokens, durationMs: timeMs, money = null } = answer;
    const cost = { promptTokens, outputTokens, timeMs, money };
    return { ...this.#key(call), skill, day: this.#today(), model: call.model.name, ...cost };
  }

  #today(): string {
    return localDay(this.#options.clock.now());
  }
}

function actionOf({ role, model }: PlannedCall): string {
  return `Asking ${model.name} for the ${role}`;
}
