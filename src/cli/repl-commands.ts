import { AgentError } from "../shared/errors.ts";
import { nearestWord } from "../shared/nearest-word.ts";
import { type ExitCode, exitCodeOfError, exitCodes } from "./exit-codes.ts";
import { describeError, renderError } from "./render-error.ts";
import { type ReplCommandName, replCommands } from "./repl-command-list.ts";
import { safeLine, shorten } from "./safe-text.ts";
import type { Session } from "./session.ts";

/** Does what one line says. Errors are shown; none ends the prompt. */
export async function executeLine(session: Session, line: string): Promise<ExitCode | "quit"> {
  const text = line.trim();
  if (text === "" || text.startsWith("#")) {
    return exitCodes.ok;
  }
  try {
    return await execute(session, text);
  } catch (error) {
    const { screen, commandLine, isDebugging } = session;
    screen.emit(describeError(error));
    screen.note(...renderError(error, screen, { commandLine, showStack: isDebugging }));
    return exitCodeOfError(error);
  }
}

async function execute(session: Session, text: string): Promise<ExitCode | "quit"> {
  const match = /^:(\S*)\s*([\s\S]*)$/.exec(text);
  if (match === null) {
    const goal = shorten(safeLine(text), 100);
    throw usage(`commands begin with a colon. If that is a goal: :directive ${goal}`);
  }
  const [, word = "", rest = ""] = match;
  const names = replCommands.map(({ name }) => name);
  const name = names.find((each) => each === word);
  if (name === undefined) {
    const near = nearestWord(word, names);
    const hint = near === undefined ? ":help lists them" : `did you mean :${near}?`;
    throw usage(`:${safeLine(word)} is no command; ${hint}`);
  }
  return dispatch(session, name, rest.trim());
}

async function dispatch(
  session: Session,
  name: ReplCommandName,
  rest: string,
): Promise<ExitCode | "quit"> {
  switch (name) {
    case "directive":
      return runDirective(session, rest);
    case "resume":
      return (await import("./commands/resume.ts")).resumeRun(session, rest || undefined);
    case "use":
      return useSkill(session, rest);
    case "add": {
      const [file = "", cases, ...others] = rest.split(/\s+/);
      if (cases === undefined || others.length > 0) {
        throw usage(":add wants two files; wanted :add FILE CASES");
      }
      return (await import("./commands/add.ts")).addSkill(session, file, { cases });
    }
    case "verify": {
      const names = rest.split(/\s+/).filter((name) => name !== "");
      const { verifySkills } = await import("./commands/verify.ts");
      return verifySkills(session, names, { all: names.length === 0 });
    }
    case "skills":
      return (await import("./commands/skills.ts")).listSkills(session, {});
    case "show":
      return (await import("./commands/show.ts")).show(session, rest, {});
    case "memory":
      return (await import("./commands/memory.ts")).showMemory(session);
    case "runs":
      return (await import("./commands/runs.ts")).listRuns(session);
    case "replay":
      return (await import("./commands/replay.ts")).replayRun(session, rest, {});
    case "doctor":
      return (await import("./commands/doctor.ts")).runDoctor(session);
    case "config":
      return (await import("./commands/config.ts")).showConfig(session);
    case "help":
      session.screen.print(
        ...replCommands.map((command) => `  ${command.usage.padEnd(18)} ${command.text}`),
      );
      return exitCodes.ok;
    case "quit":
      return "quit";
  }
}

async function runDirective(session: Session, rest: string): Promise<ExitCode> {
  const { readDirective } = await import("./repl-directive.ts");
  const { goal, flags } = readDirective(rest);
  return (await import("./commands/run.ts")).runGoal(session, goal, flags);
}

async function useSkill(session: Session, rest: string): Promise<ExitCode> {
  const match = /^(\S+)\s*([\s\S]*)$/.exec(rest);
  if (match === null) {
    throw usage(`:use names no skill; wanted :use SKILL JSON, as in :use NAME ["text"]`);
  }
  const [, name = "", json = ""] = match;
  const input = json.trim() === "" ? undefined : json;
  return (await import("./commands/use.ts")).useSkill(session, name, input, {});
}

function usage(what: string): AgentError {
  return new AgentError("USAGE", `Reading the command: ${what}`, { blame: "caller" });
}
