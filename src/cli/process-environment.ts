import { homedir } from "node:os";
import process from "node:process";
import { systemClock } from "../shared/clock.ts";
import type { ApplicationSettings, CliEnvironment } from "./cli-environment.ts";
import { exitCodes } from "./exit-codes.ts";
import { runCli } from "./run-cli.ts";

/**
 * Runs the command line of this process and ends it with the exit code, when everything written has
 * left: a pipe may still be full, and a library may hold a handle that would keep the process alive.
 */
export async function runProcess(
  openApplication: CliEnvironment["openApplication"],
): Promise<void> {
  hideSqliteWarning();
  endQuietlyOnClosedPipe();
  const exitCode = await runCli(process.argv.slice(2), processEnvironment(openApplication));
  await Promise.all([flush(process.stdout), flush(process.stderr)]);
  process.exit(exitCode);
}

function processEnvironment(
  openApplication: (settings: ApplicationSettings) => ReturnType<CliEnvironment["openApplication"]>,
): CliEnvironment {
  return {
    cwd: process.cwd(),
    env: process.env,
    homeDirectory: homedir(),
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    clock: systemClock,
    openApplication,
    onInterrupt: (listener) => {
      process.on("SIGINT", listener).on("SIGTERM", listener);
      return () => process.off("SIGINT", listener).off("SIGTERM", listener);
    },
    exitNow: (code) => process.exit(code),
  };
}

function flush(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    stream.write("", () => resolve());
  });
}

/** `autodidact skills | head -1` closes the pipe early: no error, but what was under way is cut off. */
function endQuietlyOnClosedPipe(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") {
      process.exit(exitCodes.interrupted);
    }
    throw error;
  });
}

/** node:sqlite calls itself experimental on some releases of Node; other warnings stay. */
function hideSqliteWarning(): void {
  const listeners = process.listeners("warning");
  process.removeAllListeners("warning");
  process.on("warning", (warning) => {
    const isAboutSqlite =
      warning.name === "ExperimentalWarning" && warning.message.startsWith("SQLite");
    if (!isAboutSqlite) {
      for (const listener of listeners) {
        listener(warning);
      }
    }
  });
}
