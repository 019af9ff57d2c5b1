import { devices } from "../bubblewrap/namespace-arguments.ts";
import { maxValueDepth, protocolVersion } from "../protocol.ts";
import type { SeccompFilter } from "../seccomp/filter.ts";
import type { SeccompArchitecture } from "../seccomp/system-calls.ts";

const mebibyte = 1024 * 1024;

/**
 * What a native CPython may use, as data; the kernel enforces it even when the host is dead. Address
 * space is limited, not data: it bounds shared memory too, and CPython reserves little it does not use.
 */
export const nativePythonPolicy = {
  maxAddressSpaceMebibytes: 512,
  /** Of one file. */
  maxFileMebibytes: 64,
  // The last resort beneath the host's own clock: the longest timeout that can be configured.
  maxCpuSeconds: 660,
  maxOpenFiles: 64,
  /** The folders that exist in memory only: their bytes, and how many files each may hold. */
  folders: [
    { path: "/work", bytes: 64 * mebibyte, files: 4_096 },
    { path: "/tmp", bytes: 16 * mebibyte, files: 4_096 },
    { path: "/skill", bytes: 16 * mebibyte, files: 4_096 },
  ],
  writableFolders: ["/work", "/tmp"],
} as const;

/** The kernel's limits of the process by their number there: the most that each may allow. */
const resourceLimits = [
  // CPU, in seconds.
  [0, nativePythonPolicy.maxCpuSeconds],
  // FSIZE, in bytes.
  [1, nativePythonPolicy.maxFileMebibytes * mebibyte],
  // CORE, in bytes.
  [4, 0],
  // NOFILE.
  [7, nativePythonPolicy.maxOpenFiles],
  // AS, in bytes.
  [9, nativePythonPolicy.maxAddressSpaceMebibytes * mebibyte],
] as const;

/** Numbers of the calls the process makes to lock itself; the Landlock ones are everywhere alike. */
const systemCalls: Readonly<Record<SeccompArchitecture, Readonly<Record<string, number>>>> = {
  x64: { mount: 165, capset: 126, prctl: 157, seccomp: 317, unshare: 272, prlimit64: 302 },
  arm64: { mount: 40, capset: 91, prctl: 167, seccomp: 277, unshare: 97, prlimit64: 261 },
};
const landlockCalls = { landlock_add_rule: 445, landlock_restrict_self: 446 };

/** The harness's second argument, as JSON: everything it must know that the host decides. */
export function nativeConfiguration(
  architecture: SeccompArchitecture,
  filter: SeccompFilter,
): string {
  const { folders, writableFolders } = nativePythonPolicy;
  return JSON.stringify({
    protocolVersion,
    maxValueDepth,
    // A host that waits for the process asks within a few milliseconds.
    idleSeconds: 0.02,
    systemCalls: { ...systemCalls[architecture], ...landlockCalls },
    filterBase64: Buffer.from(filter.bytes).toString("base64"),
    pidOffsets: filter.pidOffsets,
    resourceLimits,
    folderBounds: Object.fromEntries(
      folders.map(({ path, bytes, files }) => [path, `size=${bytes},nr_inodes=${files}`]),
    ),
    writableFolders,
    devices,
  });
}
