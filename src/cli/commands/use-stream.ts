import { once } from "node:events";
import type { OpenSkill, UseResult } from "../../application/application.ts";
import { AgentError } from "../../shared/errors.ts";
import { parseExactJson } from "../../shared/exact-json.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { watchInterrupts } from "../interrupts.ts";
import { type InputLine, readLines } from "../read-lines.ts";
import { jsonLine, shorten } from "../safe-text.ts";
import type { Session } from "../session.ts";
import type { UseFlags } from "./use.ts";

type LineResult =
  | UseResult
  | { readonly error: { readonly code: string; readonly message: string } };

/**
 * Calls a skill with each line of standard input, in one process for many calls; writes one JSON
 * line for each, in order, and reads on only when it was taken. A bad line has an error line.
 */
export async function useStream(
  session: Session,
  name: string,
  flags: UseFlags,
): Promise<ExitCode> {
  const application = await session.application();
  const interruption = watchInterrupts(session);
  const { signal } = interruption;
  try {
    const skill = await application.openSkill(name, {
      signal,
      ...(flags.input === undefined ? {} : { inputs: flags.input }),
    });
    try {
      return await answerLines(session, skill, signal);
    } finally {
      await skill.close();
    }
  } finally {
    interruption.stop();
  }
}

async function answerLines(
  session: Session,
  skill: OpenSkill,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { stdin } = session.environment;
  let exitCode: ExitCode = exitCodes.ok;
  // A person who interrupts while no line comes must not wait for the next.
  const stop = (): unknown => "destroy" in stdin && Reflect.apply(Object(stdin).destroy, stdin, []);
  signal.addEventListener("abort", stop, { once: true });
  try {
    for await (const line of readLines(stdin)) {
      const result = await answerLine(skill, line);
      const isGood = "outcome" in result && result.outcome.kind === "returned";
      exitCode = isGood ? exitCode : exitCodes.failed;
      await write(session, { line: line.number, ...result });
    }
  } catch (error) {
    throw signal.aborted ? stopped(error) : error;
  } finally {
    signal.removeEventListener("abort", stop);
  }
  if (signal.aborted) {
    throw stopped(undefined);
  }
  return exitCode;
}

async function answerLine(skill: OpenSkill, line: InputLine): Promise<LineResult> {
  if ("problem" in line) {
    const { number, problem } = line;
    return { error: { code: "USAGE", message: `Reading line ${number}: ${problem}.` } };
  }
  const { text } = line;
  const input = parseExactJson(text);
  if (input === undefined) {
    const message = `Reading the line: ${shorten(text, 80)} is no JSON; a list of arguments or an object by parameter name is wanted.`;
    return { error: { code: "USAGE", message } };
  }
  try {
    return await skill.call(input);
  } catch (error) {
    if (error instanceof AgentError && error.code === "USAGE") {
      return { error: { code: error.code, message: error.message } };
    }
    throw error;
  }
}

async function write(session: Session, value: object): Promise<void> {
  const { stdout } = session.screen;
  if (!stdout.write(`${jsonLine(value)}\n`)) {
    await once(stdout, "drain");
  }
}

function stopped(cause: unknown): AgentError {
  return new AgentError(
    "ABORTED",
    "Using a skill: the stream was stopped; the results above are whole, give the lines after them again.",
    { blame: "caller", cause },
  );
}
