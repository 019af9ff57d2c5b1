import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemErrorCode } from "../shared/errors.ts";

const maxLines = 500;

/** The lines typed before, also in earlier starts. */
export interface History {
  newestFirst(): readonly string[];
  add(line: string): void;
}

/**
 * Keeps history in the workspace's `repl_history`, readable by its owner only. A file that cannot
 * be read or written costs the history, never the prompt.
 */
export function createHistory(workspaceRoot: string): History {
  const path = join(workspaceRoot, "repl_history");
  const lines = readLines(path);
  return {
    newestFirst: () => lines.toReversed(),
    add: (line) => {
      const text = line.trim();
      if (text === "" || text === lines.at(-1)) {
        return;
      }
      lines.push(text);
      lines.splice(0, lines.length - maxLines);
      writeLines(path, workspaceRoot, lines);
    },
  };
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .slice(-maxLines);
  } catch (error) {
    return ignoreSystemError(error) ?? [];
  }
}

function writeLines(path: string, folder: string, lines: readonly string[]): void {
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, `${lines.join("\n")}\n`, { mode: 0o600 });
  } catch (error) {
    ignoreSystemError(error);
  }
}

function ignoreSystemError(error: unknown): undefined {
  if (systemErrorCode(error) === undefined) {
    throw error;
  }
  return undefined;
}
