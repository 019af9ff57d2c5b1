import type { MemoryFiles } from "./memory-files.ts";
import type { MemoryStat } from "./memory-tree.ts";

type Encoding = string | { readonly encoding?: string | null; readonly flag?: string } | null;

/** Node's class, which is not there before its layer is. */
type BufferClass = typeof Buffer;

/** Returns the part of `node:fs` that a skill may use, over the work folder in memory. */
export function createNodeFiles(
  files: MemoryFiles,
  NodeBuffer: BufferClass,
): {
  readonly fs: Readonly<Record<string, unknown>>;
  readonly promises: Readonly<Record<string, unknown>>;
} {
  const write = (append: boolean) => (path: unknown, data: unknown, options?: Encoding) => {
    const flag = typeof options === "object" ? options?.flag : undefined;
    const isAppend = append || flag === "a";
    files.write(path, toBytes(NodeBuffer, data, options), {
      append: isAppend,
      createNew: flag === "wx",
    });
  };
  const functions: Record<string, (...args: never[]) => unknown> = {
    readFile: (path: unknown, options?: Encoding) =>
      fromBytes(NodeBuffer, files.read(path), options),
    writeFile: write(false),
    appendFile: write(true),
    readdir: (path: unknown, options?: { withFileTypes?: boolean }) =>
      files
        .list(path)
        .map(({ name, isFile }) =>
          options?.withFileTypes === true ? { name, ...kind(isFile) } : name,
        ),
    mkdir: (path: unknown, options?: { recursive?: boolean }) =>
      files.makeFolder(path, options?.recursive === true),
    unlink: (path: unknown) => files.remove(path, false),
    rm: (path: unknown, options?: { recursive?: boolean; force?: boolean }) => {
      if (options?.force !== true || files.exists(path)) {
        files.remove(path, options?.recursive === true);
      }
    },
    stat: (path: unknown) => describeFile(files.stat(path)),
    access: (path: unknown) => {
      files.stat(path);
    },
  };
  const fs: Record<string, unknown> = { existsSync: (path: unknown) => files.exists(path) };
  const promises: Record<string, unknown> = {};
  for (const [name, action] of Object.entries(functions)) {
    fs[`${name}Sync`] = action;
    promises[name] = async (...args: never[]) => action(...args);
  }
  fs["promises"] = promises;
  return { fs: { ...fs, default: fs }, promises: { ...promises, default: promises } };
}

function encodingOf(options: Encoding | undefined): BufferEncoding | undefined {
  const encoding = typeof options === "string" ? options : options?.encoding;
  return encoding === undefined || encoding === null ? undefined : (encoding as BufferEncoding);
}

function toBytes(
  NodeBuffer: BufferClass,
  data: unknown,
  options: Encoding | undefined,
): Uint8Array {
  return data instanceof Uint8Array ? data : NodeBuffer.from(String(data), encodingOf(options));
}

function fromBytes(
  NodeBuffer: BufferClass,
  bytes: Uint8Array,
  options: Encoding | undefined,
): Buffer | string {
  const encoding = encodingOf(options);
  const buffer = NodeBuffer.from(bytes);
  return encoding === undefined ? buffer : buffer.toString(encoding);
}

function kind(isFile: boolean) {
  return { isFile: () => isFile, isDirectory: () => !isFile, isSymbolicLink: () => false };
}

function describeFile({ isFile, size }: MemoryStat) {
  return { size, ...kind(isFile) };
}
