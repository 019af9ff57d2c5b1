import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { AgentError, systemErrorCode } from "../shared/errors.ts";
import { fileError } from "../shared/file-error.ts";

/**
 * The text of a file that a person named. Never waits for a pipe, and never takes a byte that is no
 * text for one that is; a byte order mark is left out.
 *
 * @param action what is done, for errors: `Reading cases`
 * @throws {AgentError} USAGE when there is no such regular file, or it is too large, or no UTF-8.
 */
export async function readTextFile(
  path: string,
  action: string,
  maxBytes: number,
): Promise<string> {
  try {
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const found = await file.stat();
      if (!found.isFile()) {
        throw unusable(action, path, "is no regular file", "one is wanted");
      }
      if (found.size > maxBytes) {
        const size = `has ${found.size} bytes`;
        throw unusable(action, path, size, `at most ${maxBytes} are wanted`);
      }
      const bytes = await file.readFile();
      return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof AgentError) {
      throw error;
    }
    const code = systemErrorCode(error);
    if (error instanceof TypeError && code === "ERR_ENCODING_INVALID_ENCODED_DATA") {
      throw unusable(action, path, "is no UTF-8 text", "one is wanted");
    }
    throw code === "ENOENT" || code === "ENOTDIR"
      ? unusable(action, path, "is not there", "a file is wanted")
      : fileError(action, path, error);
  }
}

/** Worded as the others of the same file. */
export function unusable(
  action: string,
  path: string,
  problem: string,
  wanted: string,
): AgentError {
  return new AgentError("USAGE", `${action}: ${path} ${problem}; ${wanted}.`, { blame: "caller" });
}
