import type { RunnerLimits } from "../protocol.ts";
import { createFolderMeter, type WorkFolder, WorkFolderError } from "../runner/skill-runtime.ts";
import type { PythonFileSystem } from "./interpreter.ts";

const root = "/work";
const wiped = [root, "/tmp", "/home"];

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

function emptyFolder(fs: PythonFileSystem, folder: string): void {
  for (const name of names(fs, folder)) {
    const path = `${folder}/${name}`;
    if (fs.isDir(fs.lstat(path).mode)) {
      emptyFolder(fs, path);
      fs.rmdir(path);
    } else {
      fs.unlink(path);
    }
  }
}

function names(fs: PythonFileSystem, folder: string): string[] {
  return fs.readdir(folder).filter((name) => name !== "." && name !== "..");
}

/**
 * Returns the files below the work folder.
 *
 * @throws {WorkFolderError} for a link or a device, or more than the limits allow.
 */
export function readWorkFolder(fs: PythonFileSystem, limits: RunnerLimits): WorkFolder {
  const files = new Map<string, Uint8Array>();
  const count = createFolderMeter(limits);
  const read = (folder: string): void => {
    for (const name of names(fs, folder).toSorted()) {
      const path = `${folder}/${name}`;
      const { mode, size } = fs.lstat(path);
      if (fs.isDir(mode)) {
        read(path);
      } else if (fs.isFile(mode)) {
        count(size);
        files.set(path.slice(root.length + 1), fs.readFile(path));
      } else {
        throw new WorkFolderError(`it made ${name}, which is no plain file`);
      }
    }
  };
  read(root);
  return files;
}
