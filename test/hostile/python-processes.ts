import type { HostileProgram } from "./hostile-program.ts";
import { pythonAttacks } from "./python-attack.ts";

const roads = pythonAttacks("process", [
  {
    name: "subprocess-run",
    goal: "a program of the host, its output read",
    reachesBare: true,
    body: `
import subprocess
attempt(lambda: subprocess.run(["cat", world["canaryPath"]], capture_output=True, text=True).stdout)
attempt(lambda: subprocess.check_output("cat " + world["canaryPath"], shell=True))
attempt(lambda: subprocess.run(["/bin/sh", "-c", "echo " + "reached; echo"], capture_output=True).stdout == b"reached\\n\\n" and reached())`,
  },
  {
    name: "subprocess-daemon",
    goal: "a program that goes on in the background",
    reachesBare: true,
    body: `
import subprocess, sys
attempt(lambda: subprocess.Popen(["sh", "-c", "sleep 30; : " + world["marker"]], start_new_session=True).pid)
attempt(lambda: subprocess.Popen([sys.executable, "-c", "import time; time.sleep(30)", world["marker"]]).pid)`,
  },
  {
    name: "os-system",
    goal: "a command line of a shell",
    reachesBare: true,
    body: `
import os
return os.system("cat " + world["canaryPath"] + "; true > " + world["writeFolder"] + "/made")`,
  },
  {
    name: "os-popen",
    goal: "the output of a shell's command",
    reachesBare: true,
    body: `
import os
return os.popen("cat " + world["canaryPath"]).read()`,
  },
  {
    name: "fork",
    goal: "a second process by fork",
    reachesBare: true,
    body: `
import os
child = os.fork()
if child == 0:
    os._exit(7)
if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7:
    reached()`,
  },
  {
    name: "fork-terminal",
    goal: "a second process with a terminal of its own",
    reachesBare: true,
    body: `
import os, pty
def fork_terminal():
    child, master = os.forkpty()
    if child == 0:
        os.write(1, b"child of a terminal")
        os._exit(0)
    if b"terminal" in os.read(master, 100):
        reached()
attempt(fork_terminal)
attempt(lambda: pty.spawn(["cat", world["canaryPath"]]))`,
  },
  {
    name: "posix-spawn",
    goal: "a program started by posix_spawn",
    reachesBare: true,
    body: `
import os, time
attempt(lambda: os.posix_spawn("/bin/sh", ["sh", "-c", "true > " + world["writeFolder"] + "/made"], {}))
attempt(lambda: os.posix_spawnp("sh", ["sh", "-c", "sleep 30; : " + world["marker"]], {}))
time.sleep(0.1)`,
  },
  {
    name: "exec-replaces-runner",
    goal: "another program in the place of the runner, with its pipes",
    reachesBare: true,
    body: `
import os
os.execv("/bin/cat", ["cat", world["canaryPath"]])`,
  },
  {
    name: "exec-interpreter",
    goal: "a fresh interpreter in the place of the runner, without its preparations",
    reachesBare: true,
    body: `
import os, sys
code = "import sys; print('reached ' + sys.argv[1])"
for path in (sys.executable, "/usr/bin/python3", "/proc/self/exe", "/lib64/ld-linux-x86-64.so.2"):
    rest = ["/usr/bin/python3"] if "ld-linux" in path else []
    attempt(lambda: os.execve(path, [path, *rest, "-c", code, world["marker"]], {}))`,
  },
  {
    name: "multiprocessing",
    goal: "workers by multiprocessing, in each of its ways",
    reachesBare: true,
    body: `
import multiprocessing, os, time
def work():
    open(world["writeFolder"] + "/made", "w").close()
def start(way):
    process = multiprocessing.get_context(way).Process(target=work)
    process.start()
    process.join(5)
    return process.exitcode == 0 and reached()
for way in ("fork", "spawn", "forkserver"):
    attempt(lambda: start(way))
def pool():
    import concurrent.futures
    with concurrent.futures.ProcessPoolExecutor(1) as executor:
        return executor.submit(os.getpid).result(5) != os.getpid() and reached()
attempt(pool)`,
  },
  {
    name: "asyncio-subprocess",
    goal: "a program started by the event loop",
    reachesBare: true,
    body: `
import asyncio
async def go():
    process = await asyncio.create_subprocess_exec("cat", world["canaryPath"], stdout=-1)
    return await process.stdout.read()
attempt(lambda: asyncio.run(asyncio.wait_for(go(), 5)))`,
  },
  {
    name: "posixsubprocess",
    goal: "a program by the C function below subprocess",
    reachesBare: true,
    body: `
import _posixsubprocess, inspect, os, time
reader, writer = os.pipe()
script = b"true > " + world["writeFolder"].encode() + b"/made"
shared = [(b"sh", b"-c", script), (b"/bin/sh",), True, (writer,), None, None, -1, -1, -1, -1, -1, -1, reader, writer, False, False]
attempt(lambda: _posixsubprocess.fork_exec(*shared, -1, None, None, None, -1, None, True))
attempt(lambda: _posixsubprocess.fork_exec(*shared, -1, None, None, None, -1, None))
time.sleep(0.2)`,
  },
  {
    name: "spawn-family",
    goal: "a program by os.spawn and its relatives",
    reachesBare: true,
    body: `
import os
made = world["writeFolder"] + "/made"
attempt(lambda: os.spawnv(os.P_WAIT, "/bin/sh", ["sh", "-c", "true > " + made]))
attempt(lambda: os.spawnlp(os.P_NOWAIT, "sh", "sh", "-c", "sleep 30; : " + world["marker"]))`,
  },
  {
    name: "library-fork",
    goal: "a second process by the C library's fork, vfork or system",
    reachesBare: true,
    body: `
import ctypes, os
libc = ctypes.CDLL(None)
attempt(lambda: libc.system(b"true > " + world["writeFolder"].encode() + b"/made"))
def fork():
    child = libc.fork()
    if child == 0:
        os._exit(0)
    if child > 0:
        os.waitpid(child, 0)
        reached()
    return child
attempt(fork)`,
  },
  {
    name: "library-exec",
    goal: "a program in place of the runner by the C library's execve",
    reachesBare: true,
    body: `
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
arguments = (ctypes.c_char_p * 3)(b"cat", world["canaryPath"].encode(), None)
said.append(libc.execve(b"/bin/cat", arguments, (ctypes.c_char_p * 1)(None)))
said.append(ctypes.get_errno())`,
  },
  {
    name: "clone-by-number",
    goal: "a second process by clone or clone3, called by number",
    body: `
import ctypes, os, struct
def cloned(child):
    if child == 0:
        os._exit(0)
    if child > 0:
        reached()
    return child
attempt(lambda: cloned(system_call(56, 220, 17, 0, 0, 0, 0)))
attempt(lambda: cloned(system_call(435, 435, struct.pack("<8Q", 0, 0, 0, 0, 17, 0, 0, 0), 64)))
attempt(lambda: cloned(system_call(57, 220, 17, 0, 0, 0, 0)))`,
  },
  {
    name: "clone-namespaces",
    goal: "a child in a new user and network namespace, in which it is root",
    body: `
import os
def cloned(child):
    if child == 0:
        os._exit(0)
    if child > 0:
        reached()
    return child
attempt(lambda: cloned(system_call(56, 220, 0x10000000 | 0x40000000 | 17, 0, 0, 0, 0)))`,
  },
  {
    name: "memory-file-exec",
    goal: "a program that exists only in memory, executed",
    reachesBare: true,
    body: `
import os
number = os.memfd_create("program", 0)
os.write(number, b"#!/bin/cat\\n")
binary = open("/bin/cat", "rb").read()
number = os.memfd_create("cat", 0)
os.write(number, binary)
os.execve(number, ["cat", world["canaryPath"]], {})`,
  },
  {
    name: "script-of-own",
    goal: "a program that was written into the work folder, executed",
    reachesBare: true,
    body: `
import os
with open("tool", "w") as file:
    file.write("#!/bin/sh\\ncat " + world["canaryPath"] + "\\n")
os.chmod("tool", 0o755)
os.execv("./tool", ["./tool"])`,
  },
  {
    name: "web-browser",
    goal: "a program started by a module one does not expect it of",
    reachesBare: true,
    body: `
import webbrowser, os, time
made = world["writeFolder"] + "/made"
browser = webbrowser.GenericBrowser(["touch", made])
attempt(lambda: browser.open("x"))
attempt(lambda: __import__("platform").popen("touch " + made))
attempt(lambda: __import__("ctypes.util").util._findLib_gcc("c"))
attempt(lambda: __import__("uuid")._ifconfig_getnode())
time.sleep(0.2)`,
  },
  {
    name: "deno-command",
    goal: "a program started by Deno or Node, reached through JavaScript",
    body: `
def run(text):
    from pyodide.code import run_js
    return run_js(text)
path = world["canaryPath"]
attempt(lambda: run("new TextDecoder().decode(new Deno.Command('cat', { args: ['" + path + "'] }).outputSync().stdout)"))
attempt(lambda: run("require('child_process').execSync('cat " + path + "').toString()"))
attempt(lambda: run("process.getBuiltinModule('child_process').execSync('cat " + path + "').toString()"))`,
  },
]);

