import type { Application, ModelReadiness } from "../application/application.ts";
import { renderUnready } from "./render-unready.ts";
import { safeLine } from "./safe-text.ts";
import type { Session } from "./session.ts";

/** Says what would leave this machine, and asks; where nobody can be asked, that is a no. */
export async function askConsent(
  session: Session,
  application: Application,
  readiness: Extract<ModelReadiness, { kind: "remote-not-allowed" }>,
): Promise<boolean> {
  const { screen } = session;
  if (!screen.canAsk) {
    screen.note(...renderUnready(readiness, screen));
    emitProblem(session, readiness);
    return false;
  }
  const { problem, destination } = readiness;
  screen.note(`🌐 ${safeLine(problem)}`);
  const question = `Send it to ${safeLine(destination)}? y: until this program ends, a: always, N: no [y/a/N]`;
  const answer = await session.ask(question);
  const isAlways = /^\s*a(lways)?\s*$/i.test(answer);
  if (!isAlways && !/^\s*y(es)?\s*$/i.test(answer)) {
    screen.note("     Nothing was sent.");
    return false;
  }
  await application.allowRemote(destination, isAlways);
  return true;
}

/** Asks for each of these models that is elsewhere and not consented to; false after the first no. */
export async function consentToModels(
  session: Session,
  application: Application,
  goal: string,
  names: readonly string[],
): Promise<boolean> {
  for (const name of names) {
    const readiness = await application.modelReadiness(goal, name);
    const isRemote = readiness.kind === "remote-not-allowed";
    if (isRemote && !(await askConsent(session, application, readiness))) {
      return false;
    }
  }
  return true;
}

/** Whether a name may lead off this machine; what it really is the application knows. */
export function mayBeElsewhere(name: string): boolean {
  return /^\s*(?:openai|anthropic|compatible):|[-:]cloud\s*$/i.test(name);
}

export function emitProblem(session: Session, readiness: ModelReadiness): void {
  session.screen.emit({ type: "model-not-ready", ...readiness });
}
