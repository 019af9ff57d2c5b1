import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { WorkFile } from "../sandbox/sandbox.ts";
import { isAgentsOwn } from "../shared/agents-own-files.ts";
import { AgentError } from "../shared/errors.ts";
import { fileError } from "../shared/file-error.ts";
import { resolveInside } from "../shared/paths.ts";
import type { Contract } from "../verify/contract.ts";
import type { WorkspacePaths } from "./workspace.ts";

/**
 * Copies what a skill made into the workspace and returns the paths: only what its contract says it
 * makes leaves the work folder; staged in `exec/`, then moved.
 */
export async function copyOut(
  workspace: WorkspacePaths,
  contract: Contract,
  files: readonly WorkFile[],
): Promise<readonly string[]> {
  const wanted = files.filter((file) => contract.files.makes.includes(file.path));
  if (wanted.length === 0) {
    return [];
  }
  const staging = await mkdtemp(join(workspace.exec, `${process.pid}-`));
  try {
    // All names first: a refused one must not leave half of the files behind.
    const outputs = await Promise.all(
      wanted.map(async (file) => ({ file, target: await resolveOutput(workspace, file.path) })),
    );
    for (const [index, { file, target }] of outputs.entries()) {
      const staged = join(staging, String(index));
      await writeFile(staged, Buffer.from(file.contentBase64, "base64"));
      await mkdir(dirname(target), { recursive: true });
      await rename(staged, target);
    }
    return wanted.map((file) => file.path);
  } catch (error) {
    throw fileError(`Copying files that ${contract.name} made`, workspace.root, error);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** What the agent itself keeps in the workspace is never overwritten by what a skill made. */
async function resolveOutput(workspace: WorkspacePaths, path: string): Promise<string> {
  const target = await resolveInside(workspace.root, path);
  if (isAgentsOwn(path)) {
    throw new AgentError(
      "PATH_OUTSIDE_WORKSPACE",
      `Copying ${path}: the agent keeps its own files there; another name is wanted.`,
      { blame: "model" },
    );
  }
  return target;
}
