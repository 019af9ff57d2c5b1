import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { askProgram } from "./ask-program.ts";
import { findProgram } from "./find-program.ts";
import { namespaceArguments } from "./namespace-arguments.ts";
import { type NamespaceSettings, namespaceObstacle, type Obstacle } from "./namespace-obstacle.ts";

export interface Bubblewrap {
  readonly path: string;
  /** `0.8.0` */
  readonly version: string;
}

/** The first that can bound a folder in memory. */
const oldestVersion = [0, 7] as const;

/** Returns a bubblewrap that has just made a namespace, or why there is none. */
export async function findBubblewrap(folders: readonly string[]): Promise<Bubblewrap | Obstacle> {
  const path = await findProgram("bwrap", folders);
  if (path === undefined) {
    return {
      reason: "bubblewrap is not installed",
      remedy: "sudo apt-get install bubblewrap, or your distribution's package of that name",
    };
  }
  const version = /(\d+(?:\.\d+)+)/.exec((await askProgram(path, ["--version"])).stdout)?.[1];
  const [major = 0, minor = 0] = version?.split(".").map(Number) ?? [];
  if (major === oldestVersion[0] && minor < oldestVersion[1]) {
    return {
      reason: `${path} is ${version ?? "of no version"}, ${oldestVersion.join(".")} or newer is wanted`,
      remedy: "install bubblewrap 0.7.0 or newer",
    };
  }
  const trial = await askProgram(path, [...trialArguments(), path, "--version"]);
  return trial.isSuccess
    ? { path, version: version ?? "" }
    : namespaceObstacle(trial.stderr, await readSettings());
}

/** The whole system read-only: only whether namespaces can be made is asked. */
function trialArguments(): string[] {
  return namespaceArguments({
    readOnlyPaths: ["/"],
    hiddenPaths: [],
    memoryFolders: [{ path: "/tmp", bytes: 4_096 }],
    hasProcesses: true,
    capabilities: [],
    workingFolder: "/",
    environment: {},
  });
}

async function readSettings(): Promise<NamespaceSettings> {
  return {
    apparmorRestricts: await setting("/proc/sys/kernel/apparmor_restrict_unprivileged_userns"),
    unprivilegedClone: await setting("/proc/sys/kernel/unprivileged_userns_clone"),
    maxUserNamespaces: await setting("/proc/sys/user/max_user_namespaces"),
    isRoot: process.getuid?.() === 0,
    isContainer: existsSync("/.dockerenv") || existsSync("/run/.containerenv"),
  };
}

async function setting(path: string): Promise<number | undefined> {
  try {
    return Number(await readFile(path, "utf8"));
  } catch {
    // This kernel has no such setting.
    return undefined;
  }
}
