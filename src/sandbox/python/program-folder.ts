import type { WorkFolder } from "../runner/skill-runtime.ts";
import type { FileSystemNode, PythonFileSystem } from "./interpreter.ts";

const root = "/skill";
/** WASI's number of EROFS, which Emscripten uses. */
const readOnlyFileSystem = 69;
/** O_WRONLY and O_RDWR. */
const accessMode = 3;
const changingNodeOperations = ["setattr", "mknod", "rename", "unlink", "rmdir", "symlink"];
const changingStreamOperations = ["write", "allocate", "msync"];

/**
 * Lays the program's further files out and makes the tree read-only for good: a mount of its own, so
 * that nothing is renamed into it, whose every operation that changes something answers EROFS. Python
 * reaches none of these objects.
 */
export function layOutProgram(fs: PythonFileSystem, files: WorkFolder): void {
  fs.mkdirTree(root);
  fs.mount(fs.filesystems.MEMFS, {}, root);
  for (const [path, content] of files) {
    const full = `${root}/${path}`;
    fs.mkdirTree(full.slice(0, full.lastIndexOf("/")));
    fs.writeFile(full, content);
  }
  seal(fs, root);
}

function seal(fs: PythonFileSystem, path: string): void {
  const { node } = fs.lookupPath(path);
  if (fs.isDir(node.mode)) {
    for (const name of fs.readdir(path)) {
      if (name !== "." && name !== "..") {
        seal(fs, `${path}/${name}`);
      }
    }
  }
  const refuse = (): never => {
    throw new fs.ErrnoError(readOnlyFileSystem);
  };
  node.node_ops = without(node.node_ops, changingNodeOperations, refuse);
  node.stream_ops = {
    ...without(node.stream_ops, changingStreamOperations, refuse),
    // Refused at once, as a kernel does: a buffered write would fail where nobody hears of it.
    open: ({ fd, flags }: { fd: number; flags: number }) => {
      if ((flags & accessMode) !== 0) {
        fs.closeStream(fd);
        refuse();
      }
    },
  };
}

/** The operations are shared by all nodes of their kind: a copy, never a change. */
function without(
  operations: FileSystemNode["node_ops"],
  names: readonly string[],
  refuse: () => never,
): FileSystemNode["node_ops"] {
  const refused = names.filter((name) => operations[name] !== undefined);
  return { ...operations, ...Object.fromEntries(refused.map((name) => [name, refuse])) };
}
