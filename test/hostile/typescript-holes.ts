import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CommandLine } from "../../src/sandbox/command-line.ts";
import type { PlantedHole } from "./describe-holes.ts";

/** A text of a file of the sandbox, below `src/sandbox`, and what stands there instead. */
export type SourceChange = readonly [file: string, from: string, to: string];
export type LineChange = (line: CommandLine, folder: string) => CommandLine;

export interface Hole extends PlantedHole {
  /** What there is besides the layer that gets the hole: without these, another layer would hold. */
  readonly line?: LineChange;
  readonly sources?: readonly SourceChange[];
}

const flags =
  (...changes: readonly (readonly [from: string, to: string])[]): LineChange =>
  (line) => ({
    ...line,
    args: changes.reduce((args, [from, to]) => replaced(args, from, to), line.args),
  });

/** @throws {Error} when nothing is replaced: the hole would not be planted. */
function replaced(args: readonly string[], from: string, to: string): string[] {
  if (!args.includes(from)) {
    throw new Error(`Planting a hole: ${from} is no argument of ${args.join(" ")}, one is wanted.`);
  }
  return args.map((arg) => (arg === from ? to : arg));
}

const inTurn =
  (...changes: readonly LineChange[]): LineChange =>
  (line, folder) =>
    changes.reduce((changed, change) => change(changed, folder), line);

const keepsPermission = (name: string): SourceChange => ["runner/take-away.ts", `"${name}", `, ""];
const keepsGlobal = (name: string): SourceChange => [
  "runner/kept-members.ts",
  '  "[[webidl.brand]]",\n',
  `  "[[webidl.brand]]",\n  "${name}",\n`,
];
export const keepsOfDeno = (name: string): SourceChange => [
  "runner/kept-members.ts",
  "ChildProcess Command ",
  `${name} ChildProcess Command `,
];
const keepsProcess: SourceChange = [
  "typescript/runner.ts",
  "emptyProcess(nodeProcess, process);",
  "",
];
const allowsNode: SourceChange = [
  "typescript/runner.ts",
  "forbidNode: nodeLayer.forbid,",
  "forbidNode: () => {},",
];
const keepsPrototypes: SourceChange = [
  "typescript/runner.ts",
  "seal: sealPrototypes,",
  "seal: () => {},",
];
const keepsProcesses: SourceChange = [
  "typescript/process-refusals.ts",
  'denoMembers: { Command: refusing("Deno.Command"), dlopen: refusing("Deno.dlopen") },',
  "denoMembers: {},",
];
const keepsForeignCalls: SourceChange = [
  "seccomp/lock-process.ts",
  'if (deno.permissions.revokeSync({ name: "ffi" }).state === "granted") {',
  "if (false) {",
];

/** A script that imports is evaluated as one that needs nothing of Node, and nothing else is in its way. */
export const unseenImports: readonly SourceChange[] = [
  ["typescript/plain-program.ts", '!source.includes("import") &&', ""],
  keepsOfDeno("execPath"),
  keepsGlobal("console"),
  keepsPrototypes,
];

/** Each lets one thing of Deno's own through; the runner would give the permission up as well. */
export const denoHoles: readonly Hole[] = [
  {
    name: "the network is allowed",
    line: flags(["--deny-net", "--allow-net"]),
    sources: [keepsPermission("net")],
    programs: ["fetch", "tcp-connect", "tcp-listen"],
  },
  {
    name: "reading is allowed",
    line: flags(["--deny-read", "--allow-read"]),
    sources: [keepsPermission("read")],
    programs: ["read-by-handle"],
  },
  {
    name: "writing is allowed",
    line: flags(["--deny-write", "--allow-write"]),
    sources: [keepsPermission("write")],
    programs: ["write-beside"],
  },
  {
    name: "processes are allowed",
    line: flags(["--deny-run", "--allow-run"]),
    sources: [keepsPermission("run"), keepsProcesses],
    programs: ["kill", "command-detached"],
  },
  {
    name: "the environment is handed on and may be read",
    line: inTurn(flags(["--deny-env", "--allow-env"]), (line) => ({
      ...line,
      env: { ...definedEnvironment(), ...line.env },
    })),
    sources: [keepsPermission("env")],
    programs: ["variable"],
  },
  {
    name: "what the system says is allowed",
    line: flags(["--deny-sys", "--allow-sys"]),
    sources: [["runner/take-away.ts", '"sys", ', ""]],
    programs: ["machine"],
  },
  {
    name: "calls of C are allowed",
    line: flags(["--deny-ffi", "--allow-ffi"]),
    sources: [
      keepsForeignCalls,
      keepsProcesses,
      keepsOfDeno("dlopen"),
      keepsOfDeno("UnsafePointer"),
    ],
    programs: ["pointers", "library"],
  },
  {
    name: "Deno has a folder of its own, and its caches",
    line: (line, folder) => ({
      ...line,
      env: { ...line.env, DENO_DIR: join(folder, "deno") },
      args: line.args.map((arg) => arg.replace("ulimit -f 0", "ulimit -f unlimited")),
    }),
    sources: [keepsGlobal("caches")],
    programs: ["write-caches"],
  },
  {
    name: "threads are started",
    sources: [
      keepsGlobal("Worker"),
      [
        "typescript/process-refusals.ts",
        'globals: { Worker: refusing("Worker") },',
        "globals: {},",
      ],
    ],
    programs: ["worker-hidden"],
  },
  {
    name: "channels to other threads are kept",
    sources: [keepsGlobal("BroadcastChannel")],
    programs: ["shared-memory"],
  },
  {
    name: "Node's layer may be started, with its process as it is",
    sources: [keepsGlobal("nodeBootstrap"), keepsProcess],
    programs: ["node-bootstrap"],
  },
  {
    name: "Node's process is left as it is",
    sources: [keepsProcess],
    programs: ["node-process-at-exit", "node-streams"],
  },
  {
    name: "an import goes unseen, and Node's process may still be made",
    sources: [...unseenImports, allowsNode],
    programs: ["silent-import"],
  },
  {
    name: "what every object inherits may be added to, and messages ask for it",
    sources: [
      keepsPrototypes,
      ["runner/channel.ts", "sendText(lineOf(message))", "sendText(stringify(message))"],
    ],
    programs: ["inherited-to-json"],
  },
  {
    name: "lines are taken apart by methods that a skill can replace",
    sources: [
      keepsPrototypes,
      [
        "runner/channel-lines.ts",
        "apply(decode, decoder, [new Bytes(memory, start, end - start)])",
        "decoder.decode(buffer.subarray(start, end))",
      ],
    ],
    programs: ["lines-read"],
  },
];

