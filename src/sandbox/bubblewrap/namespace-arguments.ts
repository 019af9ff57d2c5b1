/** What a process in namespaces of its own may see; nothing else of the machine exists for it. */
export interface NamespaceView {
  /** Files and folders, read-only, at the paths they have outside. */
  readonly readOnlyPaths: readonly string[];
  /** Folders within those whose contents are hidden. */
  readonly hiddenPaths: readonly string[];
  /** Folders that exist in memory only. */
  readonly memoryFolders: readonly { readonly path: string; readonly bytes: number }[];
  readonly hasProcesses: boolean;
  /** Kept within its own user namespace until the process gives them up itself. */
  readonly capabilities: readonly string[];
  readonly workingFolder: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Nobody, on every system: root outside is nobody inside as well. */
const nobody = "65534";
/** Harmless, and asked for by runtimes; no terminal, no disk, no shared memory. */
export const devices = ["/dev/null", "/dev/zero", "/dev/urandom"];

/**
 * Returns bubblewrap's arguments up to the program: all namespaces, the user's own included, so that
 * nothing rests on who starts it; no network; a root that cannot be written. No session of its own
 * (`--new-session`): the host starts each process as leader of a session without a terminal, and one
 * process group is what it kills.
 */
export function namespaceArguments(view: NamespaceView): string[] {
  return [
    "--unshare-all",
    // Root would be spared one otherwise; and where none can be made, starting must fail.
    "--unshare-user",
    ...["--uid", nobody, "--gid", nobody, "--hostname", "sandbox"],
    "--die-with-parent",
    ...["--cap-drop", "ALL", ...view.capabilities.flatMap((name) => ["--cap-add", name])],
    "--clearenv",
    ...Object.entries(view.environment).flatMap(([name, value]) => ["--setenv", name, value]),
    // Parents first: what is mounted later covers what was there.
    ...view.readOnlyPaths.toSorted().flatMap((path) => ["--ro-bind", path, path]),
    ...view.hiddenPaths.flatMap((path) => ["--size", "4096", "--tmpfs", path, ...readOnly(path)]),
    ...devices.flatMap((path) => ["--dev-bind", path, path]),
    // As root on the host the files below /proc/sys would be writable otherwise.
    ...(view.hasProcesses ? ["--proc", "/proc", ...readOnly("/proc")] : []),
    ...view.memoryFolders.flatMap(({ path, bytes }) => ["--size", `${bytes}`, "--tmpfs", path]),
    ...readOnly("/"),
    ...["--chdir", view.workingFolder],
    "--",
  ];
}

function readOnly(path: string): string[] {
  return ["--remount-ro", path];
}

/** Leaves out what lies within another path of the list: one mount shows it already. */
export function outermostPaths(paths: readonly string[]): string[] {
  const unique = [...new Set(paths)];
  return unique.filter(
    (path) => !unique.some((other) => other !== path && path.startsWith(`${other}/`)),
  );
}
