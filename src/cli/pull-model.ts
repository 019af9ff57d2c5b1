import type { Application, PulledModel, PullProgress } from "../application/application.ts";
import { truncateToWidth } from "./display-width.ts";
import { formatBar, formatBytes } from "./format.ts";
import { watchInterrupts } from "./interrupts.ts";
import { safeLine } from "./safe-text.ts";
import type { Session } from "./session.ts";

const redrawMs = 100;

/**
 * Pulls a model and shows how far it is: a bar on a terminal, elsewhere a line for each step.
 *
 * @throws {AgentError} MODEL_… when the server cannot pull it; ABORTED after Ctrl-C.
 */
export async function pullWithProgress(
  session: Session,
  application: Application,
  model: string,
): Promise<void> {
  const interruption = watchInterrupts(session);
  const show = createProgressView(session, model);
  try {
    const pulled = await application.pullModel(model, show.progress, interruption.signal);
    show.end();
    session.screen.print(`✓ ${safeLine(model)} is installed`, ...describePulled(pulled));
  } finally {
    show.end();
    interruption.stop();
  }
}

function describePulled({ path, sha256 = [] }: PulledModel): string[] {
  const file = path === undefined ? [] : [`     File: ${safeLine(path)}`];
  return [...file, ...sha256.map((digest) => `     SHA-256: ${digest}`)];
}

function createProgressView({ screen, environment }: Session, model: string) {
  let status = "";
  let drawnMs = Number.NEGATIVE_INFINITY;
  const draw = (progress: PullProgress) => {
    const text = `Pulling ${safeLine(model)} ${describe(progress)}`;
    screen.stdout.write(`\r\u001b[2K${truncateToWidth(text, screen.columns() - 1)}`);
  };
  return {
    progress: (progress: PullProgress) => {
      screen.emit({ type: "pull-progress", model, ...progress });
      const nowMs = environment.clock.monotonicMs();
      if (screen.isLive && (nowMs - drawnMs >= redrawMs || progress.status !== status)) {
        draw(progress);
        drawnMs = nowMs;
      } else if (!screen.isLive && progress.status !== status) {
        screen.print(`Pulling ${safeLine(model)}: ${safeLine(progress.status)}`);
      }
      status = progress.status;
    },
    end: () => {
      if (screen.isLive) {
        screen.stdout.write("\r\u001b[2K");
      }
    },
  };
}

function describe({ status, completedBytes, totalBytes }: PullProgress): string {
  if (totalBytes === 0) {
    return safeLine(status);
  }
  const share = completedBytes / totalBytes;
  const percent = `${Math.floor(share * 100)} %`;
  return `${formatBar(share, 24)} ${percent} · ${formatBytes(completedBytes)} of ${formatBytes(totalBytes)}`;
}
