import { AgentError } from "../../shared/errors.ts";
import type { DenoRuntime } from "../deno-runtime.ts";
import type { SandboxPolicy } from "../policy.ts";
import { seccompFilter } from "./filter.ts";
import { lockArgument } from "./lock-argument.ts";
import type { SeccompArchitecture } from "./system-calls.ts";

type Argument = number | bigint;

interface CLibrary {
  /** A call of the system by its number: -1 when it failed. */
  readonly syscall: (...args: readonly Argument[]) => number | bigint;
}

/** A call by its name; arguments that are left out are 0. */
type SystemCall = (name: keyof LockCalls, ...args: readonly Argument[]) => number;

/** A bare name, since a path in `--allow-ffi=` does not match it; Deno for Linux stands on glibc. */
const cLibraryName = "libc.so.6";
/** One function for all: Deno compiles a way in for each. */
const libraryFunctions = {
  syscall: { parameters: ["i64", "u64", "u64", "u64", "u64", "u64"], result: "i64" },
};
const argumentCount = 5;

interface LockCalls {
  readonly getppid: number;
  readonly prctl: number;
  readonly prlimit64: number;
  readonly seccomp: number;
}

/** Numbers of the calls that the lock itself makes; it leaves neither `seccomp` nor `getppid` allowed. */
const lockCalls: Readonly<Record<SeccompArchitecture, LockCalls>> = {
  x64: { getppid: 110, prctl: 157, prlimit64: 302, seccomp: 317 },
  arm64: { getppid: 173, prctl: 167, prlimit64: 261, seccomp: 277 },
};

const setNoNewPrivileges = 38;
const setModeFilter = 1;
/** Every thread of the process or none, V8's and Deno's own included. */
const synchronizeThreads = 1;
const instructionBytes = 8;

/**
 * The last step of a runner before it says ready: locks the process where its command line asks for
 * that, then gives up calling C for good. Everything it will ever need must be loaded.
 *
 * @throws {AgentError} SANDBOX_UNAVAILABLE when the lock is not in force: the runner must die of it.
 */
export function giveUpForeignCalls(deno: DenoRuntime, policy: SandboxPolicy): void {
  if (deno.args[0] === lockArgument) {
    loadWhatComesLate(deno);
    lockProcess(deno, policy);
  }
  if (deno.permissions.revokeSync({ name: "ffi" }).state === "granted") {
    throw unlockable("Deno keeps the right to call C");
  }
}

/** What Deno would load at its first use, when the kernel refuses it: signals at exit, the time zone. */
function loadWhatComesLate(deno: DenoRuntime): void {
  const ignore = (): void => {};
  deno.addSignalListener("SIGUSR2", ignore);
  deno.removeSignalListener("SIGUSR2", ignore);
  // Its text names the zone, for which alone files are read; a formatter of Intl would cost far more.
  String(new Date());
}

/**
 * Limits every thread of this process to the calls of the profile `deno` by seccomp, which nothing
 * can undo, after making sure that the kernel's limits of its policy are in force.
 */
function lockProcess(deno: DenoRuntime, policy: SandboxPolicy): void {
  const architecture = architectureOf(deno);
  const filter = seccompFilter("deno", architecture, deno.pid).bytes;
  withCalls(deno, architecture, (call) => {
    for (const limit of limitsOf(policy)) {
      requireLimit(deno, call, limit);
    }
    install(deno, call, filter);
  });
}

interface ResourceLimit {
  readonly name: string;
  /** The same on both architectures. */
  readonly resource: number;
  readonly highest: number;
}

function limitsOf(policy: SandboxPolicy): readonly ResourceLimit[] {
  return [
    { name: "CPU", resource: 0, highest: policy.maxCpuSeconds },
    { name: "FSIZE", resource: 1, highest: 0 },
    { name: "DATA", resource: 2, highest: policy.maxDataMebibytes * 1_048_576 },
    { name: "CORE", resource: 4, highest: 0 },
    { name: "NOFILE", resource: 7, highest: policy.maxOpenFiles },
  ];
}

