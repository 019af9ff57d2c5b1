/** Which processes a filter is for; see `callsOf`. */
export type SeccompProfile = "deno" | "cpython";
/** As Node names them. */
export type SeccompArchitecture = "x64" | "arm64";

/** An argument, counted from 0, and the only values it may have; all below 2^32. */
export interface ArgumentRule {
  readonly argument: number;
  readonly values: readonly (number | "own-pid")[];
}

/** A system call that is allowed, under all of its rules. What no entry allows answers EPERM. */
export interface AllowedCall {
  readonly name: string;
  /** Its number; absent where the architecture has no such call. */
  readonly x64: number | undefined;
  readonly arm64: number | undefined;
  readonly why: string;
  readonly rules: readonly ArgumentRule[];
  /** When it answers success and the kernel does nothing; looked at before the rules. */
  readonly pretends?: ArgumentRule | "always";
}

const none = undefined;

function call(
  name: string,
  x64: number | undefined,
  arm64: number | undefined,
  why: string,
  rules: readonly ArgumentRule[] = [],
): AllowedCall {
  return { name, x64, arm64, why, rules };
}

function pretending(pretends: ArgumentRule | "always", made: AllowedCall): AllowedCall {
  return { ...made, pretends };
}

function only(argument: number, ...values: readonly (number | "own-pid")[]): ArgumentRule {
  return { argument, values };
}

/**
 * CLONE_VM, FS, FILES, SIGHAND, THREAD, SYSVSEM, SETTLS, PARENT_SETTID and CHILD_CLEARTID: what a
 * thread is created with, and nothing that makes a process or a namespace. The second is musl's.
 */
const threadFlags = [0x3d_0f_00, 0x7d_0f_00];

/** PR_SET_NAME, PR_GET_NAME and PR_SET_VMA: names of threads and of memory areas. */
const namingOptions = [15, 16, 0x53_56_4d_41];

/** Ordered by how often they are made: an older kernel compares them one after the other. */
const eventCalls = [
  call("futex", 202, 98, "threads wait for each other"),
  call("read", 0, 63, "the protocol comes in by stdin"),
  call("write", 1, 64, "the protocol goes out by stdout; waking an event loop"),
  call("epoll_wait", 232, none, "the event loop waits"),
  call("epoll_pwait", 281, 22, "the event loop waits"),
  call("epoll_ctl", 233, 21, "the event loop changes what it waits for"),
  call("poll", 7, none, "waiting for one descriptor"),
  call("ppoll", 271, 73, "waiting for one descriptor"),
  // Deno's signal thread would abort the process without; no socket can be made or connected.
  call("recvfrom", 45, 207, "reads from an unnamed pair of its own: signals, asyncio"),
  call("sendto", 44, 206, "writes to that pair; names no address", [only(4, 0), only(5, 0)]),
  call("readv", 19, 65, "read in several buffers"),
  call("writev", 20, 66, "write from several buffers"),
  call("close", 3, 57, "what was open before may be closed"),
];

const memoryCalls = [
  call("mmap", 9, 222, "heap, stacks and compiled code; no file can be opened to map"),
  call("munmap", 11, 215, "gives memory back"),
  call("mprotect", 10, 226, "compiled code becomes executable; wasm memory grows"),
  call("madvise", 28, 233, "gives pages back and keeps the addresses"),
  call("mremap", 25, 216, "realloc of large blocks"),
  call("brk", 12, 214, "the heap of libc grows"),
  call("pkey_alloc", 330, 289, "V8 guards compiled code by a protection key"),
  call("pkey_free", 331, 290, "V8 guards compiled code by a protection key"),
  call("pkey_mprotect", 329, 288, "V8 guards compiled code by a protection key"),
  call("membarrier", 324, 283, "V8 makes threads see code that was changed"),
];

