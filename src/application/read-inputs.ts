import { readFile, stat } from "node:fs/promises";
import type { WorkFile } from "../sandbox/sandbox.ts";
import { AgentError } from "../shared/errors.ts";
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
    try {
      const { size } = await stat(absolute);
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
      throw error instanceof AgentError
        ? error
        : fileError(`Reading input ${path}`, absolute, error);
    }
  }
  return files;
}
