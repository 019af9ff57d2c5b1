import type { DirectiveRun, RunResult } from "../application/application.ts";
import { AgentError } from "../shared/errors.ts";
import type { AgentEvent } from "../shared/events.ts";
import { watchInterrupts } from "./interrupts.ts";
import { createEventRenderer } from "./render-event.ts";
import { type Line, verbatim } from "./screen.ts";
import type { Session } from "./session.ts";
import { createStatusLine, type StatusLine } from "./status-line.ts";

/** What a run needs of the person watching it. */
export interface RunHooks {
  readonly signal: AbortSignal;
  /** Asks once contract and cases are on the screen. */
  readonly confirm: () => Promise<boolean>;
}

/**
 * Starts a run, shows its events until it ends, and returns its result. The first Ctrl-C aborts the
 * run, a second one ends the process.
 *
 * @throws {AgentError} what stopped the run; ABORTED after Ctrl-C.
 */
export async function followRun(
  session: Session,
  start: (hooks: RunHooks) => DirectiveRun,
): Promise<RunResult> {
  const { screen } = session;
  const view = new RunView(session);
  const interruption = watchInterrupts(session);
  const hooks: RunHooks = {
    signal: interruption.signal,
    confirm: async () => {
      await view.confirmationShown;
      view.pause();
      return session.confirm("Go on with this contract?");
    },
  };
  try {
    const run = start(hooks);
    for await (const event of run) {
      view.show(event);
    }
    const result = await run.result;
    view.end();
    screen.emit({ type: "result", ...result });
    return result;
  } catch (error) {
    view.end();
    const resume =
      view.runId === undefined ? undefined : session.commandLine(`resume ${view.runId}`);
    if (hooks.signal.aborted && isAbort(error)) {
      throw stopped(resume, error);
    }
    if (resume !== undefined) {
      screen.note("⏸  Nothing is lost; go on with:", verbatim(`     ${resume}`));
    }
    throw error;
  } finally {
    interruption.stop();
    view.end();
  }
}

/** Some library's own word for our abort is one too. */
function isAbort(error: unknown): boolean {
  return error instanceof AgentError
    ? error.code === "ABORTED"
    : error instanceof Error && error.name === "AbortError";
}

function stopped(resume: string | undefined, cause: unknown): AgentError {
  const next = resume === undefined ? "." : `; nothing is lost; go on with:\n  ${resume}`;
  return new AgentError("ABORTED", `Running: it was stopped, as you asked${next}`, {
    blame: "caller",
    cause,
  });
}

class RunView {
  readonly #session: Session;
  readonly #render: (event: AgentEvent) => Line[];
  readonly #confirmation = Promise.withResolvers<void>();
  #status: StatusLine | undefined;
  runId: string | undefined;

  constructor(session: Session) {
    this.#session = session;
    const { screen, environment, commandLine } = session;
    const style = screen.style;
    this.#render = createEventRenderer({ style, commandLine, cwd: environment.cwd });
  }

  get confirmationShown(): Promise<void> {
    return this.#confirmation.promise;
  }

  show(event: AgentEvent): void {
    if (event.type === "run-started") {
      this.runId = event.runId;
    }
    if (event.type !== "token-received") {
      const { type, ...fields } = event;
      this.#session.log.debug(type, JSON.parse(JSON.stringify(fields)));
      this.#session.screen.emit(event);
    }
    this.#status ??= createStatusLine(this.#session.screen, this.#session.environment.clock);
    this.#status.update(event);
    this.#status.print(this.#render(event));
    if (event.type === "confirmation-requested") {
      this.#confirmation.resolve();
    }
  }

  /** Takes the status line away until the next event. */
  pause(): void {
    this.#status?.stop();
    this.#status = undefined;
  }

  end(): void {
    this.pause();
  }
}