const timeCalls = [
  call("clock_gettime", 228, 113, "clocks, where the vDSO cannot answer"),
  call("clock_getres", 229, 114, "how fine a clock is"),
  call("clock_nanosleep", 230, 115, "sleeping"),
  call("nanosleep", 35, 101, "sleeping"),
  call("gettimeofday", 96, 169, "clocks, where the vDSO cannot answer"),
  call("time", 201, none, "clocks, where the vDSO cannot answer"),
  call("times", 100, 153, "processor time used so far"),
  call("getrusage", 98, 165, "processor time and memory used so far"),
];

const threadCalls = [
  call("set_robust_list", 273, 99, "libc prepares a new thread"),
  call("rseq", 334, 293, "libc prepares a new thread"),
  call("sched_yield", 24, 124, "a spinning thread lets others run"),
  call("sched_getaffinity", 204, 123, "how many processors there are; where a stack begins"),
  call("sched_getparam", 143, 121, "V8's locks ask for a thread's priority, or abort"),
  call("sched_getscheduler", 145, 120, "V8's locks ask for a thread's priority, or abort"),
  call("getcpu", 309, 168, "which processor a thread is on, for allocators"),
  call("gettid", 186, 178, "a thread's own number"),
  call("getpid", 39, 172, "the process's own number"),
  call("prctl", 157, 167, "names of threads and memory", [only(0, ...namingOptions)]),
  call("exit", 60, 93, "a thread ends"),
  call("exit_group", 231, 94, "the process ends"),
];

const signalCalls = [
  call("rt_sigaction", 13, 134, "handlers of its own signals: traps of wasm, abort"),
  call("rt_sigprocmask", 14, 135, "a new thread blocks signals while it starts"),
  call("rt_sigreturn", 15, 139, "the way back from a handler"),
  call("sigaltstack", 131, 132, "stack overflow is handled on another stack"),
  call("restart_syscall", 219, 128, "the kernel itself resumes an interrupted sleep with it"),
  call("tgkill", 234, 131, "abort and thread signals; its own process alone", [only(0, "own-pid")]),
  call("kill", 62, 129, "a signal to itself; its own process alone", [only(0, "own-pid")]),
];

const machineCalls = [
  call("getrandom", 318, 278, "random numbers, seeds of hash tables"),
  call("getrlimit", 97, 163, "how much stack or memory there is; sets nothing"),
  call("prlimit64", 302, 261, "getrlimit of today: of itself, and without new limits", [
    only(0, 0, "own-pid"),
    only(2, 0),
  ]),
];

/** Of any process that has everything loaded: it opens nothing, no file and no connection. */
const processCalls: readonly AllowedCall[] = [
  ...eventCalls,
  ...memoryCalls,
  ...timeCalls,
  ...threadCalls,
  ...signalCalls,
  ...machineCalls,
];

/** F_DUPFD_CLOEXEC. */
const duplicateCommand = 1030;

const denoCalls: readonly AllowedCall[] = [
  ...processCalls,
  call("clone", 56, 220, "a new thread of this process", [only(0, ...threadFlags)]),
  call("fcntl", 72, 25, "Deno reads from a duplicate of stdin", [only(1, duplicateCommand)]),
];

/** F_DUPFD, GETFD, SETFD, GETFL, SETFL, GETLK, DUPFD_CLOEXEC; never SETOWN, which sends signals. */
const descriptorCommands = [0, 1, 2, 3, 4, 5, duplicateCommand];
/**
 * F_SETLK and F_SETLKW. A lock on a file that is mounted from the host would be one on the host's own
 * file, and others would wait for it. This process is alone with its folders and has one thread, so that
 * whoever asks (sqlite3, mailbox) would be granted every lock; the kernel is not asked.
 */
const lockCommands = [6, 7];
/** TCGETS, TIOCGWINSZ, FIONBIO, FIONREAD, FIOCLEX and FIONCLEX; never TIOCSTI, which types. */
const deviceRequests = [0x54_01, 0x54_13, 0x54_21, 0x54_1b, 0x54_51, 0x54_50];
/** SOCK_STREAM, alone or with SOCK_CLOEXEC and SOCK_NONBLOCK. */
const pairTypes = [0x1, 0x8_00_01, 0x8_01, 0x8_08_01];

