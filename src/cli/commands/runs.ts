import type { DirectiveStatus } from "../../shared/events.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { safeLine, shorten } from "../safe-text.ts";
import type { Session } from "../session.ts";

/** All of one width on every terminal, which ⚠️ and ▶ are not. */
export const statusIcons: Record<DirectiveStatus, string> = {
  pending: "⏳",
  running: "🔄",
  waiting: "⏳",
  completed: "✅",
  unproven: "🟡",
  failed: "❌",
  cancelled: "🛑",
};

export async function listRuns(session: Session): Promise<ExitCode> {
  const { screen } = session;
  const application = await session.application();
  const runs = await application.listRuns();
  for (const run of runs) {
    screen.emit(run);
  }
  screen.print(`Runs (${runs.length}):`);
  const width = Math.max(...runs.map(({ status }) => status.length));
  for (const { runId, goal, status } of runs) {
    // The id begins with the time of the start.
    const facts = `${safeLine(runId)}  ${status.padEnd(width)}`;
    screen.print(`  ${statusIcons[status]} ${facts}  ${shorten(safeLine(goal), 100)}`);
  }
  return exitCodes.ok;
}
