import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { defaultLimits } from "../../src/sandbox/limits.ts";
import type { CallOutcome, Sandbox } from "../../src/sandbox/sandbox.ts";
import { descendantsOf, processTable } from "../hostile/process-table.ts";
import { type ChaosProgram, chaosPrograms } from "./chaos-programs.ts";

export interface ChaosOptions {
  readonly sandboxes: readonly Sandbox[];
  readonly runs: number;
  readonly parallel: number;
  readonly random: () => number;
  /** Whether processes below this one are killed at random meanwhile. */
  readonly kills: boolean;
}

export interface ChaosReport {
  readonly finished: number;
  /** Runs that ended as their program must, or were killed from outside. */
  readonly explained: number;
  readonly kills: number;
  /** What must never be: another run's token, a wrong answer, an end nobody caused. */
  readonly faults: readonly string[];
  /** Resident bytes of this process after each tenth of the runs. */
  readonly residentBytes: readonly number[];
}

const limits = { ...defaultLimits, timeoutMs: 800, maxOutputBytes: 50_000 };
const killEveryMs = 60;

/** Runs good and hostile programs at random, some of them killed from outside at random instants. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const state = { started: 0, finished: 0, explained: 0, kills: 0, isOver: false };
  const faults: string[] = [];
  const residentBytes: number[] = [];
  const tokens = new Set<string>();
  const work = async (): Promise<void> => {
    while (state.started < options.runs) {
      state.started += 1;
      const token = randomUUID();
      tokens.add(token);
      const { program, sandbox } = pick(options);
      const fault = await runOne(program, sandbox, token, tokens, options.kills);
      tokens.delete(token);
      state.finished += 1;
      if (fault === undefined) {
        state.explained += 1;
      } else {
        faults.push(`${sandbox.language} ${sandbox.backend} ${program.name}: ${fault}`);
      }
      if (state.finished % Math.ceil(options.runs / 10) === 0) {
        residentBytes.push(process.memoryUsage.rss());
      }
    }
  };
  const killing = options.kills ? killAtRandom(options.random, state) : undefined;
  await Promise.all(Array.from({ length: options.parallel }, work));
  state.isOver = true;
  await killing;
  const { finished, explained, kills } = state;
  return { finished, explained, kills, faults, residentBytes };
}

function pick(options: ChaosOptions): { program: ChaosProgram; sandbox: Sandbox } {
  const sandbox = choose(options.sandboxes, options.random);
  const fitting = chaosPrograms.filter((program) => program.language === sandbox.language);
  return { program: choose(fitting, options.random), sandbox };
}

function choose<Item>(items: readonly Item[], random: () => number): Item {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) {
    throw new Error("there is nothing to choose from");
  }
  return item;
}

/** Returns what must not be, or undefined. */
async function runOne(
  program: ChaosProgram,
  sandbox: Sandbox,
  token: string,
  tokens: ReadonlySet<string>,
  kills: boolean,
): Promise<string | undefined> {
  const { language, source } = program;
  const start = await sandbox
    .start({ language, source, entry: "f", fileName: "chaos.x" }, limits)
    .catch((error: Error) => error);
  if (start instanceof Error) {
    // A process that was killed while it was getting ready; nobody got an answer.
    return kills ? undefined : `did not start: ${start.message}`;
  }
  if (start.kind !== "started") {
    return endFault(program, start, kills);
  }
  const outcome = await start.subject.call({ args: [token] });
  await start.subject.close();
  const text = JSON.stringify(outcome);
  const stranger = [...tokens].find((other) => other !== token && text.includes(other));
  if (stranger !== undefined) {
    return `it holds another run's token: ${text.slice(0, 300)}`;
  }
  if (outcome.kind !== "returned") {
    return endFault(program, outcome, kills);
  }
  const isRight = isDeepStrictEqual(outcome.value, [token]) && outcome.printed === `${token}\n`;
  return program.ends === "answers" && isRight ? undefined : `answered ${text.slice(0, 300)}`;
}

function endFault(
  program: ChaosProgram,
  outcome: Exclude<CallOutcome, { kind: "returned" }>,
  kills: boolean,
): string | undefined {
  const end = outcome.kind === "raised" ? "raised" : outcome.reason;
  const isItsOwn = program.ends !== "answers" && program.ends.includes(end);
  return isItsOwn || (kills && end === "crashed")
    ? undefined
    : `ended ${end}: ${JSON.stringify(outcome).slice(0, 300)}`;
}

/** SIGKILL for one process below this one at a time: a subject, one that waits, or one that starts. */
async function killAtRandom(
  random: () => number,
  state: { kills: number; isOver: boolean },
): Promise<void> {
  while (!state.isOver) {
    await delay(killEveryMs * (1 + 4 * random()));
    const below = descendantsOf(process.pid, await processTable()).filter(({ text }) =>
      /sandbox|runner|bwrap|python3/.test(text),
    );
    const victim = below[Math.floor(random() * below.length)];
    if (victim !== undefined) {
      try {
        process.kill(victim.pid, "SIGKILL");
        state.kills += 1;
      } catch {
        // It ended before it was hit.
      }
    }
  }
}
