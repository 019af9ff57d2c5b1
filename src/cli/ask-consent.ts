import type { Application, ModelReadiness, RemoteNotAllowed } from "../application/application.ts";
import { renderUnready } from "./render-unready.ts";
import { safeLine } from "./safe-text.ts";
import type { Session } from "./session.ts";

/**
 * Says what would leave this machine, and asks once for each place that it would go to; the first no is
 * one to all. Where nobody can be asked, that is a no.
 */
export async function askConsent(
  session: Session,
  application: Application,
  readiness: RemoteNotAllowed,
): Promise<boolean> {
  const { screen } = session;
  if (!screen.canAsk) {
    screen.note(...renderUnready(readiness, screen));
    emitProblem(session, readiness);
    return false;
  }
  screen.note(`🌐 ${safeLine(readiness.problem)}`);
  const allowed = new Map<string, boolean>();
  for (const destination of readiness.destinations) {
    const question = `Send it to ${safeLine(destination)}? y: until this program ends, a: always, N: no [y/a/N]`;
    const answer = await session.ask(question);
    const isAlways = /^\s*a(lways)?\s*$/i.test(answer);
    if (!isAlways && !/^\s*y(es)?\s*$/i.test(answer)) {
      screen.note("     Nothing was sent.");
      return false;
    }
    allowed.set(destination, isAlways);
  }
  for (const [destination, isAlways] of allowed) {
    await application.allowRemote(destination, isAlways);
  }
  return true;
}

/** Asks for whatever of these models is elsewhere and not consented to; false after a no. */
export async function consentToModels(
  session: Session,
  application: Application,
  names: readonly string[],
): Promise<boolean> {
  const wanted = await application.remotesToAllow(names);
  return wanted === undefined || (await askConsent(session, application, wanted));
}

export function emitProblem(session: Session, readiness: ModelReadiness): void {
  session.screen.emit({ type: "model-not-ready", ...readiness });
}
