import type { HostileProgram } from "./hostile-program.ts";
import { pythonAttacks } from "./python-attack.ts";

const reads = pythonAttacks("read-outside", [
  {
    name: "read-by-path",
    goal: "the text of a file outside, by its absolute path",
    reachesBare: true,
    body: `return open(world["canaryPath"]).read()`,
  },
  {
    name: "read-home",
    goal: "a file in the home folder",
    reachesBare: true,
    body: `
import pathlib
return pathlib.Path(world["homeCanaryPath"]).read_bytes().hex()`,
  },
  {
    name: "read-beside-runtime",
    goal: "a file beside the installed packages, where the runtime itself may read",
    reachesBare: true,
    body: `
attempt(lambda: open(world["nearCanaryPath"]).read()[::-1])
return said`,
  },
  {
    name: "read-with-dots",
    goal: "a file outside, by climbing up from every folder that exists",
    reachesBare: true,
    body: `
for start in (".", "/work", "/tmp", "/lib", "/usr/lib", "/dev"):
    attempt(lambda: open(start + "/" + "../" * 20 + world["canaryPath"].lstrip("/")).read())`,
  },
  {
    name: "read-by-symlink",
    goal: "a file outside, through a symbolic link",
    reachesBare: true,
    body: `
import os, tempfile
link = os.path.join(tempfile.mkdtemp(), "link")
os.symlink(world["canaryPath"], link)
return open(link).read()`,
  },
  {
    name: "read-by-folder-symlink",
    goal: "what stands in a folder outside, through a link to it in the work folder",
    reachesBare: true,
    body: `
import os
os.symlink(world["canaryFolder"], "folder")
attempt(lambda: os.listdir("folder"))
attempt(lambda: open("folder/canary.txt").read())`,
  },
  {
    name: "copy-out-by-symlink",
    goal: "the host, which copies the work folder out, follows a link in it",
    body: `
import os
attempt(lambda: os.symlink(world["canaryPath"], "result.txt"))
attempt(lambda: os.symlink(world["canaryFolder"], "results"))`,
  },
  {
    name: "read-by-hard-link",
    goal: "a file outside, through a hard link made to it",
    reachesBare: true,
    body: `
import os
os.link(world["canaryPath"], "hard")
return open("hard").read()`,
  },
  {
    name: "list-folder",
    goal: "the names in a folder outside",
    reachesBare: true,
    body: `
import glob, os
attempt(lambda: os.listdir(world["canaryFolder"]))
attempt(lambda: [entry.name for entry in os.scandir(world["canaryFolder"])])
attempt(lambda: glob.glob(world["canaryFolder"] + "/*"))
attempt(lambda: list(os.walk(world["canaryFolder"])))`,
  },
  {
    name: "stat-file",
    goal: "whether a file outside exists, and its size",
    reachesBare: true,
    body: `
import os
for look in (os.stat, os.lstat):
    attempt(lambda: look(world["canaryPath"]).st_size == 25 and reached())
attempt(lambda: os.access(world["canaryPath"], os.R_OK) and reached())`,
  },
  {
    name: "read-by-proc-root",
    goal: "a file outside through the root folder of some process in /proc",
    reachesBare: true,
    body: `
for who in ("self", "thread-self", "1", str(world["hostPid"]), str(world["victimPid"])):
    attempt(lambda: open("/proc/" + who + "/root" + world["canaryPath"]).read())
    attempt(lambda: open("/proc/" + who + "/cwd/../" * 2 + world["canaryPath"]).read())`,
  },
  {
    name: "read-host-memory",
    goal: "the memory of a process of the host, through /proc",
    reachesBare: true,
    body: `
pid = str(world["victimPid"])
def memory():
    for line in open("/proc/" + pid + "/maps"):
        if "[stack]" in line:
            start, end = (int(part, 16) for part in line.split()[0].split("-"))
            with open("/proc/" + pid + "/mem", "rb") as file:
                file.seek(start)
                text = file.read(end - start)
            at = text.find(world["environmentName"].encode())
            return text[at:at + 200]
attempt(memory)`,
  },
  {
    name: "read-inherited-descriptors",
    goal: "something of the host through a descriptor that was left open",
    body: `
import os, stat
for number in range(3, 256):
    def look():
        mode = os.fstat(number).st_mode
        if stat.S_ISDIR(mode):
            names = os.listdir(number)
            os.fchdir(number)
            return names, open(os.open(world["canaryPath"].lstrip("/"), os.O_RDONLY, dir_fd=number)).read()
        if stat.S_ISREG(mode):
            return os.pread(number, 200, 0)
    try:
        said.append(repr(look())[:300])
    except OSError:
        pass`,
  },
  {
    name: "read-by-proc-descriptors",
    goal: "files the host has open, through /proc/PID/fd",
    body: `
import os
for who in ("self", "1", str(os.getppid()), str(world["hostPid"])):
    def links():
        found = []
        for number in os.listdir("/proc/" + who + "/fd"):
            target = os.readlink("/proc/" + who + "/fd/" + number)
            if "hostile" in target or "socket" in target and who == str(world["hostPid"]):
                reached()
            found.append(target)
        return found
    attempt(links)`,
  },
  {
    name: "read-by-file-url",
    goal: "a file outside through a file: address",
    reachesBare: true,
    body: `
import urllib.request
return urllib.request.urlopen("file://" + world["canaryPath"]).read().decode()`,
  },
  {
    name: "read-by-sqlite-attach",
    goal: "a file outside, opened by sqlite's own C code",
    body: `
import sqlite3
base = sqlite3.connect(":memory:")
attempt(lambda: base.execute("attach ? as outside", (world["canaryPath"],)).fetchall())
attempt(lambda: base.execute("select * from outside.sqlite_master").fetchall())
attempt(lambda: sqlite3.connect("file:" + world["canaryPath"] + "?mode=ro&immutable=1", uri=True).execute("select 1 from sqlite_master").fetchall())
if any("not a database" in part for part in said):
    reached()`,
    reachesBare: true,
  },
  {
    name: "read-by-xml-entity",
    goal: "a file outside as an external entity of an XML document",
    body: `
import xml.sax, xml.sax.handler, io
class Keep(xml.sax.ContentHandler):
    def characters(self, content):
        said.append(content)
reader = xml.sax.make_parser()
reader.setFeature(xml.sax.handler.feature_external_ges, True)
reader.setContentHandler(Keep())
reader.parse(io.StringIO('<!DOCTYPE a [<!ENTITY b SYSTEM "file://' + world["canaryPath"] + '">]><a>&b;</a>'))`,
    reachesBare: true,
  },
  {
    name: "read-by-traceback",
    goal: "the lines of a file outside, quoted in a traceback that claims to be of it",
    reachesBare: true,
    body: `
import linecache, traceback
attempt(lambda: linecache.getlines(world["canaryPath"]))
try:
    exec(compile("1/0", world["canaryPath"], "exec"), {})
except ZeroDivisionError:
    said.append(traceback.format_exc())
exec(compile("1/0", world["canaryPath"], "exec"), {})`,
  },
  {
    name: "read-by-emscripten-mount",
    goal: "the host's disk, mounted into the interpreter's own file system",
    body: `
def mount():
    import pyodide_js
    pyodide_js.mountNodeFS("/host", "/")
    return open("/host" + world["canaryPath"]).read()
attempt(mount)
def mount_natively():
    from pyodide_js import FS
    FS.mkdir("/host")
    FS.mount(FS.filesystems.NODEFS, {"root": "/"}, "/host")
    return open("/host" + world["canaryPath"]).read()
attempt(mount_natively)`,
  },
]);

