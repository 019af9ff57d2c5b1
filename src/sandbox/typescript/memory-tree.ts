/** Why a file function of a skill fails; the faces turn it into Deno's or Node's own error. */
export class MemoryFileError extends Error {
  readonly code: "ENOENT" | "EEXIST" | "EISDIR" | "ENOTDIR" | "ENOTEMPTY" | "EACCES" | "EROFS";

  constructor(code: MemoryFileError["code"], operation: string, path: string) {
    super(`${code}: ${operation} '${path}'`);
    this.code = code;
  }
}

export interface MemoryEntry {
  readonly name: string;
  readonly isFile: boolean;
}

export interface MemoryStat {
  readonly isFile: boolean;
  readonly size: number;
}

/** A tree of files in memory, of which the disk knows nothing; paths are relative and plain. */
export class MemoryTree {
  readonly #files = new Map<string, Uint8Array>();
  readonly #folders = new Set<string>([""]);

  read(path: string): Uint8Array {
    const content = this.#files.get(path);
    if (content === undefined) {
      throw new MemoryFileError(this.#folders.has(path) ? "EISDIR" : "ENOENT", "open", path);
    }
    return content.slice();
  }

  write(
    path: string,
    content: Uint8Array,
    options: { readonly append?: boolean; readonly createNew?: boolean } = {},
  ): void {
    if (this.#folders.has(path)) {
      throw new MemoryFileError("EISDIR", "open", path);
    }
    this.#needFolder("open", parentOf(path));
    const before = this.#files.get(path);
    if (options.createNew === true && before !== undefined) {
      throw new MemoryFileError("EEXIST", "open", path);
    }
    const isAppended = options.append === true && before !== undefined;
    this.#files.set(path, isAppended ? joined(before, content) : content.slice());
  }

  remove(path: string, recursive: boolean): void {
    if (this.#files.delete(path)) {
      return;
    }
    this.#needFolder("remove", path);
    if (!recursive && this.#list(path).length > 0) {
      throw new MemoryFileError("ENOTEMPTY", "remove", path);
    }
    removeBelow(this.#files, this.#folders, path);
  }

  list(path: string): MemoryEntry[] {
    this.#needFolder("scandir", path);
    return this.#list(path);
  }

  stat(path: string): MemoryStat {
    const content = this.#files.get(path);
    if (content === undefined) {
      this.#needFolder("stat", path);
    }
    return { isFile: content !== undefined, size: content?.length ?? 0 };
  }

  makeFolder(path: string, recursive: boolean): void {
    if (recursive) {
      this.#addFolders(path);
      return;
    }
    if (this.#files.has(path) || this.#folders.has(path)) {
      throw new MemoryFileError("EEXIST", "mkdir", path);
    }
    this.#needFolder("mkdir", parentOf(path));
    this.#folders.add(path);
  }

  exists(path: string): boolean {
    return this.#files.has(path) || this.#folders.has(path);
  }

  /** Wipes what was there and lays out these files. */
  fill(given: ReadonlyMap<string, Uint8Array>): void {
    this.#files.clear();
    this.#folders.clear();
    this.#folders.add("");
    for (const [path, content] of given) {
      if (path.includes("/")) {
        this.#addFolders(parentOf(path));
      }
      this.#files.set(path, content);
    }
  }

  /** Every file, sorted by its path. */
  entries(): (readonly [string, Uint8Array])[] {
    return [...this.#files].toSorted(([a], [b]) => (a < b ? -1 : 1));
  }

  #list(path: string): MemoryEntry[] {
    const prefix = path === "" ? "" : `${path}/`;
    const entries = new Map<string, MemoryEntry>();
    for (const folder of this.#folders) {
      addEntry(entries, prefix, folder, false);
    }
    for (const file of this.#files.keys()) {
      addEntry(entries, prefix, file, true);
    }
    return [...entries.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  #needFolder(operation: string, path: string): void {
    if (!this.#folders.has(path)) {
      const code = this.#files.has(path) ? "ENOTDIR" : "ENOENT";
      throw new MemoryFileError(code, operation, path);
    }
  }

  #addFolders(path: string): void {
    const parts = path.split("/");
    for (let end = 1; end <= parts.length; end += 1) {
      const folder = parts.slice(0, end).join("/");
      if (this.#files.has(folder)) {
        throw new MemoryFileError("ENOTDIR", "mkdir", path);
      }
      this.#folders.add(folder);
    }
  }
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

function addEntry(
  entries: Map<string, MemoryEntry>,
  prefix: string,
  path: string,
  isFile: boolean,
): void {
  const name = path.slice(prefix.length);
  if (path.startsWith(prefix) && name !== "" && !name.includes("/")) {
    entries.set(name, { name, isFile });
  }
}

function removeBelow(files: Map<string, Uint8Array>, folders: Set<string>, path: string): void {
  const prefix = path === "" ? "" : `${path}/`;
  for (const file of files.keys()) {
    if (file.startsWith(prefix)) {
      files.delete(file);
    }
  }
  for (const folder of folders) {
    if (folder !== "" && (folder === path || folder.startsWith(prefix))) {
      folders.delete(folder);
    }
  }
}

function joined(before: Uint8Array, after: Uint8Array): Uint8Array {
  const whole = new Uint8Array(before.length + after.length);
  whole.set(before);
  whole.set(after, before.length);
  return whole;
}
