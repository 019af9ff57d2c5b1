import { type ExitCode, exitCodes } from "./exit-codes.ts";
import type { LineRead } from "./line-reader.ts";
import { printBanner } from "./repl-banner.ts";
import { executeLine } from "./repl-commands.ts";
import { completeLine } from "./repl-completion.ts";
import { createHistory } from "./repl-history.ts";
import type { Session } from "./session.ts";

/**
 * Reads commands until `:quit`, the end of the input, or Ctrl-C twice. Returns 0 on a terminal; a
 * script gets the code of its last command that failed.
 */
export async function runRepl(session: Session): Promise<ExitCode> {
  session.enterPrompt();
  const isInteractive = session.screen.canAsk;
  const readNext = await openPrompt(session, isInteractive);
  let exitCode: ExitCode = exitCodes.ok;
  for (let line = await readNext(); line !== undefined; line = await readNext()) {
    const outcome = await executeLine(session, line);
    if (outcome === "quit") {
      break;
    }
    exitCode = outcome === exitCodes.ok ? exitCode : outcome;
  }
  return isInteractive ? exitCodes.ok : exitCode;
}

/** Returns a function that gives the next line, or undefined when the person or script is done. */
async function openPrompt(
  session: Session,
  isInteractive: boolean,
): Promise<() => Promise<string | undefined>> {
  const application = await session.application();
  const lines = await session.lines();
  if (!isInteractive) {
    return async () => textOf(await lines.read(""));
  }
  const history = createHistory(await session.workspaceRoot());
  const complete = (line: string) => completeLine(line, application);
  await printBanner(session, application);
  return async () => {
    let read = await lines.read("Agent> ", { complete, history: history.newestFirst() });
    for (let wasEmpty = false; read.kind === "interrupted"; ) {
      if (read.wasEmpty && wasEmpty) {
        return undefined;
      }
      wasEmpty = read.wasEmpty;
      session.screen.print(...(wasEmpty ? ["Ctrl-C again, Ctrl-D or :quit to leave."] : []));
      read = await lines.read("Agent> ", { complete, history: history.newestFirst() });
    }
    const text = textOf(read);
    history.add(text ?? "");
    return text;
  };
}

function textOf(read: LineRead): string | undefined {
  return read.kind === "line" ? read.text : undefined;
}
