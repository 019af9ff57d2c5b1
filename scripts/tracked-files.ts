import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** Paths, relative to `root`, of every file that is or would be committed; ignored ones are left out. */
export function trackedFiles(root: string): string[] {
  const args = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
  const listed = execFileSync("git", args, { cwd: root, encoding: "utf8", maxBuffer: 2 ** 26 });
  // A file that is deleted but still in the index is listed too.
  return listed.split("\0").filter((path) => path !== "" && existsSync(join(root, path)));
}
