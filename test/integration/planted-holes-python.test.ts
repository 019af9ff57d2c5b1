import { describe, expect } from "vitest";
import type { BackendName } from "../../src/sandbox/backend.ts";
import { backendsOf } from "../../src/sandbox/backends.ts";
import type { CommandLine } from "../../src/sandbox/command-line.ts";
import { launchedSandbox } from "../../src/sandbox/launched-sandbox.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { defaultCacheDirectory } from "../../src/shared/cache-directory.ts";
import { describeHoles, type PlantedHole } from "../hostile/describe-holes.ts";
import { pythonPrograms } from "../hostile/python-programs.ts";
import { describeWith } from "../support/requirements.ts";

interface Hole extends PlantedHole {
  readonly change: (args: readonly string[]) => string[];
}

const unshareNumber = process.arch === "arm64" ? 97 : 272;
/** Refuses `unshare` alone, by which the process makes sure that its filter is in force. */
const nearlyOpenFilter = Buffer.from([
  ...[0x20, 0, 0, 0, 0, 0, 0, 0],
  ...[0x15, 0, 0, 1, unshareNumber & 255, unshareNumber >> 8, 0, 0],
  ...[0x06, 0, 0, 0, 1, 0, 5, 0],
  ...[0x06, 0, 0, 0, 0, 0, 255, 127],
]).toString("base64");

/** @throws {Error} when nothing is changed: the hole would not be planted. */
function changed(args: readonly string[], change: (arg: string) => string): string[] {
  const result = args.map(change);
  if (result.every((arg, index) => arg === args[index])) {
    throw new Error(
      "Planting a hole: no argument was changed, one must be; look at the command line.",
    );
  }
  return result;
}

/** The process's own lock lets all through, so that what is tried is the layer before it. */
function withoutFilter(args: readonly string[]): string[] {
  return changed(args, (arg) =>
    arg.startsWith("{") && arg.includes("filterBase64")
      ? JSON.stringify({ ...JSON.parse(arg), filterBase64: nearlyOpenFilter, pidOffsets: [] })
      : arg,
  );
}

/** Other arguments of bubblewrap in the place of one. */
function replaced(args: readonly string[], argument: string, ...others: string[]): string[] {
  expect(args).toContain(argument);
  return args.flatMap((arg) => (arg === argument ? others : [arg]));
}

const nativeHoles: readonly Hole[] = [
  {
    name: "the network is shared",
    change: (args) =>
      replaced(withoutFilter(args), "--unshare-all", "--unshare-all", "--share-net"),
    programs: ["tcp-connect", "http-urllib", "udp-send"],
  },
  {
    name: "the environment is handed on",
    change: (args) => args.filter((arg) => arg !== "--clearenv"),
    programs: ["environ", "posix-environ", "libc-getenv"],
  },
  {
    name: "the processes of the host are seen, and the filter is gone",
    change: (args) =>
      replaced(
        withoutFilter(args),
        "--unshare-all",
        ...["--unshare-user", "--unshare-net", "--unshare-ipc", "--unshare-uts"],
        ...["--ro-bind", "/proc", "/proc"],
      ),
    programs: ["proc-walk", "process-descriptors", "ptrace-attach"],
  },
  {
    name: "a folder of the host can be written",
    change: (args) => replaced(args, "--clearenv", "--clearenv", "--bind", "/var/tmp", "/var/tmp"),
    programs: ["write-shared-folders"],
  },
];

const wasmHoles: readonly Hole[] = [
  {
    name: "text may become code, and the network is allowed",
    change: (args) =>
      changed(
        changed(args, (arg) => arg.replace(",--disallow-code-generation-from-strings", "")),
        (arg) => (arg === "--deny-net" ? "--allow-net" : arg),
      ),
    programs: ["to-js-constructor"],
  },
];

async function sandboxOf(name: BackendName, hole?: Hole): Promise<Sandbox> {
  const backend = backendsOf("python", defaultCacheDirectory()).find((one) => one.name === name);
  const outlook = await backend?.look();
  if (outlook?.kind !== "usable") {
    throw new Error(`Looking for ${name}: ${outlook?.reason}, a usable one is wanted.`);
  }
  const { launcher } = outlook;
  const commandLine = async (): Promise<CommandLine> => {
    const line = await launcher.commandLine();
    const env = name === "bubblewrap" ? definedEnvironment() : line.env;
    return { ...line, env, args: hole?.change(line.args) ?? line.args };
  };
  return launchedSandbox("python", name, { ...launcher, commandLine }, { warmProcesses: 0 });
}

/** As a host would hand it on that clears nothing; bubblewrap does, unless it is a hole. */
function definedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );
}

function describePythonHoles(name: BackendName, holes: readonly Hole[]): void {
  describeHoles(name, { holes, programs: pythonPrograms, open: (hole) => sandboxOf(name, hole) });
}

describeWith("bubblewrap", "holes planted around the system's Python", () => {
  describePythonHoles("bubblewrap", nativeHoles);
});

describe("holes planted around Python in WebAssembly", () => {
  describePythonHoles("deno", wasmHoles);
});
