import { AgentError } from "../../shared/errors.ts";
import { nearestWord } from "../../shared/nearest-word.ts";
import type { ExitCode } from "../exit-codes.ts";
import type { Session } from "../session.ts";
import { type RunFlags, runGoal } from "./run.ts";

/** What comes when the first word is no command: a goal, a mistyped command, or nothing. */
export async function runOrOpenRepl(
  session: Session,
  words: readonly string[],
  flags: RunFlags,
  commands: readonly string[],
): Promise<ExitCode> {
  const [only] = words;
  if (only === undefined) {
    const { runRepl } = await import("../repl.ts");
    return runRepl(session);
  }
  if (words.length === 1 && /^[a-z][a-z-]*$/.test(only)) {
    throw unknownCommand(session, only, commands);
  }
  return runGoal(session, words.join(" "), flags);
}

/** One plain word is more likely a mistyped command than a goal. */
function unknownCommand(session: Session, word: string, commands: readonly string[]): AgentError {
  const near = nearestWord(word, commands);
  const hint = near === undefined ? "for a goal" : `did you mean ${near}? For a goal`;
  return new AgentError(
    "USAGE",
    `Reading the command: ${word} is none; ${hint} say more than one word, as in: ${session.program} "Create a ${word} skill"`,
    { blame: "caller" },
  );
}
