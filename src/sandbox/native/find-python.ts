import { askProgram } from "../bubblewrap/ask-program.ts";
import { findProgram } from "../bubblewrap/find-program.ts";
import { sharedLibraries } from "../bubblewrap/shared-libraries.ts";
import { nativeHarness } from "./harness.ts";

/** A CPython of this machine, and all that it takes to run it where nothing else exists. */
export interface NativePython {
  readonly path: string;
  /** `3.11` */
  readonly minorVersion: string;
  /** `3.11.2 (main, …)`: what the self-test depends on. */
  readonly fullVersion: string;
  /** The standard library's own folders and archives that exist. */
  readonly libraryPaths: readonly string[];
  /** Folders of other people's packages within those. */
  readonly packagePaths: readonly string[];
  readonly sharedLibraries: readonly string[];
  /** The harness as this Python compiled it. */
  readonly harness: Uint8Array;
}

export interface NoPython {
  readonly reason: string;
  readonly remedy: string;
}

const oldestMinor = 11;
const remedy = "sudo apt-get install python3 (CPython 3.11 or newer), or your distribution's";

/**
 * Runs in the Python that is asked, past the shims of version managers, which start another one: says
 * what it is and where it keeps things. Without its `_ctypes` it could not lock itself.
 */
const question = `
import sys
import binascii, json, marshal, os
def existing(paths):
    return [path for path in dict.fromkeys(map(os.path.realpath, paths)) if os.path.exists(path)]
names = ("site-packages", "dist-packages")
folders = existing(sys.path)
packages = existing(os.path.join(folder, name) for folder in folders for name in names)
extensions = [os.path.join(folder, name) for folder in folders if os.path.isdir(folder)
              for name in os.listdir(folder) if name.endswith(".so")]
answer = {"implementation": sys.implementation.name, "version": list(sys.version_info[:3])}
if sys.version_info >= (3, ${oldestMinor}):
    import _ctypes, _json
    code = compile(sys.stdin.read(), "<sandbox>", "exec", dont_inherit=True, optimize=2)
    answer.update(
        path=os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable),
        fullVersion=sys.version, libraryPaths=folders, packagePaths=packages, extensions=extensions,
        harnessBase64=binascii.b2a_base64(marshal.dumps(code), newline=False).decode())
print(json.dumps(answer))
`;

interface PythonAnswer {
  readonly implementation: string;
  readonly version: readonly number[];
  readonly path: string;
  readonly fullVersion: string;
  readonly libraryPaths: readonly string[];
  readonly packagePaths: readonly string[];
  readonly extensions: readonly string[];
  readonly harnessBase64: string;
}

/** Returns the first CPython 3.11 or newer of the folders, or why there is none. */
export async function findNativePython(
  folders: readonly string[],
): Promise<NativePython | NoPython> {
  const refusals: string[] = [];
  for (const folder of folders) {
    const program = await findProgram("python3", [folder]);
    if (program !== undefined) {
      const found = await askPython(program);
      if (typeof found !== "string") {
        return found;
      }
      refusals.push(`${program}: ${found}`);
    }
  }
  const reason = refusals.length === 0 ? "there is no python3" : refusals.join("; ");
  return { reason, remedy };
}

async function askPython(program: string): Promise<NativePython | string> {
  const said = await askProgram(program, ["-I", "-S", "-B", "-c", question], {
    input: nativeHarness,
  });
  if (!said.isSuccess) {
    return `it does not answer (${said.stderr.trim().split("\n").at(-1)?.slice(0, 200)})`;
  }
  const answer: PythonAnswer = JSON.parse(said.stdout);
  const problem = unsuitability(answer);
  if (problem !== undefined) {
    return problem;
  }
  const { path, fullVersion, libraryPaths, packagePaths, harnessBase64 } = answer;
  return {
    path,
    minorVersion: answer.version.slice(0, 2).join("."),
    fullVersion,
    libraryPaths,
    packagePaths,
    sharedLibraries: await sharedLibraries(path, answer.extensions),
    harness: Buffer.from(harnessBase64, "base64"),
  };
}

/** Folders of the sandbox itself: a Python below one would show in what the skill sees as its own. */
const ownFolders = /^\/(?:work|tmp|skill|dev|proc)\//;

function unsuitability({ implementation, version, path, libraryPaths }: PythonAnswer) {
  const [major = 0, minor = 0] = version;
  if (implementation !== "cpython" || major !== 3 || minor < oldestMinor) {
    return `it is ${implementation} ${version.join(".")}, CPython 3.${oldestMinor} or newer is wanted`;
  }
  const hidden = [path, ...libraryPaths].find((each) => ownFolders.test(each));
  return hidden === undefined ? undefined : `it lies in ${hidden}, a folder the sandbox covers`;
}
