import { describe, expect, it } from "vitest";
import { runFilter } from "../../../test/support/bpf-interpreter.ts";
import { noProcess, seccompFilter } from "./filter.ts";
import {
  type AllowedCall,
  callsOf,
  type SeccompArchitecture,
  type SeccompProfile,
} from "./system-calls.ts";

const allowed = 0x7f_ff_00_00;
const killed = 0x80_00_00_00;
const pretended = 0x00_05_00_00;
const notPermitted = 0x00_05_00_01;
const notImplemented = 0x00_05_00_26;
const ownPid = 4_321;
const auditArchitectures = { x64: 0xc0_00_00_3e, arm64: 0xc0_00_00_b7 };
/** 32-bit x86, 32-bit ARM, RISC-V: what a 64-bit kernel may also run. */
const foreignArchitectures = [0x40_00_00_03, 0x40_00_00_28, 0xc0_00_00_f3];
const clone3 = 435;
const cloneNumbers = { x64: 56, arm64: 220 };
/** What pthread_create of glibc and of musl asks for. */
const threadFlags = [0x3d_0f_00n, 0x7d_0f_00n];

const profiles: readonly SeccompProfile[] = ["deno", "cpython"];
const architectures: readonly SeccompArchitecture[] = ["x64", "arm64"];
const filters = profiles.flatMap((profile) =>
  architectures.map((architecture) => ({ profile, architecture })),
);

function asker(profile: SeccompProfile, architecture: SeccompArchitecture, pid = ownPid) {
  const { bytes } = seccompFilter(profile, architecture, pid);
  const calls = new Map(callsOf(profile).map((call) => [call.name, call]));
  const byNumber = (number: number, ...args: bigint[]): number =>
    runFilter(bytes, { auditArchitecture: auditArchitectures[architecture], number, args });
  const byName = (name: string, ...args: bigint[]): number =>
    byNumber(calls.get(name)?.[architecture] ?? Number.NaN, ...args);
  return { bytes, byNumber, byName };
}

/** Arguments that keep the rules of a call: of each rule the value at `choice`, or its last. */
function keeping(call: AllowedCall, choice: number): bigint[] {
  const args = [0n, 0n, 0n, 0n, 0n, 0n];
  for (const { argument, values } of call.rules) {
    const value = values[Math.min(choice, values.length - 1)] ?? 0;
    args[argument] = BigInt(value === "own-pid" ? ownPid : value);
  }
  return args;
}

describe.each(filters)("seccompFilter $profile $architecture", ({ profile, architecture }) => {
  const { bytes, byNumber, byName } = asker(profile, architecture);
  const clone = cloneNumbers[architecture];
  const listed = callsOf(profile).filter((call) => call[architecture] !== undefined);

  it("seccompFilter() allows every listed call when its arguments keep its rules", () => {
    const made = listed.filter(({ pretends }) => pretends !== "always");
    const refused = made.flatMap((call) => {
      const choices = Math.max(1, ...call.rules.map((rule) => rule.values.length));
      return Array.from({ length: choices }, (_, choice) => choice)
        .filter(
          (choice) => byNumber(call[architecture] ?? -1, ...keeping(call, choice)) !== allowed,
        )
        .map((choice) => `${call.name} choice ${choice}`);
    });
    expect(listed.length).toBeGreaterThan(40);
    expect(refused).toEqual([]);
  });

  it("seccompFilter() refuses every other call when its number is up to 600", () => {
    const numbers = new Set(listed.map((call) => call[architecture]));
    const wrong = Array.from({ length: 601 }, (_, number) => number)
      .filter((number) => !numbers.has(number) && number !== clone3)
      .filter((number) => byNumber(number) !== notPermitted);
    expect(wrong).toEqual([]);
  });

  it("seccompFilter() refuses a ruled call when one argument has another value or upper half", () => {
    const passed = listed.flatMap((call) =>
      call.rules.flatMap((rule) => {
        const kept = keeping(call, 0);
        return [(kept[rule.argument] ?? 0n) + (1n << 32n), 0x7e_7e_7e_7en, -1n]
          .filter((value) => {
            const args = kept.with(rule.argument, value);
            return byNumber(call[architecture] ?? -1, ...args) !== notPermitted;
          })
          .map((value) => `${call.name} argument ${rule.argument}: ${value}`);
      }),
    );
    expect(listed.filter((call) => call.rules.length > 0).length).toBeGreaterThan(4);
    expect(passed).toEqual([]);
  });

  it("seccompFilter() lets Deno alone create threads, and nobody a process or a namespace, when clone is called", () => {
    const answer = profile === "deno" ? allowed : notPermitted;
    expect(threadFlags.map((flags) => byNumber(clone, flags))).toEqual([answer, answer]);
    // SIGCHLD alone (fork), vfork's, and a thread's with a new user or mount namespace.
    const others = [0x11n, 0x41_11n, 0x10_3d_0f_00n, 0x02_3d_0f_00n, 0x3c_0f_00n];
    expect(others.map((flags) => byNumber(clone, flags))).toEqual(others.map(() => notPermitted));
    expect(byNumber(clone3)).toBe(notImplemented);
  });

  it("seccompFilter() lets signals reach the own process alone when its id is given", () => {
    for (const name of ["kill", "tgkill"]) {
      expect(byName(name, BigInt(ownPid), 9n, 9n)).toBe(allowed);
      const others = [0n, 1n, -1n, BigInt(ownPid + 1), BigInt(-ownPid), 0xff_ff_ff_ffn];
      expect(others.map((pid) => byName(name, pid, 9n))).toEqual(others.map(() => notPermitted));
    }
  });

  it("seccompFilter() pretends locks, and nothing else, when a process may ask for one", () => {
    const commands = Array.from({ length: 1_100 }, (_, command) => command);
    const found = commands.filter((command) => byName("fcntl", 3n, BigInt(command)) === pretended);
    expect(found).toEqual(profile === "cpython" ? [6, 7] : []);
    expect(byName("fcntl", 3n, (1n << 32n) + 6n)).toBe(notPermitted);
    expect(byNumber({ x64: 73, arm64: 32 }[architecture], 3n, 2n)).toBe(
      profile === "cpython" ? pretended : notPermitted,
    );
    const all = listed.filter(({ pretends }) => pretends !== undefined).map(({ name }) => name);
    expect(all).toEqual(profile === "cpython" ? ["flock", "fcntl"] : []);
  });

  it("seccompFilter() lets limits be read but never set when prlimit64 is called", () => {
    expect(byName("prlimit64", 0n, 7n, 0n, 64n)).toBe(allowed);
    expect(byName("prlimit64", 0n, 7n, 64n, 0n)).toBe(notPermitted);
    expect(byName("prlimit64", 1n, 7n, 0n, 64n)).toBe(notPermitted);
  });

  it("seccompFilter() kills the process when a call is of another architecture", () => {
    const answers = [...foreignArchitectures, ...Object.values(auditArchitectures)]
      .filter((foreign) => foreign !== auditArchitectures[architecture])
      .map((auditArchitecture) => runFilter(bytes, { auditArchitecture, number: 1 }));
    expect(answers).toEqual([killed, killed, killed, killed]);
  });
});

