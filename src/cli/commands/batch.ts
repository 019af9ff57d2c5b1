import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Application, RunResult } from "../../application/application.ts";
import { checkGoal } from "../../application/check-goal.ts";
import { AgentError, systemErrorCode } from "../../shared/errors.ts";
import type { AgentEvent } from "../../shared/events.ts";
import { chooseModel } from "../choose-model.ts";
import { type ExitCode, exitCodeOfError, exitCodeOfStatus, exitCodes } from "../exit-codes.ts";
import { watchInterrupts } from "../interrupts.ts";
import { readWholeInput } from "../read-input.ts";
import { describeError } from "../render-error.ts";
import { safeLine, shorten } from "../safe-text.ts";
import { verbatim } from "../screen.ts";
import type { Session } from "../session.ts";
import { statusIcons } from "./runs.ts";

export interface BatchFlags {
  readonly parallel?: string;
  readonly again?: boolean;
  readonly pull?: boolean;
}

type Outcome = Awaited<ReturnType<Application["runAll"]>>[number];

/** Works on a file's goals, one a line, several at once. */
export async function runBatch(
  session: Session,
  file: string,
  flags: BatchFlags,
): Promise<ExitCode> {
  const goals = parseGoals(await readGoals(session, file));
  const parallel = await readParallel(session, flags.parallel);
  const model = await chooseModelForAll(session, goals, flags);
  const application = await session.application();
  const { config } = await session.config();
  const interruption = watchInterrupts(session);
  try {
    const outcomes = await application.runAll(goals, {
      parallel,
      language: config.language,
      signal: interruption.signal,
      ...(flags.again === undefined ? {} : { again: flags.again }),
      ...(model === undefined ? {} : { model }),
      onEvent: (goal, event) => showEvent(session, goals.indexOf(goal) + 1, goal, event),
    });
    const codes = showOutcomes(session, goals, outcomes);
    if (codes.includes(exitCodes.noModel)) await tellKept(session, application, goals);
    return interruption.signal.aborted ? exitCodes.interrupted : commonCode(codes);
  } finally {
    interruption.stop();
  }
}

async function readGoals({ environment }: Session, file: string): Promise<string> {
  if (file === "-") {
    return readWholeInput(environment.stdin);
  }
  const path = resolve(environment.cwd, file);
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) {
      throw error;
    }
    throw new AgentError(
      "USAGE",
      `Reading the goals: ${path} cannot be read (${code}); wanted a text file with a goal a line, or - for standard input.`,
      { blame: "caller", cause: error },
    );
  }
}

function parseGoals(text: string): string[] {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  if (lines.length === 0) {
    throw new AgentError(
      "USAGE",
      "Reading the goals: there is none; wanted a goal a line, comments begin with #.",
      { blame: "caller" },
    );
  }
  return [...new Set(lines.map(checkGoal))];
}

async function readParallel(session: Session, text: string | undefined): Promise<number> {
  const { config } = await session.config();
  if (text === undefined) {
    return config.parallel;
  }
  const parallel = Number(text);
  if (!Number.isInteger(parallel) || parallel < 1 || parallel > 64) {
    throw new AgentError(
      "USAGE",
      `Reading --parallel: it is ${JSON.stringify(text)}; wanted a whole number from 1 to 64.`,
      { blame: "caller" },
    );
  }
  return parallel;
}

/**
 * One model for the whole batch; recordings only when no goal has a live one, and each has recorded answers.
 * Undefined leaves it to each goal: one that has none is kept waiting and does not stop the others.
 */
async function chooseModelForAll(
  session: Session,
  goals: readonly string[],
  flags: BatchFlags,
): Promise<string | undefined> {
  const { config } = await session.config();
  let model: string | undefined;
  for (const goal of goals) {
    const choice = await chooseModel(session, {
      goal,
      language: config.language,
      again: flags.again ?? false,
      pull: flags.pull ?? false,
    });
    if (choice.kind === "none") {
      return undefined;
    }
    model ??= choice.model;
    if (choice.model !== undefined && choice.model !== "recordings") {
      return choice.model;
    }
  }
  return model;
}

function showEvent(session: Session, number: number, goal: string, event: AgentEvent): void {
  if (event.type === "token-received") {
    return;
  }
  session.log.debug(event.type, { goal });
  session.screen.emit({ goal, event });
  if (event.type === "run-started" && event.recordingLabel !== undefined) {
    showLabel(session, event.recordingLabel);
  }
  const text = describeEvent(event, goal);
  if (text !== undefined) {
    session.screen.print(`[${number}] ${text}`);
  }
}

/** Once for the goals that share it. */
function showLabel(session: Session, label: string): void {
  const text = `📼 Recorded answers: ${safeLine(label)}`;
  if (session.isNews(text)) {
    session.screen.print(session.screen.style("yellow", text));
  }
}

function describeEvent(event: AgentEvent, goal: string): string | undefined {
  if (event.type === "run-started") {
    return `🧠 ${shorten(safeLine(goal), 100)} · run ${safeLine(event.runId)}`;
  }
  if (event.type === "attempt-failed") {
    return `   Attempt ${event.attempt} failed: ${shorten(safeLine(event.detail), 160)}`;
  }
  if (event.type === "skill-offered") {
    return `✅ ${safeLine(event.skill)} works already`;
  }
  return event.type === "run-finished"
    ? `${statusIcons[event.status]} ${safeLine(event.skill)}: ${event.status}`
    : undefined;
}

function showOutcomes(
  session: Session,
  goals: readonly string[],
  outcomes: readonly Outcome[],
): readonly ExitCode[] {
  const { screen } = session;
  const codes = outcomes.map(exitCodeOf);
  for (const outcome of outcomes) {
    if ("error" in outcome) {
      screen.emit({ ...describeError(outcome.error), goal: outcome.goal });
      // What to do about it stands on the lines that follow, and has been told once.
      const firstLine = outcome.error.message
        .split("\n", 1)
        .join("")
        .replace(/ What to do:$/, "");
      screen.note(`❌ ${shorten(safeLine(outcome.goal), 100)}: ${safeLine(firstLine)}`);
    } else {
      screen.emit({ type: "result", ...outcome });
    }
  }
  const done = codes.filter((code) => code === exitCodes.ok).length;
  screen.print(`${done} of ${goals.length} goals have a working skill.`);
  return codes;
}

/** What a person has to do first, give consent say, keeps no goal. */
async function tellKept(
  session: Session,
  application: Application,
  goals: readonly string[],
): Promise<void> {
  const waiting = await application.pendingRuns();
  if (!waiting.some(({ goal }) => goals.includes(goal))) return;
  session.screen.note(
    "⏳ Goals without a model are kept; once one answers, go on with the newest, or one of the runs:",
    verbatim(`     ${session.commandLine("resume")}`),
  );
}

/** Different failures in one batch have no common code but "failed". */
function commonCode(codes: readonly ExitCode[]): ExitCode {
  const [first, ...others] = [...new Set(codes.filter((code) => code !== exitCodes.ok))];
  return others.length > 0 ? exitCodes.failed : (first ?? exitCodes.ok);
}

function exitCodeOf(outcome: RunResult | { readonly error: Error }): ExitCode {
  return "error" in outcome ? exitCodeOfError(outcome.error) : exitCodeOfStatus(outcome.status);
}