const readingCalls = [
  call("open", 2, none, "opens a file the mounts hold: modules, the work folder"),
  call("openat", 257, 56, "opens a file the mounts hold: modules, the work folder"),
  call("stat", 4, none, "import looks for modules; os.stat"),
  call("lstat", 6, none, "os.lstat"),
  call("fstat", 5, 80, "size of an open file"),
  call("newfstatat", 262, 79, "import looks for modules; os.stat"),
  call("statx", 332, 291, "os.stat of newer libraries"),
  call("getdents", 78, none, "os.listdir"),
  call("getdents64", 217, 61, "os.listdir, import"),
  call("lseek", 8, 62, "seek in an open file"),
  call("pread64", 17, 67, "read at a place: zipfile, sqlite"),
  call("preadv", 295, 69, "os.preadv"),
  call("preadv2", 327, 286, "os.preadv"),
  call("access", 21, none, "os.access"),
  call("faccessat", 269, 48, "os.access"),
  call("faccessat2", 439, 439, "os.access of newer libraries"),
  call("readlink", 89, none, "os.path.realpath"),
  call("readlinkat", 267, 78, "os.path.realpath"),
  call("getcwd", 79, 17, "os.getcwd"),
  call("chdir", 80, 49, "os.chdir in the work folder"),
  call("fchdir", 81, 50, "os.chdir in the work folder"),
  call("statfs", 137, 43, "shutil.disk_usage"),
  call("fstatfs", 138, 44, "shutil.disk_usage"),
  call("listxattr", 194, 11, "shutil.copy2 fails without; reads only"),
  call("llistxattr", 195, 12, "shutil.copy2 fails without; reads only"),
  call("flistxattr", 196, 13, "shutil.copy2 fails without; reads only"),
  call("getxattr", 191, 8, "shutil.copy2 fails without; reads only"),
  call("lgetxattr", 192, 9, "shutil.copy2 fails without; reads only"),
  call("fgetxattr", 193, 10, "shutil.copy2 fails without; reads only"),
  call("fadvise64", 221, 223, "a hint how a file will be read"),
];

const writingCalls = [
  call("creat", 85, none, "makes a file in the work folder"),
  call("pwrite64", 18, 68, "write at a place: sqlite"),
  call("pwritev", 296, 70, "os.pwritev"),
  call("pwritev2", 328, 287, "os.pwritev"),
  call("unlink", 87, none, "os.remove"),
  call("unlinkat", 263, 35, "os.remove, shutil.rmtree"),
  call("rename", 82, none, "os.replace"),
  call("renameat", 264, 38, "os.replace"),
  call("renameat2", 316, 276, "os.replace of newer libraries"),
  call("mkdir", 83, none, "os.mkdir"),
  call("mkdirat", 258, 34, "os.mkdir"),
  call("rmdir", 84, none, "os.rmdir"),
  call("link", 86, none, "os.link; the mounts bound where it can point"),
  call("linkat", 265, 37, "os.link; the mounts bound where it can point"),
  call("symlink", 88, none, "os.symlink; the mounts bound what it can reach"),
  call("symlinkat", 266, 36, "os.symlink; the mounts bound what it can reach"),
  call("truncate", 76, 45, "os.truncate"),
  call("ftruncate", 77, 46, "truncating an open file"),
  call("fallocate", 285, 47, "os.posix_fallocate, within the folder's size"),
  call("fsync", 74, 82, "os.fsync; sqlite"),
  call("fdatasync", 75, 83, "os.fdatasync; sqlite"),
  pretending("always", call("flock", 73, 32, "fcntl.flock: granted, never held")),
  call("chmod", 90, none, "shutil.copy; nothing runs what it marks executable"),
  call("fchmod", 91, 52, "shutil.copy; nothing runs what it marks executable"),
  call("fchmodat", 268, 53, "shutil.copy; nothing runs what it marks executable"),
  call("umask", 95, 166, "os.umask"),
  call("utime", 132, none, "os.utime"),
  call("utimes", 235, none, "os.utime"),
  call("futimesat", 261, none, "os.utime"),
  call("utimensat", 280, 88, "os.utime, Path.touch"),
  call("copy_file_range", 326, 285, "os.copy_file_range, shutil.copyfile"),
  call("sendfile", 40, 71, "shutil.copyfile"),
];

