import type { MemoryFiles } from "./memory-files.ts";
import { MemoryFileError, type MemoryStat } from "./memory-tree.ts";

type DenoErrors = Readonly<Record<string, new (message: string) => Error>>;
interface WriteOptions {
  readonly append?: boolean;
  readonly createNew?: boolean;
}

const errorNames: Readonly<Record<MemoryFileError["code"], string>> = {
  ENOENT: "NotFound",
  EEXIST: "AlreadyExists",
  EISDIR: "IsADirectory",
  ENOTDIR: "NotADirectory",
  ENOTEMPTY: "InvalidData",
  EACCES: "PermissionDenied",
  EROFS: "PermissionDenied",
};

/** Returns the file functions of Deno over the work folder in memory, each in both its forms. */
export function createDenoFiles(
  files: MemoryFiles,
  errors: DenoErrors,
): Readonly<Record<string, unknown>> {
  const run = <Result>(action: () => Result): Result => {
    try {
      return action();
    } catch (error) {
      throw translate(error, errors);
    }
  };
  const functions: Record<string, (...args: never[]) => unknown> = {
    readFile: (path: unknown) => run(() => files.read(path)),
    readTextFile: (path: unknown) => run(() => new TextDecoder().decode(files.read(path))),
    writeFile: (path: unknown, data: Uint8Array, options?: WriteOptions) =>
      run(() => files.write(path, data, options)),
    writeTextFile: (path: unknown, text: string, options?: WriteOptions) =>
      run(() => files.write(path, new TextEncoder().encode(text), options)),
    remove: (path: unknown, options?: { recursive?: boolean }) =>
      run(() => files.remove(path, options?.recursive === true)),
    stat: (path: unknown) => run(() => describeFile(files.stat(path))),
    lstat: (path: unknown) => run(() => describeFile(files.stat(path))),
    mkdir: (path: unknown, options?: { recursive?: boolean }) =>
      run(() => files.makeFolder(path, options?.recursive === true)),
  };
  const both: Record<string, unknown> = {
    cwd: () => "/work",
    readDirSync: (path: unknown) => run(() => entriesOf(files, path)).values(),
    readDir: (path: unknown) => asyncEntries(() => run(() => entriesOf(files, path))),
  };
  for (const [name, action] of Object.entries(functions)) {
    both[`${name}Sync`] = action;
    // The arguments reach the same function; only how the outcome arrives differs.
    both[name] = async (...args: never[]) => action(...args);
  }
  return both;
}

async function* asyncEntries<Entry>(list: () => Entry[]): AsyncGenerator<Entry> {
  yield* list();
}

function entriesOf(files: MemoryFiles, path: unknown) {
  return files.list(path).map(({ name, isFile }) => ({
    name,
    isFile,
    isDirectory: !isFile,
    isSymlink: false,
  }));
}

function describeFile({ isFile, size }: MemoryStat) {
  return { isFile, isDirectory: !isFile, isSymlink: false, size, mtime: null, atime: null };
}

function translate(error: unknown, errors: DenoErrors): unknown {
  if (!(error instanceof MemoryFileError)) {
    return error;
  }
  const Translated = errors[errorNames[error.code]] ?? Error;
  return new Translated(error.message);
}
