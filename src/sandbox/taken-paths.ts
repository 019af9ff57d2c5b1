/**
 * The paths of files that are to lie in one folder, on whatever file system: those of Windows and macOS
 * take names for one that differ in case or in Unicode form alone.
 */
export class TakenPaths {
  readonly #taken = new Map<string, { readonly path: string; readonly isFolder: boolean }>();

  /** Takes a file's path with the folders above it, or says why it cannot lie beside the others. */
  take(path: string): string | undefined {
    const parts = path.split("/");
    const found = new Map<string, { readonly path: string; readonly isFolder: boolean }>();
    for (let length = 1; length <= parts.length; length += 1) {
      const here = parts.slice(0, length).join("/");
      const isFolder = length < parts.length;
      const problem = conflict(this.#taken.get(foldPath(here)), here, isFolder);
      if (problem !== undefined) {
        return problem;
      }
      found.set(foldPath(here), { path: here, isFolder });
    }
    for (const [key, value] of found) {
      this.#taken.set(key, value);
    }
    return undefined;
  }
}

function conflict(
  taken: { readonly path: string; readonly isFolder: boolean } | undefined,
  path: string,
  isFolder: boolean,
): string | undefined {
  if (taken === undefined) {
    return undefined;
  }
  if (taken.path !== path) {
    return `its name is that of ${JSON.stringify(taken.path.slice(0, 100))} but for case or Unicode form`;
  }
  if (taken.isFolder !== isFolder) {
    return `${JSON.stringify(path.slice(0, 100))} is a file and a folder at once`;
  }
  return isFolder ? undefined : "it comes twice";
}

/** Upper case first: some letters differ from another in lower case alone. */
function foldPath(path: string): string {
  return path.normalize("NFD").toUpperCase().toLowerCase().normalize("NFC");
}
