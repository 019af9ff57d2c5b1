import { lstat, realpath } from "node:fs/promises";
import { isAbsolute, join, relative as relativePath, resolve, sep } from "node:path";
import { AgentError, systemErrorCode } from "./errors.ts";
import { fileError } from "./file-error.ts";

/**
 * The absolute path of something inside `root`, which need not exist yet. Every component that
 * exists is looked at, so a symbolic link leads no further than the root's own real folder; one
 * that leads nowhere is refused, since writing to it would create its target. It does not protect
 * from a link that is planted between this check and the use of the path.
 *
 * @throws {AgentError} PATH_OUTSIDE_WORKSPACE for `..`, an absolute path, a drive letter, a
 *   backslash, a NUL, an empty path, or a link out of the root.
 */
export async function resolveInside(root: string, relative: string): Promise<string> {
  const problem = lexicalProblem(relative);
  if (problem !== undefined) throw outside(relative, problem);
  const absoluteRoot = resolve(root);
  const realRoot = await realpathIfPresent(absoluteRoot);
  let current = absoluteRoot;
  for (const part of relative.split("/")) {
    if (part === "" || part === ".") continue;
    current = join(current, part);
    if (!(await checkComponent(current, realRoot ?? absoluteRoot, relative))) break;
  }
  return resolve(absoluteRoot, relative);
}

function lexicalProblem(relative: string): string | undefined {
  if (relative === "") return "is empty";
  if (relative.includes("\0")) return "contains a NUL character";
  if (relative.includes("\\")) return "contains a backslash";
  if (/^[A-Za-z]:/.test(relative)) return "begins with a drive letter";
  if (isAbsolute(relative)) return "is absolute";
  if (relative.split("/").includes("..")) return 'contains ".."';
  return undefined;
}

/** False when the component does not exist, and with it none below. */
async function checkComponent(path: string, realRoot: string, shown: string): Promise<boolean> {
  try {
    if (!(await lstat(path)).isSymbolicLink()) return true;
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return false;
    throw fileError("Checking a path", path, error);
  }
  const target = await realpathIfPresent(path);
  if (target === undefined) throw outside(shown, "passes a symbolic link that leads nowhere");
  if (!isInside(realRoot, target)) throw outside(shown, "leads out through a symbolic link");
  return true;
}

function isInside(realRoot: string, target: string): boolean {
  const way = relativePath(realRoot, target);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

async function realpathIfPresent(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === "ENOENT" || code === "ENOTDIR" || code === "ELOOP") return undefined;
    throw fileError("Checking a path", path, error);
  }
}

function outside(relative: string, problem: string): AgentError {
  return new AgentError(
    "PATH_OUTSIDE_WORKSPACE",
    `Checking a path: ${JSON.stringify(relative.slice(0, 200))} ${problem}; a relative path inside the workspace is wanted; name a file such as "data/input.csv".`,
    { blame: "caller" },
  );
}
