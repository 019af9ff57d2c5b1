import { mkdir, readdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileError } from "../shared/file-error.ts";

export interface WorkspacePaths {
  readonly root: string;
  readonly skills: string;
  readonly certificates: string;
  readonly runs: string;
  /** Transient files; empty whenever nothing runs. */
  readonly exec: string;
}

/**
 * Creates the workspace's folders and empties `exec/` of what a crash left there.
 *
 * @throws {AgentError} WORKSPACE_READ_ONLY or DISK_FULL when the folders cannot be made.
 */
export async function prepareWorkspace(workspaceRoot: string): Promise<WorkspacePaths> {
  const root = resolve(workspaceRoot);
  const paths: WorkspacePaths = {
    root,
    skills: join(root, "skills"),
    certificates: join(root, "certificates"),
    runs: join(root, "runs"),
    exec: join(root, "exec"),
  };
  try {
    for (const folder of [paths.skills, paths.certificates, paths.runs, paths.exec]) {
      await mkdir(folder, { recursive: true });
    }
    await emptyLeftovers(paths.exec);
  } catch (error) {
    throw fileError("Preparing the workspace", root, error);
  }
  return paths;
}

/** A folder in `exec/` carries the process id that made it; those of dead processes are removed. */
async function emptyLeftovers(exec: string): Promise<void> {
  for (const name of await readdir(exec)) {
    const processId = Number(/^(\d+)-/.exec(name)?.[1] ?? Number.NaN);
    if (!isAlive(processId)) {
      await rm(join(exec, name), { recursive: true, force: true });
    }
  }
}

function isAlive(processId: number): boolean {
  if (!Number.isInteger(processId) || processId <= 0) {
    return false;
  }
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