describe("seccompFilter", () => {
  it("seccompFilter() kills the process when a call of x64 has the bit of x32", () => {
    const { byNumber } = asker("cpython", "x64");
    const x32Calls = [0, 1, 59, 512, 520].map((number) => byNumber(0x40_00_00_00 + number));
    expect(x32Calls).toEqual([killed, killed, killed, killed, killed]);
  });

  it.each(filters)(
    "seccompFilter() names where the process id stands when $profile $architecture is patched",
    (which) => {
      const { profile, architecture } = which;
      const { bytes, pidOffsets } = seccompFilter(profile, architecture);
      expect(pidOffsets.length).toBeGreaterThan(1);
      const view = new DataView(bytes.buffer);
      const before = pidOffsets.map((offset) => view.getUint32(offset, true));
      expect(new Set(before)).toEqual(new Set([noProcess]));
      for (const offset of pidOffsets) {
        view.setUint32(offset, ownPid, true);
      }
      expect(bytes).toEqual(seccompFilter(profile, architecture, ownPid).bytes);
    },
  );

  it.each(filters)(
    "seccompFilter() lets no signal through when $profile $architecture is not",
    (which) => {
      const { byName } = asker(which.profile, which.architecture, noProcess);
      const pids = [0n, 1n, -1n, 2n, 4_194_304n, 0xff_ff_ff_ffn];
      expect(pids.map((pid) => byName("kill", pid, 9n))).toEqual(pids.map(() => notPermitted));
    },
  );

  it("seccompFilter() has no call of the dangerous kinds when any profile is built", () => {
    const dangerous =
      /^(socket|connect|bind|listen|accept4?|sendmsg|recvmsg|execve(at)?|v?fork|clone3|ptrace|bpf|io_uring.*|userfaultfd|keyctl|add_key|request_key|u?mount.*|unshare|setns|process_vm_.*|kexec.*|perf_event_open|memfd_.*|pidfd_.*|seccomp|setrlimit|chroot|pivot_root|mknod(at)?|set.*id|capset|.*_module|open_by_handle_at|tkill|rt_(tg)?sigqueueinfo|personality|setpriority)$/;
    const names = profiles.flatMap((profile) => callsOf(profile).map(({ name }) => name));
    expect(names.filter((name) => dangerous.test(name))).toEqual([]);
  });

  it.each(profiles)(
    "callsOf() lists each call once, with a reason, when the profile is %s",
    (profile) => {
      const calls = callsOf(profile);
      expect(calls.filter(({ why }) => why.length < 8)).toEqual([]);
      const names = calls.map(({ name }) => name);
      expect(names).toEqual([...new Set(names)]);
      for (const architecture of architectures) {
        const values = calls.flatMap((call) => call[architecture] ?? []);
        expect(values).toEqual([...new Set(values)]);
      }
    },
  );
});
