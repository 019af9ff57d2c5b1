import type { Application, ModelReadiness } from "../application/application.ts";
import { describeChain, modelChain } from "../config/model-chain.ts";
import { AgentError } from "../shared/errors.ts";
import { renderUnready } from "./render-unready.ts";
import { safeLine, shorten } from "./safe-text.ts";
import type { Line } from "./screen.ts";
import type { Session } from "./session.ts";

const readinessTimeoutMs = 3_000;

/** Says where one is, whether a model answers, and what was left unfinished. */
export async function printBanner(session: Session, application: Application): Promise<void> {
  const { screen } = session;
  const { config } = await session.config();
  screen.print(
    `${screen.style("bold", "Autodidact")} · model ${safeLine(describeChain(modelChain(config.model)))} · ${config.language} · workspace ${safeLine(config.workspaceRoot)}`,
  );
  screen.print(...(await readinessLines(session, application)));
  const pending = await application.pendingRuns();
  if (pending.length > 0) {
    screen.print("Unfinished runs, go on with :resume or :resume RUN");
    screen.print(
      ...pending
        .slice(0, 5)
        .map(({ runId, goal }) => `  ⏸  ${safeLine(runId)}  ${shorten(safeLine(goal), 80)}`),
    );
  }
  screen.print(
    screen.style("dim", ":directive GOAL makes a skill · :help lists commands · :quit leaves"),
    "",
  );
}

/** What is wrong with the model keeps nobody from the prompt, where another one can be named. */
async function readinessLines(session: Session, application: Application): Promise<Line[]> {
  try {
    return describeReadiness(session, await askReadiness(application));
  } catch (error) {
    if (!(error instanceof AgentError)) {
      throw error;
    }
    return [`⚠️  ${safeLine(error.message)}`];
  }
}

/** A server that does not answer at once must not keep a person from the prompt. */
async function askReadiness(application: Application): Promise<ModelReadiness | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), readinessTimeoutMs);
  });
  try {
    return await Promise.race([application.modelReadiness(""), timeout]);
  } finally {
    clearTimeout(timer);
  }
}

function describeReadiness(session: Session, readiness: ModelReadiness | undefined): Line[] {
  switch (readiness?.kind) {
    case undefined:
      return ["⚠️  The model's server has not answered yet."];
    case "ready":
      return readiness.contextTokens > 0 ? [`✅ ${safeLine(readiness.model)} is ready`] : [];
    case "missing":
      return [`⚠️  ${safeLine(readiness.model)} is not installed; a run will offer what to do.`];
    case "recorded":
    case "unreachable":
    case "remote-not-allowed":
      session.isNews(readiness.problem);
      return renderUnready(readiness, session.screen);
  }
}
