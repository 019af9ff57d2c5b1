import {
  appendFileSync,
  closeSync,
  constants,
  mkdirSync,
  openSync,
  renameSync,
  statSync,
} from "node:fs";
import { dirname } from "node:path";
import { systemErrorCode } from "./errors.ts";
import type { LogSink } from "./log.ts";

/** No link is followed: a workspace may be a stranger's, and lead to a file that its reader's shell runs. */
const appending =
  constants.O_APPEND | constants.O_CREAT | constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0);
const maxFileBytes = 10 * 1024 * 1024;

/**
 * Returns a sink that appends JSON lines to a file readable by its owner only. At 10 MB the file
 * becomes `PATH.1`, replacing the one before. A file that cannot be written is reported once to
 * `onProblem`, and then left alone.
 */
export function createFileSink(path: string, onProblem: (message: string) => void): LogSink {
  let isUsable = true;
  let bytes: number | undefined;
  return (record) => {
    if (!isUsable) {
      return;
    }
    try {
      bytes ??= openLog(path);
      if (bytes > maxFileBytes) {
        renameSync(path, `${path}.1`);
        bytes = 0;
      }
      const line = `${JSON.stringify(record)}\n`;
      // Synchronous: the last lines before a crash are the ones that matter.
      appendLine(path, line);
      bytes += Buffer.byteLength(line);
    } catch (error) {
      isUsable = false;
      const code = systemErrorCode(error) ?? String(error);
      onProblem(`Write the log: ${path} cannot be written (${code}); the run goes on without it.`);
    }
  };
}

function appendLine(path: string, line: string): void {
  const file = openSync(path, appending, 0o600);
  try {
    appendFileSync(file, line);
  } finally {
    closeSync(file);
  }
}

function openLog(path: string): number {
  mkdirSync(dirname(path), { recursive: true });
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
