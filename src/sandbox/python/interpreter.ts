import { pathToFileURL } from "node:url";

/** The part of Pyodide that the runner uses. */
export interface PythonInterpreter {
  runPython(code: string): unknown;
  readonly globals: { get(name: string): PythonFunction };
  readonly FS: PythonFileSystem;
  setStdout(options: StreamHandler): void;
  setStderr(options: StreamHandler): void;
  setStdin(options: { stdin: () => null }): void;
  makeMemorySnapshot(): Uint8Array;
  /** Its inner parts. */
  readonly _api: { fatal_error: (error: unknown) => never };
}

export interface PythonFunction {
  (argument: string): string;
  /** Runs on a stack that can be suspended, which is what lets `asyncio.run` wait. */
  callPromising(argument: string): Promise<string>;
}

interface StreamHandler {
  readonly write: (bytes: Uint8Array) => number;
}

/** Emscripten's file system: in memory, never the host's. */
export interface PythonFileSystem {
  readdir(path: string): string[];
  isDir(mode: number): boolean;
  isFile(mode: number): boolean;
  mkdirTree(path: string): void;
  chdir(path: string): void;
  writeFile(path: string, data: Uint8Array): void;
  mount(type: unknown, options: object, path: string): void;
  closeStream(fd: number): void;
  lookupPath(path: string): { node: FileSystemNode };
  /** Forgets a node that its folder no longer names. */
  destroyNode(node: FileSystemNode): void;
  readonly filesystems: { readonly MEMFS: MemoryFileSystem };
  readonly ErrnoError: new (errno: number) => Error;
}

interface MemoryFileSystem {
  /** A view of the bytes, not a copy. */
  getFileDataAsTypedArray(node: FileSystemNode): Uint8Array;
}

/** A file or folder in memory, with the operations that serve it. */
export interface FileSystemNode {
  readonly mode: number;
  readonly name: string;
  /** A folder's are its nodes by name; a file's its bytes, of which so many are used. */
  readonly contents: Readonly<Record<string, FileSystemNode>>;
  readonly usedBytes: number;
  node_ops: Readonly<Record<string, unknown>>;
  stream_ops: Readonly<Record<string, unknown>>;
}

interface LoadOptions {
  readonly indexURL: string;
  readonly jsglobals: object;
  readonly stdout: (line: string) => void;
  readonly stderr: (line: string) => void;
  readonly env: Readonly<Record<string, string>>;
  readonly _makeSnapshot?: boolean;
  readonly _loadSnapshot?: Uint8Array;
}

/** Without columns: code that could read its own could tell that it was changed, as mutants are. */
export const interpreterEnvironment = { PYTHONNODEBUGRANGES: "1" } as const;

/** Starts an interpreter whose only JavaScript globals are two timers, which its event loop needs. */
export async function startInterpreter(
  pyodideFolder: string,
  snapshot: { make: true } | { load: Uint8Array } | undefined,
): Promise<PythonInterpreter> {
  const folder = pathToFileURL(`${pyodideFolder}/`);
  const { loadPyodide }: { loadPyodide: (options: LoadOptions) => Promise<PythonInterpreter> } =
    await import(new URL("pyodide.mjs", folder).href);
  return await loadPyodide({
    indexURL: `${pyodideFolder}/`,
    jsglobals: { setTimeout, clearTimeout },
    stdout: () => {},
    stderr: () => {},
    env: interpreterEnvironment,
    ...(snapshot !== undefined && "make" in snapshot ? { _makeSnapshot: true } : {}),
    ...(snapshot !== undefined && "load" in snapshot ? { _loadSnapshot: snapshot.load } : {}),
  });
}
