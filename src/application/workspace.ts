import { lstat, mkdir, readdir, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { AgentError, systemErrorCode } from "../shared/errors.ts";
import { fileError } from "../shared/file-error.ts";

export interface WorkspacePaths {
  readonly root: string;
  readonly skills: string;
  readonly runs: string;
  /** Transient files; empty whenever nothing runs. */
  readonly exec: string;
}

/**
 * Creates the workspace's folders and empties `exec/` of what a crash left there.
 *
 * @throws {AgentError} WORKSPACE_READ_ONLY or DISK_FULL when the folders cannot be made;
 * PATH_OUTSIDE_WORKSPACE where `exec` is a link.
 */
export async function prepareWorkspace(workspaceRoot: string): Promise<WorkspacePaths> {
  const root = resolve(workspaceRoot);
  const paths: WorkspacePaths = {
    root,
    skills: join(root, "skills"),
    runs: join(root, "runs"),
    exec: join(root, "exec"),
  };
  try {
    for (const folder of [paths.skills, paths.runs, paths.exec]) {
      await makeFolder(folder);
    }
    await emptyLeftovers(paths.exec);
  } catch (error) {
    throw fileError("Preparing the workspace", root, error);
  }
  return paths;
}

/** Not `mkdir({ recursive: true })`: below `/proc` that never comes back. */
async function makeFolder(path: string, canMakeParent = true): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === "EEXIST" && (await stat(path)).isDirectory()) {
      return;
    }
    if (code !== "ENOENT" || !canMakeParent || dirname(path) === path) {
      throw error;
    }
    await makeFolder(dirname(path));
    await makeFolder(path, false);
  }
}

/**
 * A folder in `exec/` carries the process id that made it; those of dead processes are removed, and nothing
 * else: a workspace may be a stranger's, and lead where its reader's own files are.
 */
async function emptyLeftovers(exec: string): Promise<void> {
  if ((await lstat(exec)).isSymbolicLink()) {
    throw new AgentError(
      "PATH_OUTSIDE_WORKSPACE",
      `Preparing the workspace: ${exec} is a symbolic link, and what lies there would be removed; a folder of the workspace is wanted; remove the link.`,
      { blame: "environment" },
    );
  }
  for (const name of await readdir(exec)) {
    const [, processId] = /^(\d+)-/.exec(name) ?? [];
    if (processId !== undefined && !isAlive(Number(processId))) {
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
    return systemErrorCode(error) === "EPERM";
  }
}
