import type { RunnerLimits } from "../protocol.ts";
import { createFolderMeter, type WorkFolder, WorkFolderError } from "../runner/skill-runtime.ts";
import type { FileSystemNode, PythonFileSystem } from "./interpreter.ts";

const root = "/work";
const wiped = [root, "/tmp", "/home"];
/** A path of a file that comes out has at most 1,000 characters. */
const maxFolderDepth = 100;

/** Wipes what an earlier call may have left anywhere, then lays out the files and stands in them. */
export function fillWorkFolder(fs: PythonFileSystem, files: WorkFolder): void {
  fs.mkdirTree(root);
  fs.chdir("/");
  for (const folder of wiped) {
    emptyFolder(fs, folder);
  }
  for (const [path, content] of files) {
    const full = `${root}/${path}`;
    fs.mkdirTree(full.slice(0, full.lastIndexOf("/")));
    fs.writeFile(full, content);
  }
  fs.chdir(root);
}

/** By nodes: looking a path up takes the longer, the deeper it lies. */
function emptyFolder(fs: PythonFileSystem, path: string): void {
  const folders = [fs.lookupPath(path).node];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const node of nodesIn(folder)) {
      if (fs.isDir(node.mode)) {
        folders.push(node);
      }
      delete (folder.contents as Record<string, FileSystemNode>)[node.name];
      fs.destroyNode(node);
    }
  }
}

function nodesIn(folder: FileSystemNode): FileSystemNode[] {
  return Object.values(folder.contents);
}

/**
 * Returns the files below the work folder.
 *
 * @throws {WorkFolderError} for a link or a device, folders that are nested too deeply, or more than
 *   the limits allow.
 */
export function readWorkFolder(fs: PythonFileSystem, limits: RunnerLimits): WorkFolder {
  const files = new Map<string, Uint8Array>();
  const count = createFolderMeter(limits);
  const read = (folder: FileSystemNode, above: string, depth: number): void => {
    if (depth > maxFolderDepth) {
      throw new WorkFolderError(`it nested folders deeper than ${maxFolderDepth} levels`);
    }
    for (const node of nodesIn(folder).toSorted(byName)) {
      const { mode, name, usedBytes } = node;
      const path = `${above}${name}`;
      if (fs.isDir(mode)) {
        read(node, `${path}/`, depth + 1);
      } else if (fs.isFile(mode)) {
        count(usedBytes);
        files.set(path, fs.filesystems.MEMFS.getFileDataAsTypedArray(node).slice());
      } else {
        throw new WorkFolderError(`it made ${name}, which is no plain file`);
      }
    }
  };
  read(fs.lookupPath(root).node, "", 0);
  return files;
}

function byName(a: FileSystemNode, b: FileSystemNode): number {
  if (a.name === b.name) {
    return 0;
  }
  return a.name < b.name ? -1 : 1;
}