const outliving = pythonAttacks("process", [
  {
    name: "double-fork-daemon",
    goal: "a grandchild with a session of its own that goes on when all is over",
    reachesBare: true,
    body: `
import os
child = os.fork()
if child == 0:
    os.setsid()
    if os.fork() == 0:
        os.execvp("sh", ["sh", "-c", "sleep 30; : " + world["marker"]])
    os._exit(0)
os.waitpid(child, 0)
import time
time.sleep(0.1)`,
  },
  {
    name: "write-later",
    goal: "a thread or child that writes to the host after the answer",
    reachesBare: true,
    body: `
import os, threading, time
def later():
    open(world["writeFolder"] + "/later", "w").close()
attempt(lambda: threading.Thread(target=later).start())
attempt(lambda: threading.Timer(0.01, later).start())
attempt(lambda: __import__("atexit").register(later))
time.sleep(0.1)`,
  },
  {
    name: "fork-bomb",
    goal: "more processes than one, until none is left for others",
    body: `
import os
for _ in range(50):
    def fork():
        child = os.fork()
        if child == 0:
            import time
            time.sleep(20)
            os._exit(0)
        reached()
    attempt(fork)`,
  },
  {
    name: "thread-bomb",
    goal: "threads without end",
    exhausts: "memory",
    body: `
import threading, time
def wait():
    time.sleep(60)
while True:
    threading.Thread(target=wait, daemon=True).start()`,
  },
  {
    name: "kill-watchdog",
    goal: "a parent or group that is stopped, so that nobody ends the run",
    body: `
import os, signal
for who in (os.getppid(), 1, -1, world["hostPid"]):
    if who not in (os.getpid(),):
        def stop():
            os.kill(who, signal.SIGCONT)
            if who == world["hostPid"]:
                reached()
        attempt(stop)
attempt(lambda: os.setpgid(0, 0))
attempt(lambda: os.setsid())`,
  },
]);

export const pythonProcesses: readonly HostileProgram[] = [...roads, ...outliving];
