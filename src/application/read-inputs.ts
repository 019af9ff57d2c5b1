import { readFile, stat } from "node:fs/promises";
import type { WorkFile } from "../sandbox/sandbox.ts";
import { isAgentsOwn } from "../shared/agents-own-files.ts";
import { AgentError, systemErrorCode } from "../shared/errors.ts";
import { fileError } from "../shared/file-error.ts";
import { resolveInside } from "../shared/paths.ts";

const maxInputBytes = 1024 * 1024;

/**
 * Reads files of the workspace that a person named, for a skill's work folder.
 *
 * @throws {AgentError} PATH_OUTSIDE_WORKSPACE; USAGE when a file is missing or larger than 1 MiB.
 */
export async function readInputs(
  workspaceRoot: string,
  paths: readonly string[],
): Promise<readonly WorkFile[]> {
  const files: WorkFile[] = [];
  for (const path of paths) {
    const absolute = await resolveInside(workspaceRoot, path);
    if (isAgentsOwn(path)) {
      throw new AgentError(
        "PATH_OUTSIDE_WORKSPACE",
        `Reading input ${path}: the agent keeps its own files there, which no skill sees; copy what is wanted to another place in the workspace.`,
        { blame: "caller" },
      );
    }
    try {
      const found = await stat(absolute);
      const { size } = found;
      // Reading a pipe or a device may never end.
      if (!found.isFile() && !found.isDirectory()) {
        throw new AgentError(
          "USAGE",
          `Reading input ${path}: it is no regular file, one is wanted; copy its content to a file.`,
          { blame: "caller" },
        );
      }
      if (size > maxInputBytes) {
        throw new AgentError(
          "USAGE",
          `Reading input ${path}: it has ${size} bytes, at most ${maxInputBytes} are wanted; give a smaller sample.`,
          { blame: "caller" },
        );
      }
      const content = await readFile(absolute);
      files.push({ path, contentBase64: content.toString("base64") });
    } catch (error) {
      throw inputError(path, absolute, error);
    }
  }
  return files;
}

function inputError(path: string, absolute: string, error: unknown): AgentError {
  if (error instanceof AgentError) {
    return error;
  }
  const code = systemErrorCode(error);
  if (code !== "ENOENT" && code !== "ENOTDIR" && code !== "EISDIR") {
    return fileError(`Reading input ${path}`, absolute, error);
  }
  const found = code === "EISDIR" ? "it is a folder" : "there is no such file in the workspace";
  return new AgentError(
    "USAGE",
    `Reading input ${path}: ${found}, a file of the workspace is wanted; copy it to ${absolute}.`,
    { blame: "caller", cause: error },
  );
}
