import type { DoctorCheck } from "../../application/application.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { count } from "../run-memory.ts";
import { safeLine, safeText } from "../safe-text.ts";
import { type Line, verbatim } from "../screen.ts";
import type { Session } from "../session.ts";

const icons: Record<DoctorCheck["state"], string> = { ok: "✅", warning: "🟡", problem: "❌" };

/** Looks at everything a run needs, and says what to do about what is missing. */
export async function runDoctor(session: Session): Promise<ExitCode> {
  const { screen } = session;
  const application = await session.application();
  const checks = await application.doctor();
  for (const check of checks) {
    screen.emit(check);
    screen.print(`${icons[check.state]} ${safeLine(check.name)}: ${safeLine(check.found)}`);
    if (check.remedy !== undefined) {
      screen.print(...renderRemedy(check.remedy));
    }
  }
  const problems = checks.filter(({ state }) => state === "problem").length;
  screen.print(
    problems === 0 ? "Everything a run needs is there." : `${count(problems, "problem")} to solve.`,
  );
  return problems === 0 ? exitCodes.ok : exitCodes.environment;
}

/** One line is a sentence, several are commands to type. */
function renderRemedy(remedy: string): Line[] {
  const lines = safeText(remedy)
    .split("\n")
    .map((line) => `   → ${line}`);
  return lines.length === 1 ? lines : lines.map(verbatim);
}