const everything = flags(
  ["--deny-net", "--allow-net"],
  ["--deny-read", "--allow-read"],
  ["--deny-write", "--allow-write"],
  ["--deny-run", "--allow-run"],
  ["--deny-env", "--allow-env"],
  ["--deny-sys", "--allow-sys"],
);
const keepsEverything: SourceChange = [
  "runner/take-away.ts",
  '["read", "write", "net", "env", "run", "sys", "import"]',
  "[]",
];
export const permissive = { line: everything, sources: [keepsEverything, keepsProcesses] } as const;
const kernelPrograms = [
  "tcp-connect",
  "read-by-handle",
  "write-beside",
  "command-detached",
  "kill",
];
/** System calls the lock allows besides, with their numbers on x64 and arm64. */
function planted(
  ...calls: readonly (readonly [name: string, x64: number, arm64: number])[]
): SourceChange[] {
  return calls.map(([name, x64, arm64]) => [
    "seccomp/system-calls.ts",
    "const eventCalls = [",
    `const eventCalls = [\n  call("${name}", ${x64}, ${arm64}, "planted"),`,
  ]);
}

/** Deno allows all of it here, so that nothing but the kernel's lock holds. */
export const lockHoles: readonly Hole[] = [
  {
    name: "the lock is not set",
    line: inTurn(everything, (line) => ({
      ...line,
      args: line.args.filter((arg) => arg !== "--lock"),
    })),
    sources: permissive.sources,
    programs: kernelPrograms,
  },
  {
    name: "links are read and files opened",
    line: everything,
    sources: [
      ...permissive.sources,
      ...planted(["openat", 257, 56], ["readlink", 89, 78], ["readlinkat", 267, 78]),
    ],
    programs: ["read-by-handle"],
  },
  {
    name: "sockets are allowed",
    line: everything,
    sources: [
      ...permissive.sources,
      ...planted(
        ["socket", 41, 198],
        ["connect", 42, 203],
        ["bind", 49, 200],
        ["setsockopt", 54, 208],
        ["getsockopt", 55, 209],
        ["getpeername", 52, 205],
        ["getsockname", 51, 204],
        ["fcntl", 72, 25],
        ["ioctl", 16, 29],
      ),
    ],
    programs: ["tcp-connect"],
  },
  {
    name: "signals to others are allowed",
    line: everything,
    sources: [...permissive.sources, ...planted(["kill", 62, 129])],
    programs: ["kill"],
  },
];

const withoutLock: LineChange = (line) => ({
  ...line,
  args: line.args.filter((arg) => arg !== "--lock"),
});
export const bubbleBase = inTurn(everything, withoutLock);
const bind =
  (...words: readonly string[]): LineChange =>
  (line) => ({
    ...line,
    args: line.args.toSpliced(line.args.indexOf("--remount-ro"), 0, ...words),
  });

/** Only these namespaces instead of all. */
const unshares =
  (...names: readonly string[]): LineChange =>
  (line) => ({
    ...line,
    args: replaced(line.args, "--unshare-all", "").flatMap((arg) =>
      arg === "" ? names.map((namespace) => `--unshare-${namespace}`) : [arg],
    ),
  });

/** Deno allows all of it here and sets no lock, so that nothing but the namespaces hold. */
export const namespaceHoles: readonly Hole[] = [
  {
    name: "the network's namespace is the host's",
    line: inTurn(bubbleBase, unshares("pid", "uts", "ipc")),
    sources: permissive.sources,
    programs: ["tcp-connect", "fetch"],
  },
  {
    name: "the host's disk is bound to be read",
    line: inTurn(bubbleBase, bind("--ro-bind", tmpdir(), tmpdir())),
    sources: permissive.sources,
    programs: ["read-by-handle"],
  },
  {
    name: "the host's disk is bound to be written",
    line: inTurn(bubbleBase, bind("--bind", tmpdir(), tmpdir())),
    sources: permissive.sources,
    programs: ["write-beside"],
  },
  {
    name: "the environment is not cleared",
    line: inTurn(bubbleBase, (line) => ({
      ...line,
      env: definedEnvironment(),
      args: line.args.filter((arg) => arg !== "--clearenv"),
    })),
    sources: permissive.sources,
    programs: ["variable"],
  },
  {
    name: "the processes' namespace is the host's",
    line: inTurn(
      bubbleBase,
      unshares("net", "uts", "ipc"),
      flags(["--proc", "--ro-bind"]),
      (line) => ({
        ...line,
        args: line.args.toSpliced(line.args.indexOf("/proc"), 0, "/proc"),
      }),
    ),
    sources: permissive.sources,
    programs: ["kill"],
  },
];

function definedEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Record<string, string>;
}
