import { readFileSync } from "node:fs";
import type { CliEnvironment } from "./cli-environment.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { jsonLine, safeText } from "./safe-text.ts";
import type { Session } from "./session.ts";
import type { GlobalFlags } from "./setting-flags.ts";

/**
 * Does what one command line says and returns the exit code; shows errors itself and never throws.
 *
 * @param argv what stands behind the program's name
 */
export async function runCli(
  argv: readonly string[],
  environment: CliEnvironment,
): Promise<ExitCode> {
  const { buildProgram } = await import("./program.ts");
  let exitCode: ExitCode = exitCodes.ok;
  let session: Session | undefined;
  const { Session: SessionClass } = await import("./session.ts");
  const { createScreen } = await import("./screen.ts");
  const openSession = (flags: GlobalFlags) => {
    session = new SessionClass(environment, createScreen(environment, flags.json ?? false), flags);
    return session;
  };
  const isJson = argv.includes("--json");
  const version = readVersion();
  let told = "";
  const program = buildProgram({
    version,
    openSession,
    onExitCode: (code) => {
      exitCode = code;
    },
    write: {
      // commander repeats what was typed, which a script may have taken from anywhere.
      out: (text) => {
        if (isJson) {
          told += text;
        } else {
          environment.stdout.write(safeText(text));
        }
      },
      error: (text) => environment.stderr.write(safeText(text)),
    },
  });
  try {
    await program.parseAsync([...argv], { from: "user" });
  } catch (error) {
    exitCode = await reportError(error, session ?? openSession({ json: isJson }));
  }
  if (told !== "") {
    // Help and version are commander's own words; under --json they come as a value like all else.
    const value = told.trim() === version ? { version } : { help: told };
    environment.stdout.write(`${jsonLine(value)}\n`);
  }
  try {
    await session?.close();
  } catch (error) {
    exitCode = await reportError(error, session ?? openSession({}));
  }
  return exitCode;
}

async function reportError(error: unknown, session: Session): Promise<ExitCode> {
  const { CommanderError } = await import("commander");
  if (error instanceof CommanderError) {
    return reportUsage(error, session);
  }
  const [{ describeError, renderError }, { exitCodeOfError }] = await Promise.all([
    import("./render-error.ts"),
    import("./exit-codes.ts"),
  ]);
  const { screen, commandLine, isDebugging } = session;
  screen.emit(describeError(error));
  screen.note(...renderError(error, screen, { commandLine, showStack: isDebugging }));
  return exitCodeOfError(error);
}

/** commander has told the person already. */
function reportUsage(error: { exitCode: number; message: string }, { screen }: Session): ExitCode {
  if (error.exitCode === 0) {
    return exitCodes.ok;
  }
  const exitCode = exitCodes.usage;
  screen.emit({ type: "error", code: "USAGE", message: error.message, blame: "caller", exitCode });
  return exitCode;
}

function readVersion(): string {
  // Two levels up, from src/cli/ and from dist/cli/ alike.
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  const { version }: { version: string } = JSON.parse(text);
  return version;
}
