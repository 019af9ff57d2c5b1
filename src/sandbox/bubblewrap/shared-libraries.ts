import { realpathSync } from "node:fs";
import { dirname } from "node:path";
import { askProgram } from "./ask-program.ts";

/** Where shared libraries are when a loader does not say which it takes. */
const libraryFolders = ["/lib", "/lib64", "/usr/lib", "/usr/lib64"];

/**
 * Returns the shared libraries that a program and its extension modules are loaded with, the loader
 * included: glibc's loader lists them itself, all in one start, and runs nothing. Where it does not
 * (musl), the system's library folders.
 */
export async function sharedLibraries(
  program: string,
  extensions: readonly string[] = [],
): Promise<readonly string[]> {
  const answer = await askProgram(program, ["--version"], {
    env: { LD_TRACE_LOADED_OBJECTS: "1", LD_PRELOAD: extensions.join(":") },
  });
  const paths = librariesOf(answer.stdout).filter((path) => !extensions.includes(path));
  return paths.length === 0 ? libraryFolders : paths;
}

/** The absolute paths of a loader's list: `libz.so.1 => /lib/libz.so.1 (0x7f…)`. */
export function librariesOf(list: string): string[] {
  const paths = [...list.matchAll(/^\s+(?:\S+ => )?(\/.+) \(0x[0-9a-f]+\)$/gm)];
  return [...new Set(paths.map(([, path = ""]) => path))];
}

const manyLibraries = 4;

/**
 * Takes a folder whole in place of many of its libraries: each mount costs every start a quarter of a
 * millisecond. Never one that holds `apart`, a language's own library with other people's packages.
 */
export function gatheredLibraries(
  libraries: readonly string[],
  apart: readonly string[],
): readonly string[] {
  const folders = Map.groupBy(libraries, (path) => dirname(path));
  return [...folders].flatMap(([folder, members]) => {
    const isMixed = apart.some((path) => path.startsWith(`${realpathSync(folder)}/`));
    return members.length >= manyLibraries && !isMixed ? [folder] : members;
  });
}