function requireLimit(
  deno: DenoRuntime,
  call: SystemCall,
  { name, resource, highest }: ResourceLimit,
): void {
  /** `struct rlimit64`: what holds now, and how far the process itself could raise it. */
  const memory = new ArrayBuffer(16);
  const limits = new BigUint64Array(memory);
  const ownProcess = 0;
  const noNewLimits = 0;
  const result = call("prlimit64", ownProcess, resource, noNewLimits, addressOf(deno, memory));
  if (result !== 0 || limits.some((limit) => limit > BigInt(highest))) {
    throw unlockable(`the limit ${name} is ${limits.join(" of ")}, at most ${highest} is wanted`);
  }
}

/**
 * Installs a filter, an array of `struct sock_filter` that refuses `getppid`, on all threads.
 *
 * @throws {AgentError} SANDBOX_UNAVAILABLE when it is not in force afterwards.
 */
export function installFilter(
  deno: DenoRuntime,
  architecture: SeccompArchitecture,
  filter: Uint8Array,
): void {
  withCalls(deno, architecture, (call) => install(deno, call, filter));
}

function install(deno: DenoRuntime, call: SystemCall, filter: Uint8Array): void {
  const program = filterProgram(deno, filter);
  if (call("getppid") < 0) {
    throw unlockable("the call that would show the lock is refused already");
  }
  if (call("prctl", setNoNewPrivileges, 1) !== 0) {
    throw unlockable("PR_SET_NO_NEW_PRIVS was refused");
  }
  const result = call("seccomp", setModeFilter, synchronizeThreads, addressOf(deno, program));
  // Above zero it is the thread that could not be made to follow; then no thread is locked.
  if (result !== 0) {
    throw unlockable(`seccomp answered ${result}`);
  }
  // getppid cannot fail but by a filter, so its failure shows that this one is in force.
  if (call("getppid") !== -1) {
    throw unlockable("seccomp answered 0, and a call it refuses still works");
  }
}

/** `struct sock_fprog`: a count of 16 bits, padding, and the address of the instructions. */
function filterProgram(deno: DenoRuntime, filter: Uint8Array): ArrayBuffer {
  const memory = new ArrayBuffer(16);
  const view = new DataView(memory);
  const address = deno.UnsafePointer.value(deno.UnsafePointer.of(filter));
  view.setUint16(0, filter.length / instructionBytes, true);
  view.setBigUint64(8, BigInt(address), true);
  return memory;
}

/** Of memory that never moves: a small array without a buffer of its own lies where V8 moves things. */
function addressOf(deno: DenoRuntime, memory: ArrayBuffer): bigint {
  return BigInt(deno.UnsafePointer.value(deno.UnsafePointer.of(new Uint8Array(memory))));
}

function withCalls(
  deno: DenoRuntime,
  architecture: SeccompArchitecture,
  use: (call: SystemCall) => void,
): void {
  const library = deno.dlopen<CLibrary>(cLibraryName, libraryFunctions);
  try {
    use((name, ...args) => {
      const unused = new Array<number>(argumentCount - args.length).fill(0);
      return Number(library.symbols.syscall(lockCalls[architecture][name], ...args, ...unused));
    });
  } finally {
    library.close();
  }
}

/** Deno names architectures as compilers do, the project as Node does. */
function architectureOf(deno: DenoRuntime): SeccompArchitecture {
  switch (deno.build.arch) {
    case "x86_64":
      return "x64";
    case "aarch64":
      return "arm64";
    default:
      throw unlockable(`there is no filter for ${deno.build.arch}`);
  }
}

function unlockable(reason: string): AgentError {
  return new AgentError(
    "SANDBOX_UNAVAILABLE",
    `Locking the process: ${reason}; a lock in force is wanted; run autodidact sandbox status.`,
    { blame: "environment" },
  );
}
