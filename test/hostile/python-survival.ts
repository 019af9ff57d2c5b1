import type { HostileProgram } from "./hostile-program.ts";
import { pythonAttacks } from "./python-attack.ts";

/** Looks for the mark of an earlier run, then leaves one. */
function leaves(name: string, goal: string, look: string, leave: string, isSeenBare = false) {
  const body = `
import os
def look():
    if ${look}:
        print("survived")
def leave():
    ${leave.trim().replaceAll("\n", "\n    ")}
attempt(look)
attempt(leave)`;
  return {
    name,
    goal,
    body,
    twice: true as const,
    ...(isSeenBare ? { reachesBare: true as const } : {}),
  };
}

export const pythonSurvival: readonly HostileProgram[] = pythonAttacks("survival", [
  leaves(
    "survive-in-work-folder",
    "a file in the work folder",
    `os.path.exists("left-over")`,
    `open("left-over", "w").close()`,
    true,
  ),
  leaves(
    "survive-in-temporary-folder",
    "a file in a folder for temporary files",
    `any(os.path.exists(folder + "/" + world["marker"]) for folder in ("/tmp", "/var/tmp", "/dev/shm", "/run"))`,
    `
for folder in ("/tmp", "/var/tmp", "/dev/shm", "/run"):
    try:
        open(folder + "/" + world["marker"], "w").close()
    except OSError:
        pass`,
    true,
  ),
  leaves(
    "survive-in-home",
    "a file in the home folder",
    `os.path.exists(os.path.expanduser("~/.left-over"))`,
    `open(os.path.expanduser("~/.left-over"), "w").close()`,
    true,
  ),
  leaves(
    "survive-in-modules",
    "a module of the library, changed",
    `hasattr(__import__("json"), "left_over")`,
    `setattr(__import__("json"), "left_over", True)`,
  ),
  leaves(
    "survive-in-builtins",
    "a builtin function, changed",
    `hasattr(__import__("builtins"), "left_over")`,
    `setattr(__import__("builtins"), "left_over", True)`,
  ),
  leaves(
    "survive-in-environment",
    "a variable of the environment",
    `"LEFT_OVER" in os.environ`,
    `os.environ["LEFT_OVER"] = "1"; os.putenv("LEFT_OVER", "1")`,
  ),
  leaves(
    "survive-in-database",
    "a database file",
    `__import__("sqlite3").connect("left.db").execute("select count(*) from left_over").fetchone()`,
    `
base = __import__("sqlite3").connect("left.db")
base.execute("create table left_over (a)")
base.commit()`,
    true,
  ),
  leaves(
    "survive-in-process-state",
    "the working directory, the mask of new files, the recursion limit",
    `os.umask(0o022) == 0o777 or os.getcwd().endswith("left") or __import__("sys").getrecursionlimit() == 777`,
    `
os.umask(0o777)
os.mkdir("left")
os.chdir("left")
__import__("sys").setrecursionlimit(777)`,
  ),
  leaves(
    "survive-in-byte-code",
    "a module's cached byte code, exchanged",
    `any("left_over" in open(os.path.join(folder, name), "rb").read().decode("latin-1") for folder, _, names in os.walk(os.path.dirname(os.__file__) + "/__pycache__") for name in names[:50])`,
    `
folder = os.path.dirname(os.__file__) + "/__pycache__"
open(folder + "/left_over." + world["marker"] + ".pyc", "w").write("left_over")`,
  ),
  leaves(
    "survive-in-user-packages",
    "a package in the user's own folder, imported at every start",
    `"left_over_" + world["marker"] in __import__("sys").modules or os.path.exists(__import__("site").getusersitepackages() + "/left_over.py")`,
    `
folder = __import__("site").getusersitepackages()
os.makedirs(folder, exist_ok=True)
open(folder + "/left_over.py", "w").close()
open(folder + "/left_over.pth", "w").write("import left_over")`,
    true,
  ),
  leaves(
    "survive-in-shared-memory",
    "a segment of System V or POSIX shared memory",
    `system_call(29, 194, 0x4154, 4096, 0o600) >= 0 or os.path.exists("/dev/shm/" + world["marker"])`,
    `
system_call(29, 194, 0x4154, 4096, 0o600 | 0o1000)
__import__("multiprocessing.shared_memory").shared_memory.SharedMemory(world["marker"], create=True, size=4096)`,
  ),
  leaves(
    "survive-in-message-queue",
    "a message queue of the kernel",
    `system_call(68, 186, 0x4155, 0o600) >= 0 or system_call(240, 180, b"left", 0, 0, None) >= 0`,
    `
system_call(68, 186, 0x4155, 0o600 | 0o1000)
system_call(240, 180, b"left", 0o102, 0o600, None)`,
  ),
  leaves(
    "survive-in-abstract-socket",
    "a name in the kernel's table of unix sockets",
    `__import__("socket").socket(1).connect("\\0left" + world["marker"]) is None`,
    `
one = globals()["held"] = __import__("socket").socket(1)
one.bind("\\0left" + world["marker"])
one.listen(1)`,
  ),
  leaves(
    "survive-in-random-numbers",
    "a sequence of random numbers that repeats",
    `os.path.exists("/tmp/" + world["marker"])`,
    `
import random, uuid
random.seed(1)
open("/tmp/" + world["marker"], "w").write(str(uuid.uuid4()))`,
    true,
  ),
]);
