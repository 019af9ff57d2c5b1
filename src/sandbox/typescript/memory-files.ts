import type { RunnerLimits } from "../protocol.ts";
import { createFolderMeter, type WorkFolder } from "../runner/skill-runtime.ts";
import { type MemoryEntry, MemoryFileError, type MemoryStat, MemoryTree } from "./memory-tree.ts";

const workRoot = "work";
const programRoot = "skill";

/** What a TypeScript skill sees as files: its work folder, and its own files, which never change. */
export class MemoryFiles {
  readonly #work = new MemoryTree();
  readonly #program = new MemoryTree();

  read(given: unknown): Uint8Array {
    const { tree, path } = this.#find("open", given);
    return tree.read(path);
  }

  write(
    given: unknown,
    content: Uint8Array,
    options: { readonly append?: boolean; readonly createNew?: boolean } = {},
  ): void {
    this.#work.write(this.#writable("open", given), content, options);
  }

  remove(given: unknown, recursive: boolean): void {
    this.#work.remove(this.#writable("remove", given), recursive);
  }

  list(given: unknown): MemoryEntry[] {
    const { tree, path } = this.#find("scandir", given);
    return tree.list(path);
  }

  stat(given: unknown): MemoryStat {
    const { tree, path } = this.#find("stat", given);
    return tree.stat(path);
  }

  makeFolder(given: unknown, recursive: boolean): void {
    this.#work.makeFolder(this.#writable("mkdir", given), recursive);
  }

  exists(given: unknown): boolean {
    const { tree, path } = this.#find("stat", given);
    return tree.exists(path);
  }

  /** Wipes the work folder and lays out these files. */
  fill(given: WorkFolder): void {
    this.#work.fill(given);
  }

  /** Lays out the program's own files under /skill. */
  fillProgram(given: WorkFolder): void {
    this.#program.fill(given);
  }

  /** Returns the work folder. @throws {WorkFolderError} for more than the limits allow. */
  readAll(limits: RunnerLimits): WorkFolder {
    const count = createFolderMeter(limits);
    const entries = this.#work.entries();
    for (const [, content] of entries) {
      count(content.length);
    }
    return new Map(entries);
  }

  #writable(operation: string, given: unknown): string {
    const { tree, path } = this.#find(operation, given);
    if (tree === this.#program) {
      throw new MemoryFileError("EROFS", operation, path);
    }
    return path;
  }

  /** Whatever leads out of both folders is refused. */
  #find(operation: string, given: unknown): { tree: MemoryTree; path: string } {
    const text = given instanceof URL ? decodeURIComponent(given.pathname) : String(given);
    const [root, ...parts] = plainParts(text.startsWith("/") ? text : `/${workRoot}/${text}`);
    if ((root !== workRoot && root !== programRoot) || text.includes("\0")) {
      throw new MemoryFileError("EACCES", operation, text);
    }
    return { tree: root === workRoot ? this.#work : this.#program, path: parts.join("/") };
  }
}

function plainParts(absolute: string): string[] {
  const parts: string[] = [];
  for (const part of absolute.split("/")) {
    if (part === "..") {
      parts.pop();
    } else if (part !== "" && part !== ".") {
      parts.push(part);
    }
  }
  return parts;
}
