import type { HostileProgram } from "./hostile-program.ts";
import { pythonAttacks } from "./python-attack.ts";

/** A program that counts as through when one system call answers anything but an error. */
function answered(
  name: string,
  goal: string,
  numbers: readonly [x64: number, arm64: number],
  ...args: readonly string[]
): Parameters<typeof pythonAttacks>[1][number] {
  const body = `
import ctypes, struct
answer = system_call(${[...numbers, ...args].join(", ")})
said.append(answer)
if answer >= 0:
    reached()`;
  return { name, goal, body };
}

/** Whatever the calls answer: whether there is a lock, the kernel says outside. */
function locking(name: string, goal: string, statement: string) {
  const body = `
import fcntl, os, struct
held = globals()["held"] = []
for path in (world["canaryPath"], "/etc/ld.so.cache", os.__file__):
    def lock():
        file = open(path)
        held.append(file)
        return ${statement}
    attempt(lock)`;
  return { name, goal, body, reachesBare: true } as const;
}

export const pythonSystemCalls: readonly HostileProgram[] = pythonAttacks("system-call", [
  {
    name: "open-by-number",
    goal: "a file outside by the numbers of open, openat and read",
    reachesBare: true,
    body: `
import ctypes
for numbers, arguments in (((2, -1), (world["canaryPath"].encode(), 0, 0)), ((257, 56), (-100, world["canaryPath"].encode(), 0, 0))):
    def road():
        number = system_call(*numbers, *arguments)
        buffer = ctypes.create_string_buffer(100)
        return number, system_call(0, 63, number, buffer, 100), buffer.value
    attempt(road)`,
  },
  {
    name: "open-by-openat2",
    goal: "a file outside by openat2, which older filters do not know",
    reachesBare: true,
    body: `
import ctypes, struct
number = system_call(437, 437, -100, world["canaryPath"].encode(), struct.pack("<3Q", 0, 0, 0), 24)
buffer = ctypes.create_string_buffer(100)
system_call(0, 63, number, buffer, 100)
return number, buffer.value`,
  },
  {
    name: "open-by-handle",
    goal: "any file of the disk by a handle, past every mount",
    body: `
import ctypes, struct
handle = ctypes.create_string_buffer(struct.pack("<Ii", 128, 0) + bytes(128))
mount = ctypes.c_int()
said.append(system_call(303, 264, -100, b"/", handle, ctypes.byref(mount), 0))
# The root folder of a usual disk has inode 2; ext4 and xfs take these handles.
for kind, inner in ((1, struct.pack("<II", 2, 0)), (0x81, struct.pack("<QI", 128, 0))):
    guess = ctypes.create_string_buffer(struct.pack("<Ii", len(inner), kind) + inner)
    number = system_call(304, 265, -100, guess, 0)
    said.append(number)
    if number >= 0:
        reached()`,
  },
  {
    name: "read-process-memory",
    goal: "the memory of a process of the host by process_vm_readv",
    body: `
import ctypes, struct
text = ctypes.create_string_buffer(64)
local = struct.pack("<QQ", ctypes.addressof(text), 64)
for address in (0x400000, 0x555555554000, 0x7ffffffde000):
    for pid in (world["victimPid"], world["hostPid"]):
        answer = system_call(310, 270, pid, local, 1, struct.pack("<QQ", address, 64), 1, 0)
        said.append(answer)
        # EFAULT: it was allowed to look, only not there.
        if answer > 0 or answer == -14:
            reached()`,
    reachesBare: true,
  },
  {
    name: "ptrace-attach",
    goal: "a process of the host taken over by ptrace",
    reachesBare: true,
    body: `
for request in (0x4206, 16):
    for pid in (world["victimPid"],):
        answer = system_call(101, 117, request, pid, 0, 0)
        said.append(answer)
        if answer == 0:
            reached()`,
  },
  answered("ptrace-traceme", "an answer of ptrace at all", [101, 117], "0", "0", "0", "0"),
  answered(
    "io-uring",
    "system calls past the filter, by io_uring",
    [425, 425],
    "2",
    "ctypes.create_string_buffer(120)",
  ),
  answered(
    "bpf-map",
    "a map or program in the kernel by bpf",
    [321, 280],
    "0",
    'struct.pack("<5I", 2, 4, 4, 1, 0) + bytes(100)',
    "120",
  ),
  answered("userfaultfd", "page faults answered by the program", [323, 282], "1"),
  answered(
    "perf-events",
    "the processor's counters by perf_event_open",
    [298, 241],
    'struct.pack("<2I", 1, 112) + bytes(104)',
    "0",
    "-1",
    "-1",
    "0",
  ),
  {
    name: "keyring",
    goal: "a key in the kernel's keyring, which outlives the run",
    twice: true,
    body: `
import ctypes
description = b"autodidact-hostile"
found = system_call(249, 218, b"user", description, None, 0)
added = system_call(248, 217, b"user", description, b"text", 4, -4)
said.extend([found, added, system_call(250, 219, 0, -3, 0)])
if found > 0:
    print("survived")
if added > 0:
    reached()`,
  },
  answered(
    "unshare-user",
    "a user namespace of its own, in which it is root",
    [272, 97],
    "0x10000000",
  ),
  answered("unshare-network", "a network namespace of its own", [272, 97], "0x40000000"),
  {
    name: "enter-namespace",
    goal: "the host's namespaces by setns",
    body: `
import os
for who in (str(world["hostPid"]), str(world["victimPid"]), "1", str(os.getppid())):
    for kind in ("mnt", "net", "pid", "user"):
        def enter():
            number = os.open("/proc/" + who + "/ns/" + kind, os.O_RDONLY)
            if system_call(308, 268, number, 0) == 0:
                reached()
        attempt(enter)`,
  },
  answered(
    "mount-tmpfs",
    "a file system of its own, mounted",
    [165, 40],
    'b"none"',
    'b"/tmp"',
    'b"tmpfs"',
    "0",
    "None",
  ),
  {
    name: "mount-again-writable",
    goal: "a read-only part of the sandbox's disk made writable",
    body: `
for path in (b"/", b"/usr", b"/proc", b"/dev", b"/sys"):
    answer = system_call(165, 40, b"none", path, None, 32 | 4096, None)
    said.append(answer)
    if answer == 0:
        reached()`,
  },
  {
    name: "new-mount-calls",
    goal: "a copy of the disk by open_tree, move_mount, fsopen or fspick",
    body: `
for numbers, arguments in (((428, 428), (-100, b"/", 1)), ((430, 430), (b"tmpfs", 0)), ((433, 433), (-100, b"/", 0)), ((442, 442), (-100, b"/", 0, bytes(32), 32))):
    answer = system_call(*numbers, *arguments)
    said.append(answer)
    if answer >= 0:
        reached()`,
  },
  {
    name: "pivot-root",
    goal: "another root folder by pivot_root, chroot or a descriptor of the old one",
    body: `
import os
os.makedirs("new/old", exist_ok=True)
for numbers, arguments in (((155, 41), (b"new", b"new/old")), ((161, 51), (b".",))):
    answer = system_call(*numbers, *arguments)
    said.append(answer)
    if answer == 0:
        reached()`,
  },
  {
    name: "unmount",
    goal: "what a mount hides, by taking it away",
    body: `
for path in (b"/tmp", b"/proc", b"/dev", b"/work", b"/usr"):
    answer = system_call(166, 39, path, 2)
    said.append(answer)
    if answer == 0:
        reached()`,
  },
  {
    name: "make-device",
    goal: "a device node of the disk or of the kernel's memory",
    body: `
import os, stat
for name, major, minor in (("mem", 1, 1), ("disk", 8, 0), ("disk2", 254, 0)):
    def make():
        answer = system_call(133, -1, name.encode(), stat.S_IFBLK | 0o600, os.makedev(major, minor))
        said.append(answer)
        if answer == 0:
            reached()
    attempt(make)`,
  },
  {
    name: "kernel-modules",
    goal: "code in the kernel by init_module, finit_module or kexec_load",
    body: `
# Each is refused to who may not (EPERM) before its arguments are looked at.
for numbers, arguments in (((175, 105), (b"", 0, b"")), ((313, 273), (-1, b"", 0)), ((246, 104), (0, 0, None, 0xdead)), ((320, 294), (-1, -1, 0, b"", 0xdead)), ((176, 106), (b"no_such_module", 0))):
    answer = system_call(*numbers, *arguments)
    said.append(answer)
    if answer not in (-1, -38, -13):
        reached()`,
  },
  {
    name: "machine-state",
    goal: "the machine's clock, name, swap space, quotas or power",
    body: `
# With arguments that change nothing where they are allowed: only EPERM and ENOSYS are a refusal.
for numbers, arguments in (((169, 142), (1, 2, 3, None)), ((167, 224), (b"/no-such-file", 0)), ((168, 225), (b"/no-such-file",)), ((164, 170), (None, None)), ((163, 89), (b"/no-such-file",)), ((159, 171), (b"\\xff" * 208,))):
    answer = system_call(*numbers, *arguments)
    said.append(answer)
    if answer not in (-1, -38):
        reached()`,
  },
  answered("set-host-name", "another name for the machine", [170, 161], 'b"hostile"', "7"),
  answered(
    "kernel-log",
    "the kernel's log by syslog",
    [103, 116],
    "3",
    "ctypes.create_string_buffer(4096)",
    "4096",
  ),
  answered("port-permission", "the machine's input and output ports by iopl", [172, -1], "3"),
  answered(
    "local-descriptors",
    "a segment of one's own by modify_ldt",
    [154, -1],
    "1",
    'struct.pack("<4I", 0, 0, 0xfffff, 0x51)',
    "16",
  ),
  {
    name: "personality",
    goal: "a process without the kernel's protection of its memory",
    body: `
system_call(135, 92, 0x0040000 | 0x0400000)
state = system_call(135, 92, 0xffffffff)
said.append(state)
if state > 0 and state & 0x0440000:
    reached()`,
  },
  {
    name: "identity",
    goal: "more rights by setuid, setgid, setgroups or capset",
    body: `
import ctypes, struct
for numbers, arguments in (((105, 146), (0,)), ((106, 144), (0,)), ((117, 147), (0, 0, 0)), ((116, 159), (1, struct.pack("<I", 0)))):
    said.append(system_call(*numbers, *arguments))
header, everything = struct.pack("<Ii", 0x20080522, 0), struct.pack("<6I", *[0xffffffff] * 6)
said.append(system_call(126, 91, header, everything))
# Rights count only where something that needs them is answered.
if system_call(161, 51, b".") == 0:
    reached()`,
  },
  {
    name: "loosen-filter",
    goal: "the kernel's filter taken off or replaced by one that allows all",
    reachesBare: true,
    body: `
import ctypes, struct
program = ctypes.create_string_buffer(struct.pack("<HBBI", 6, 0, 0, 0x7fff0000))
filter = struct.pack("<HxxxxxxQ", 1, ctypes.addressof(program))
said.append(system_call(157, 167, 38, 0, 0, 0, 0))
said.append(system_call(157, 167, 22, 0, 0, 0, 0))
said.append(system_call(317, 277, 1, 1, filter))
said.append(system_call(157, 167, 22, 2, filter, 0, 0))
number = system_call(41, 198, 2, 1, 0)
address = struct.pack("<H", 2) + struct.pack(">H", world["tcpPort"]) + bytes([127, 0, 0, 1]) + bytes(8)
said.append(system_call(42, 203, number, address, 16))`,
  },
  {
    name: "lift-limits",
    goal: "no limit on memory, files and processes any more",
    body: `
import resource
for kind in (resource.RLIMIT_NPROC, resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE, resource.RLIMIT_CPU, resource.RLIMIT_DATA, resource.RLIMIT_AS):
    def lift():
        soft, hard = resource.getrlimit(kind)
        if hard != resource.RLIM_INFINITY:
            resource.setrlimit(kind, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            reached()
        return soft, hard
    attempt(lift)
def lift_for_host():
    resource.prlimit(world["victimPid"], resource.RLIMIT_NOFILE, (4, 4))
    reached()
attempt(lift_for_host)`,
  },
  {
    name: "process-descriptors",
    goal: "a process of the host by pidfd_open, its descriptors by pidfd_getfd",
    reachesBare: true,
    body: `
for pid in (world["hostPid"], world["victimPid"]):
    number = system_call(434, 434, pid, 0)
    said.append(number)
    if number >= 0:
        said.append(system_call(438, 438, number, 0, 0))
        # Signal 0 does nothing but ask whether one could be sent.
        if system_call(424, 424, number, 0, None, 0) == 0:
            reached()`,
  },
  {
    name: "foreign-architecture",
    goal: "system calls under the numbers of another architecture",
    body: `
import ctypes, mmap, os
if os.uname().machine != "x86_64":
    raise OSError("there is none to try")
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
# 32-bit fork by int 0x80, then return; and x32 getpid of the same kind.
code = bytes([0x53, 0xB8, 2, 0, 0, 0, 0xCD, 0x80, 0x5B, 0xC3])
page.write(code)
call = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
answer = call()
if answer == 0:
    os._exit(0)
if answer > 0:
    reached()
answer = system_call(0x40000000 + 57, 0x40000000)
if answer == 0:
    os._exit(0)
if answer > 0:
    reached()`,
  },
  locking(
    "lock-by-flock",
    "a lock that others wait for, on a file of the host that may be read",
    "fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)",
  ),
  locking(
    "lock-by-fcntl",
    "a lock that writers of the host wait for, on a file that may be read",
    "fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB)",
  ),
  locking(
    "lock-open-description",
    "the like by a lock of an open file description",
    'fcntl.fcntl(file, 37, struct.pack("hhqqi4x", 0, 0, 0, 0, 0))',
  ),
  {
    name: "watch-host",
    goal: "what others do with files, by fanotify or the audit and trace files",
    body: `
answer = system_call(300, 262, 0, 0)
said.append(answer)
if answer >= 0:
    reached()
for path in ("/sys/kernel/debug/tracing/trace", "/sys/kernel/tracing/trace_marker", "/dev/kmsg", "/dev/mem", "/proc/kcore", "/proc/kallsyms"):
    def look():
        with open(path, "rb") as file:
            if file.read(64):
                reached()
    if path != "/proc/kallsyms":
        attempt(look)`,
  },
]);