const descriptorCalls = [
  pretending(
    only(1, ...lockCommands),
    call("fcntl", 72, 25, "flags of a descriptor; its locks are granted, never held", [
      only(1, ...descriptorCommands),
    ]),
  ),
  call("ioctl", 16, 29, "is it a terminal, do not block", [only(1, ...deviceRequests)]),
  call("dup", 32, 23, "redirecting output; listing an open folder"),
  call("dup2", 33, none, "redirecting output"),
  call("dup3", 292, 24, "redirecting output"),
  call("pipe", 22, none, "a pipe to itself"),
  call("pipe2", 293, 59, "a pipe to itself"),
  call("select", 23, none, "select.select"),
  call("pselect6", 270, 72, "select.select, time.sleep"),
  call("epoll_create1", 291, 20, "asyncio makes its event loop"),
  call("epoll_pwait2", 441, 441, "the event loop waits, newer libraries"),
  call("eventfd2", 290, 19, "os.eventfd"),
  // asyncio.run fails without: a pair has no address, and socket and connect stay refused.
  call("socketpair", 53, 199, "asyncio wakes its own event loop; unnamed, unix, a stream", [
    only(0, 1),
    only(1, ...pairTypes),
    only(2, 0),
  ]),
];

const identityCalls = [
  call("getuid", 102, 174, "os.getuid, sqlite, tempfile"),
  call("geteuid", 107, 175, "os.geteuid"),
  call("getgid", 104, 176, "os.getgid"),
  call("getegid", 108, 177, "os.getegid"),
  call("getresuid", 118, 148, "os.getresuid"),
  call("getresgid", 120, 150, "os.getresgid"),
  call("getgroups", 115, 158, "os.getgroups"),
  call("getppid", 110, 173, "os.getppid, within its own process namespace"),
  call("getpgrp", 111, none, "os.getpgrp, within its own process namespace"),
  call("getpgid", 121, 155, "os.getpgid, within its own process namespace"),
  call("getsid", 124, 156, "os.getsid, within its own process namespace"),
  call("uname", 63, 160, "platform, os.uname: the namespace's own host name"),
  call("sysinfo", 99, 179, "how much memory there is: os.sysconf"),
  call("rt_sigpending", 127, 136, "signal.sigpending"),
  call("rt_sigtimedwait", 128, 137, "signal.sigwait"),
  call("rt_sigsuspend", 130, 133, "signal.pause"),
  call("pause", 34, none, "signal.pause"),
  call("alarm", 37, none, "signal.alarm, to itself"),
  call("setitimer", 38, 103, "signal.setitimer, to itself"),
  call("getitimer", 36, 102, "signal.getitimer"),
  // fork and wait are refused alike; waiting for no child says so as it does everywhere.
  call("wait4", 61, 260, "os.waitpid answers that there is no child"),
  call("waitid", 247, 95, "os.waitid answers that there is no child"),
];

const cpythonCalls: readonly AllowedCall[] = [
  ...processCalls,
  ...readingCalls,
  ...writingCalls,
  ...descriptorCalls,
  ...identityCalls,
];

/**
 * Returns the system calls of a profile: `deno`, a Deno process (V8, Pyodide) that has everything
 * loaded; `cpython`, a native CPython behind bubblewrap's mounts and namespaces, which may use the
 * files those show it; it has one thread for ever, or the number of threads would know no bound.
 * Neither starts a process, reaches a network or changes its privileges.
 */
export function callsOf(profile: SeccompProfile): readonly AllowedCall[] {
  return profile === "deno" ? denoCalls : cpythonCalls;
}
