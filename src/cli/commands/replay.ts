import type { ComparedAnswer, ComparedCall } from "../../application/application.ts";
import { consentToModels } from "../ask-consent.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { watchInterrupts } from "../interrupts.ts";
import { renderCheck } from "../render-check.ts";
import { count } from "../run-memory.ts";
import { safeLine, shorten } from "../safe-text.ts";
import type { Screen } from "../screen.ts";
import type { Session } from "../session.ts";

export interface ReplayFlags {
  readonly with?: string;
}

/** Runs a recorded run again without a model, or asks another model the same. */
export async function replayRun(
  session: Session,
  runId: string,
  flags: ReplayFlags,
): Promise<ExitCode> {
  const interruption = watchInterrupts(session);
  try {
    return flags.with === undefined
      ? await replay(session, runId, interruption.signal)
      : await compare(session, runId, flags.with, interruption.signal);
  } finally {
    interruption.stop();
  }
}

async function replay(session: Session, runId: string, signal: AbortSignal): Promise<ExitCode> {
  const { screen } = session;
  const application = await session.application();
  const result = await application.replayRun(runId, {
    signal,
    onCheck: (check) => screen.print(renderCheck(check, screen.style)),
  });
  screen.emit(result);
  const { same, answers, checks } = result;
  const given = `${count(answers, "recorded answer")}, no model was asked`;
  const different = checks.filter(({ state }) => state === "fails").length;
  screen.print(
    same
      ? `✅ ${screen.style("green", "The same again")}: ${given}`
      : `❌ ${count(different, "difference")}: ${given}`,
  );
  return same ? exitCodes.ok : exitCodes.failed;
}

async function compare(
  session: Session,
  runId: string,
  model: string,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { screen } = session;
  const application = await session.application();
  if (!(await consentToModels(session, application, [model]))) {
    return exitCodes.noModel;
  }
  const calls = await application.compareModels(runId, model, {
    signal,
    onCall: (call) => {
      screen.emit(call);
      screen.print(...renderCall(call, screen.style));
    },
  });
  const same = calls.filter((call) => call.same).length;
  const tokens = calls.reduce((sum, { other }) => sum + other.promptTokens + other.outputTokens, 0);
  screen.print(
    `${count(calls.length, "prompt")}: ${same} answered alike, ${calls.length - same} otherwise · ${count(tokens, "token")} of ${safeLine(model)}`,
  );
  return exitCodes.ok;
}

function renderCall({ role, order, recorded, other, same }: ComparedCall, style: Screen["style"]) {
  const heading = `${role} ${order}: ${same ? "the same" : "different"}`;
  return [
    style("bold", heading),
    `   ${renderAnswer(recorded, style)}`,
    `   ${renderAnswer(other, style)}`,
  ];
}

function renderAnswer(answer: ComparedAnswer, style: Screen["style"]): string {
  const { isReadable, verdict } = answer;
  const isGood = isReadable && verdict?.passed !== false;
  const mark = isGood ? style("green", "✓") : style("red", "✗");
  const judged =
    verdict === undefined
      ? ""
      : `, ${verdict.passed ? "passed" : "failed"}: ${shorten(safeLine(verdict.detail), 200)}`;
  const cost = `${answer.promptTokens} + ${answer.outputTokens} tokens, ${(answer.durationMs / 1_000).toFixed(1)} s`;
  const reading = `${isReadable ? "" : "unreadable: "}${shorten(safeLine(answer.reading), 200)}`;
  return `${mark} ${safeLine(answer.model)}: ${reading}${judged} ${style("dim", `· ${cost}`)}`;
}
