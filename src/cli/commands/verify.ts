import type { ProofCheck, SkillVerification } from "../../application/application.ts";
import { AgentError } from "../../shared/errors.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { watchInterrupts } from "../interrupts.ts";
import { renderCheck, renderMore } from "../render-check.ts";
import { count } from "../run-memory.ts";
import { safeLine } from "../safe-text.ts";
import type { Session } from "../session.ts";

export interface VerifyFlags {
  readonly all?: boolean;
}

/** Runs proofs again and shows each finding as soon as it stands. */
export async function verifySkills(
  session: Session,
  names: readonly string[],
  flags: VerifyFlags,
): Promise<ExitCode> {
  const isAll = flags.all === true;
  if (isAll === names.length > 0) {
    throw new AgentError(
      "USAGE",
      `Verifying: ${isAll ? "--all and names are given, one of both" : "no skill is named, names or --all"} is wanted; try: ${session.commandLine("verify --all")}`,
      { blame: "caller" },
    );
  }
  const { screen } = session;
  const application = await session.application();
  const interruption = watchInterrupts(session);
  let current: string | undefined;
  const onCheck = (skill: string, check: ProofCheck) => {
    if (current !== skill) {
      screen.print(screen.style("bold", safeLine(skill)));
      current = skill;
    }
    screen.print(renderCheck(check, screen.style), ...renderMore(check));
  };
  try {
    const { signal } = interruption;
    const found = await application.verifySkills(isAll ? undefined : names, { onCheck, signal });
    for (const one of found) {
      screen.emit(one);
    }
    screen.print(...renderEnd(found));
    return found.every((one) => one.holds) ? exitCodes.ok : exitCodes.failed;
  } finally {
    interruption.stop();
  }
}

function renderEnd(found: readonly SkillVerification[]): string[] {
  if (found.length === 0) {
    return ["No skill here is said to be proven."];
  }
  const wrong = found.filter(({ holds }) => !holds);
  const signed = found.filter(({ outcome }) => outcome === "signed").length;
  const anew = signed === 0 ? "" : `, ${signed} of them signed here now`;
  const holding = `${found.length - wrong.length} of ${count(found.length, "skill")} proven${anew}`;
  return [`${wrong.length === 0 ? "✅" : "❌"} ${holding}`, ...wrong.map(renderWrong)];
}

function renderWrong({ skill, status, outcome, checks }: SkillVerification): string {
  const name = safeLine(skill);
  if (status === "working") {
    return `   ${name} does not hold under the settings here; it stays working, as its certificate says`;
  }
  const failing = checks.filter(({ state }) => state === "fails").map(({ part }) => part);
  const now = outcome === "demoted" ? " from now on" : "";
  return `   ${name} does not hold: it is ${status}${now}${remedyFor(failing)}`;
}

function remedyFor(failing: readonly string[]): string {
  if (failing.includes("code")) {
    return "; put back the bytes that were proven, or add it with its cases";
  }
  return failing.includes("certificate") || failing.includes("signature")
    ? "; put back its certificate as it was signed, or add it with its cases"
    : "";
}
