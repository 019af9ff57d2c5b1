import { basename, resolve } from "node:path";
import type {
  SandboxRunOptions,
  SandboxRunResult,
  WholeProgram,
} from "../../application/application.ts";
import { programFromText, readProgram } from "../../application/read-program.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { formatBytes } from "../format.ts";
import { watchInterrupts } from "../interrupts.ts";
import { readWholeInput } from "../read-input.ts";
import { safeLine, safeText } from "../safe-text.ts";
import { type Line, type Screen, verbatim } from "../screen.ts";
import type { Session } from "../session.ts";
import { StreamedText } from "../streamed-text.ts";

export interface SandboxRunFlags {
  readonly backend?: NonNullable<SandboxRunOptions["backend"]>;
}

/** Runs a program of the person's own in the sandbox; its output while it runs, then what it took. */
export async function runInSandbox(
  session: Session,
  file: string,
  args: readonly string[],
  flags: SandboxRunFlags,
): Promise<ExitCode> {
  const program = await readGiven(session, file, args);
  const application = await session.application();
  const interruption = watchInterrupts(session);
  try {
    const { screen } = session;
    const output = new StreamedText(screen.stdout);
    const result = await application.runInSandbox(program, {
      signal: interruption.signal,
      ...flags,
      ...(screen.isJson ? {} : { onPrinted: (text) => output.write(text) }),
    });
    screen.emit({ file, ...result });
    if (!screen.isJson) {
      output.end(result.outcome.printed);
      show(screen, file === "-" ? program.fileName : basename(file), result);
    }
    return exitCodeOf(result);
  } finally {
    interruption.stop();
  }
}

async function readGiven(
  session: Session,
  file: string,
  args: readonly string[],
): Promise<WholeProgram> {
  const { cwd, stdin } = session.environment;
  if (file !== "-") {
    return readProgram(resolve(cwd, file), args);
  }
  const { config } = await session.config();
  return programFromText(await readWholeInput(stdin), config.language, args);
}

function exitCodeOf({ outcome }: SandboxRunResult): ExitCode {
  switch (outcome.kind) {
    case "ended":
      return outcome.exitCode === 0 ? exitCodes.ok : exitCodes.failed;
    case "raised":
      return exitCodes.failed;
    case "died":
      return exitCodes.stopped;
  }
}

function show(screen: Screen, name: string, result: SandboxRunResult): void {
  const { outcome, backend, runtime } = result;
  const { durationMs, usage } = outcome;
  const facts = [
    `${Math.round(durationMs)} ms`,
    ...(usage === undefined
      ? []
      : [`${Math.round(usage.cpuMs)} ms CPU`, `${formatBytes(usage.peakMemoryBytes)} at most`]),
    `${backend}, ${runtime}`,
  ];
  screen.note(...renderOutcome(safeLine(name), outcome), `   ${facts.join(" · ")}`);
}

function renderOutcome(name: string, outcome: SandboxRunResult["outcome"]): Line[] {
  switch (outcome.kind) {
    case "ended":
      return [
        outcome.exitCode === 0
          ? `✅ ${name} ran to its end`
          : `❌ ${name} ended with ${outcome.exitCode}`,
      ];
    case "raised":
      return [
        `❌ ${name} raised ${safeLine(outcome.errorType)}: ${safeLine(outcome.message)}`,
        ...traceLines(outcome.trace),
      ];
    case "died":
      return [`❌ ${name} was stopped (${outcome.reason}): ${safeLine(outcome.detail)}`];
  }
}

function traceLines(trace: string): Line[] {
  const text = safeText(trace.trimEnd());
  return text === "" ? [] : text.split("\n").map((line) => verbatim(`   ${line}`));
}
