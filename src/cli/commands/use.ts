import type { UseResult } from "../../application/application.ts";
import { AgentError } from "../../shared/errors.ts";
import { parseExactJson, printExactJson } from "../../shared/exact-json.ts";
import type { JsonValue } from "../../shared/json.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { watchInterrupts } from "../interrupts.ts";
import { readWholeInput } from "../read-input.ts";
import type { CommandLine } from "../run-memory.ts";
import { safeLine, safeText, shorten } from "../safe-text.ts";
import { type Line, verbatim } from "../screen.ts";
import type { Session } from "../session.ts";

export interface UseFlags {
  readonly input?: readonly string[];
  readonly stream?: boolean;
}

/** Calls a proven skill once; `-` reads the JSON from standard input. */
export async function useSkill(
  session: Session,
  name: string,
  text: string | undefined,
  flags: UseFlags,
): Promise<ExitCode> {
  if (flags.stream === true) {
    if (text !== undefined && text !== "-") {
      throw new AgentError(
        "USAGE",
        "Using a skill: --stream reads its inputs from standard input, and one is given; leave it out, or leave --stream out.",
        { blame: "caller" },
      );
    }
    const { useStream } = await import("./use-stream.ts");
    return useStream(session, name, flags);
  }
  const given = text === "-" ? await readWholeInput(session.environment.stdin) : (text ?? "[]");
  const input = parseInput(given, session.commandLine);
  const application = await session.application();
  const interruption = watchInterrupts(session);
  try {
    const result = await application.useSkill(name, input, {
      signal: interruption.signal,
      ...(flags.input === undefined ? {} : { inputs: flags.input }),
    });
    session.screen.emit(result);
    show(session, result);
    return result.outcome.kind === "returned" ? exitCodes.ok : exitCodes.failed;
  } finally {
    interruption.stop();
  }
}

function parseInput(text: string, commandLine: CommandLine): JsonValue {
  const value = parseExactJson(text);
  if (value === undefined) {
    throw new AgentError(
      "USAGE",
      `Reading the skill's input: ${shorten(text.trim(), 80)} is no JSON; wanted a list of arguments or an object by parameter name, as in: ${commandLine("use NAME", '["text"]')}`,
      { blame: "caller" },
    );
  }
  return value;
}

function show({ screen }: Session, { skill, outcome, filesMade }: UseResult): void {
  if (outcome.printed !== "" && !screen.isJson) {
    screen.note(
      ...safeText(outcome.printed.trimEnd())
        .split("\n")
        .map((line) => verbatim(`  │ ${line}`)),
    );
  }
  switch (outcome.kind) {
    case "returned":
      // JSON escapes most control characters, but neither C1 nor bidirectional ones.
      screen.print(verbatim(safeText(printExactJson(outcome.value))));
      break;
    case "raised":
      screen.note(
        `❌ ${safeLine(skill)} raised ${safeLine(outcome.errorType)}: ${safeLine(outcome.message)}`,
        ...indent(outcome.trace),
      );
      break;
    case "died":
      screen.note(`❌ ${safeLine(skill)} died (${outcome.reason}): ${safeLine(outcome.detail)}`);
      break;
  }
  screen.note(...filesMade.map((path) => `   Made: ${safeLine(path)}`));
}

function indent(trace: string): Line[] {
  return trace.trim() === ""
    ? []
    : safeText(trace.trimEnd())
        .split("\n")
        .map((line) => verbatim(`   ${line}`));
}