const writes = pythonAttacks("write-outside", [
  {
    name: "write-by-path",
    goal: "a new file in a folder of the host",
    reachesBare: true,
    body: `open(world["writeFolder"] + "/" + world["marker"], "w").write("written")`,
  },
  {
    name: "overwrite-canary",
    goal: "another text in a file of the host",
    reachesBare: true,
    body: `
import os
attempt(lambda: open(world["canaryPath"], "r+").write("changed"))
attempt(lambda: open(world["canaryPath"], "a").write("changed"))
attempt(lambda: os.truncate(world["canaryPath"], 0))`,
  },
  {
    name: "remove-canary",
    goal: "a file of the host removed or renamed",
    reachesBare: true,
    body: `
import os, shutil
attempt(lambda: os.rename(world["canaryPath"], world["canaryPath"] + ".moved"))
attempt(lambda: os.unlink(world["canaryPath"]))
attempt(lambda: shutil.rmtree(world["canaryFolder"]))`,
  },
  {
    name: "write-through-symlink",
    goal: "a file in a folder of the host, through a link to the folder",
    reachesBare: true,
    body: `
import os
os.symlink(world["writeFolder"], "out")
open("out/" + world["marker"], "w").write("written")`,
  },
  {
    name: "hard-link-outside",
    goal: "a further link to a file of the host, which keeps it alive",
    reachesBare: true,
    body: `
import os
attempt(lambda: os.link(world["canaryPath"], world["writeFolder"] + "/" + world["marker"]))
attempt(lambda: os.link(world["canaryPath"], world["marker"]))`,
  },
  {
    name: "change-mode",
    goal: "other permissions, owner or times for a file of the host",
    reachesBare: true,
    body: `
import os
attempt(lambda: os.chmod(world["canaryPath"], 0o666))
attempt(lambda: os.utime(world["canaryPath"], (0, 0)))
attempt(lambda: os.chown(world["canaryPath"], 65534, 65534))`,
  },
  {
    name: "change-device",
    goal: "other permissions or times for a device of the host, for everybody on it",
    // The same mode and times: only the change itself is tried. WebAssembly has devices of its own.
    body: `
import os, sys
for device in ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/full", "/dev/tty", "/dev/shm"):
    def mode():
        os.chmod(device, os.stat(device).st_mode & 0o7777)
        reached()
    def times():
        status = os.stat(device)
        os.utime(device, ns=(status.st_atime_ns, status.st_mtime_ns))
        reached()
    if sys.platform != "emscripten":
        attempt(mode)
        attempt(times)`,
  },
  {
    name: "write-shared-folders",
    goal: "a file in /tmp, /var/tmp, /dev/shm, the home folder or the working directory of the host",
    reachesBare: true,
    body: `
import os
for folder in ("/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", os.path.expanduser("~"), "."):
    attempt(lambda: open(folder + "/" + world["marker"], "w").write("written"))`,
  },
  {
    name: "write-kernel-settings",
    goal: "a setting of the kernel, through /proc/sys or /sys",
    body: `
for path in ("/proc/sys/kernel/core_pattern", "/proc/sys/kernel/hostname", "/proc/self/oom_score_adj", "/sys/kernel/uevent_helper", "/proc/sysrq-trigger"):
    def rewrite():
        # What is there already, so that the host is left as it is even where this succeeds.
        text = "" if path == "/proc/sysrq-trigger" else open(path).read()
        with open(path, "r+") as file:
            file.write(text)
            file.flush()
        reached()
    attempt(rewrite)`,
  },
  {
    name: "write-runtime",
    goal: "a changed interpreter, library or snapshot for the next run",
    body: `
import os, sys
places = [os.__file__, sys.executable or "/usr/bin/python3", world["nearCanaryPath"], "/usr/lib/python3/x", "/etc/ld.so.preload"]
for path in places:
    def spoil():
        before = os.stat(path)
        with open(path, "ab") as file:
            if hasattr(sys, "_emscripten_info") and not path.startswith("/work"):
                return "in the memory of this run only"
            file.write(b"")
        reached()
    attempt(spoil)`,
  },
  {
    name: "write-by-archive",
    goal: "a file outside, by an archive whose entries climb up",
    reachesBare: true,
    body: `
import io, tarfile
buffer = io.BytesIO()
with tarfile.open(fileobj=buffer, mode="w") as archive:
    entry = tarfile.TarInfo("../" * 20 + world["writeFolder"].lstrip("/") + "/" + world["marker"])
    entry.size = 7
    archive.addfile(entry, io.BytesIO(b"written"))
buffer.seek(0)
with tarfile.open(fileobj=buffer) as archive:
    member = archive.getmembers()[0]
    import os
    os.makedirs(os.path.dirname(world["writeFolder"] + "/x"), exist_ok=True) if os.path.isdir(world["writeFolder"]) else None
    with open(member.name, "wb") as file:
        file.write(archive.extractfile(member).read())`,
  },
  {
    name: "write-by-sqlite",
    goal: "a database file in a folder of the host",
    reachesBare: true,
    body: `
import sqlite3
base = sqlite3.connect(world["writeFolder"] + "/" + world["marker"])
base.execute("create table a (b)")
base.commit()`,
  },
  {
    name: "lock-host-file",
    goal: "a lock on a file of the host, which others wait for",
    reachesBare: true,
    body: `
import fcntl
file = open(world["canaryPath"], "r+")
fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
globals()["held"] = file
reached()`,
  },
]);

export const pythonFilesOutside: readonly HostileProgram[] = [...reads, ...writes];
