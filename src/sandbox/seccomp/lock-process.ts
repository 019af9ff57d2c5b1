import { AgentError } from "../../shared/errors.ts";
import type { DenoRuntime } from "../deno-runtime.ts";
import type { SandboxPolicy } from "../policy.ts";
import { seccompFilter } from "./filter.ts";
import { lockArgument } from "./lock-argument.ts";
import type { SeccompArchitecture } from "./system-calls.ts";

type CFunction = (...args: readonly (number | bigint | ArrayBufferView)[]) => number | bigint;

interface CLibrary {
  readonly getrlimit: CFunction;
  readonly prctl: CFunction;
  readonly seccomp: CFunction;
  readonly plainCall: CFunction;
}

/** A bare name, since a path in `--allow-ffi=` does not match it; Deno for Linux stands on glibc. */
const cLibraryName = "libc.so.6";
const libraryFunctions = {
  getrlimit: { parameters: ["i32", "buffer"], result: "i32" },
  prctl: { parameters: ["i32", "u64", "u64", "u64", "u64"], result: "i32" },
  seccomp: { name: "syscall", parameters: ["i64", "u64", "u64", "buffer"], result: "i64" },
  plainCall: { name: "syscall", parameters: ["i64"], result: "i64" },
};

/** Numbers of the two calls the lock itself makes, neither of which it leaves allowed. */
const lockCalls: Readonly<Record<SeccompArchitecture, { seccomp: number; getppid: number }>> = {
  x64: { seccomp: 317, getppid: 110 },
  arm64: { seccomp: 277, getppid: 173 },
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
  withLibrary(deno, (libc) => {
    for (const limit of limitsOf(policy)) {
      requireLimit(libc, limit);
    }
  });
  installFilter(deno, architecture, seccompFilter("deno", architecture, deno.pid).bytes);
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

function requireLimit(libc: CLibrary, { name, resource, highest }: ResourceLimit): void {
  /** `struct rlimit`: what holds now, and how far the process itself could raise it. */
  const limits = new BigUint64Array(2);
  const result = Number(libc.getrlimit(resource, limits));
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
  const { seccomp, getppid } = lockCalls[architecture];
  const program = filterProgram(deno, filter);
  withLibrary(deno, (libc) => {
    if (Number(libc.plainCall(getppid)) < 0) {
      throw unlockable("the call that would show the lock is refused already");
    }
    if (Number(libc.prctl(setNoNewPrivileges, 1, 0, 0, 0)) !== 0) {
      throw unlockable("PR_SET_NO_NEW_PRIVS was refused");
    }
    const result = Number(libc.seccomp(seccomp, setModeFilter, synchronizeThreads, program));
    // Above zero it is the thread that could not be made to follow; then no thread is locked.
    if (result !== 0) {
      throw unlockable(`seccomp answered ${result}`);
    }
    // getppid cannot fail but by a filter, so its failure shows that this one is in force.
    if (Number(libc.plainCall(getppid)) !== -1) {
      throw unlockable("seccomp answered 0, and a call it refuses still works");
    }
  });
}

/** `struct sock_fprog`: a count of 16 bits, padding, and the address of the instructions. */
function filterProgram(deno: DenoRuntime, filter: Uint8Array): Uint8Array {
  const program = new Uint8Array(16);
  const view = new DataView(program.buffer);
  const address = deno.UnsafePointer.value(deno.UnsafePointer.of(filter));
  view.setUint16(0, filter.length / instructionBytes, true);
  view.setBigUint64(8, BigInt(address), true);
  return program;
}

function withLibrary(deno: DenoRuntime, use: (libc: CLibrary) => void): void {
  const library = deno.dlopen<CLibrary>(cLibraryName, libraryFunctions);
  try {
    use(library.symbols);
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
