import type { SandboxPolicy } from "./policy.ts";
import { lockArgument } from "./seccomp/lock-argument.ts";

export interface CommandLine {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Written to its stdin before any message. */
  readonly input?: Uint8Array;
  /** The kernel ends it when its parent dies, so that it is handed no lifeline. */
  readonly endsWithParent?: boolean;
}

export interface Executable {
  readonly denoPath: string;
  readonly runnerPath: string;
  readonly runnerArgs: readonly string[];
  readonly platform: string;
}

/** The file descriptor whose closing tells the sandbox that its host is gone. */
const lifelineDescriptor = 3;

/** Returns the command line that a policy means; pure, so that it can be read and tested. */
export function commandLine(policy: SandboxPolicy, executable: Executable): CommandLine {
  const deno = [executable.denoPath, ...denoArgs(policy, executable)];
  const env = {
    // A folder here would let the caches API write to disk without any permission.
    DENO_DIR: executable.platform === "win32" ? "NUL" : "/dev/null",
    // Started from TypeScript it would try for 0.2 s to write what it transpiled into that folder.
    DENO_EMIT_CACHE_MODE: "disable",
    DENO_NO_PACKAGE_JSON: "1",
    DENO_NO_UPDATE_CHECK: "1",
    NO_COLOR: "1",
  };
  if (executable.platform === "win32") {
    const [command = executable.denoPath, ...args] = deno;
    return { command, args, env };
  }
  const script = posixScript(policy, executable.platform);
  return { command: "/bin/sh", args: ["-c", script, "sandbox", ...deno], env };
}

/** Everything denied, and nothing looked up that the machine holds. */
function denoArgs(policy: SandboxPolicy, executable: Executable): string[] {
  return [
    "run",
    "--quiet",
    "--no-prompt",
    "--no-config",
    "--no-remote",
    "--no-npm",
    "--cached-only",
    "--no-lock",
    "--no-code-cache",
    "--no-check",
    "--deny-import",
    "--deny-net",
    "--deny-write",
    "--deny-run",
    "--deny-env",
    "--deny-sys",
    // A runner locks itself through C, which it gives up before it sees skill code.
    policy.isLocked ? "--allow-ffi" : "--deny-ffi",
    policy.readPaths.length === 0 ? "--deny-read" : `--allow-read=${pathList(policy.readPaths)}`,
    `--v8-flags=${v8Flags(policy).join(",")}`,
    executable.runnerPath,
    ...(policy.isLocked ? [lockArgument] : []),
    ...executable.runnerArgs,
  ];
}

/** Deno splits its lists at commas; a doubled comma is one within a path. */
function pathList(paths: readonly string[]): string {
  return paths.map((path) => path.replaceAll(",", ",,")).join(",");
}

function v8Flags(policy: SandboxPolicy): string[] {
  return [
    `--max-old-space-size=${policy.maxHeapMebibytes}`,
    // In mebibytes: from V8's own first size a start collects garbage several times over.
    "--min-semi-space-size=4",
    `--wasm-max-mem-pages=${policy.maxWasmPages}`,
    // Compiling Pyodide on every core at once costs a fifth more of processor time, and is no sooner done.
    "--wasm-num-compilation-tasks=1",
    // Without it Python reaches the host's JavaScript through to_js([]).constructor.constructor.
    "--disallow-code-generation-from-strings",
  ];
}

/** DATA is limited, never AS: V8 reserves far more address space than it uses. */
function posixScript(policy: SandboxPolicy, platform: string): string {
  return scriptUnderLifeline([
    ["c", 0],
    ["f", 0],
    ["t", policy.maxCpuSeconds],
    ["n", policy.maxOpenFiles],
    ...(platform === "linux" ? [["d", policy.maxDataMebibytes * 1024] as const] : []),
  ]);
}

/** An option of the shell's `ulimit`, and the most that it is to allow, in that option's unit. */
export type ShellLimit = readonly [option: string, value: number];

/**
 * Returns the shell's part of every sandbox: it sets what the kernel enforces even when the host is
 * dead, leaves a watcher behind that kills the process group when the lifeline closes (a busy program
 * cannot see its stdin close), and becomes the program of its arguments.
 */
export function scriptUnderLifeline(limits: readonly ShellLimit[]): string {
  const watcher = `{ read -r _ <&${lifelineDescriptor}; kill -9 0; } </dev/null >/dev/null 2>&1 &`;
  const refused = `{ echo "its limits cannot be set, see ulimit -a" >&2; exit 125; }`;
  return `${limits.map(atMost).join(" && ")} || ${refused}\n${watcher}\nexec "$@" ${lifelineDescriptor}<&-`;
}

/** Whoever has less already keeps that; the shell refuses to raise it. */
function atMost([option, value]: ShellLimit): string {
  const isLower = `[ "$(ulimit -${option})" -le ${value} ] 2>/dev/null`;
  return `{ ulimit -${option} ${value} 2>/dev/null || ${isLower}; }`;
}
