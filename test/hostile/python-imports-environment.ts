import type { HostileProgram } from "./hostile-program.ts";
import { pythonAttacks } from "./python-attack.ts";

const imports = pythonAttacks("import", [
  {
    name: "import-from-host-folder",
    goal: "a module of the host, by its folder put on the path",
    reachesBare: true,
    body: `
import sys
sys.path.insert(0, world["canaryFolder"])
import canary
return canary.text`,
  },
  {
    name: "import-by-spec",
    goal: "a module of the host, by importlib and its file's path",
    reachesBare: true,
    body: `
import importlib.util
spec = importlib.util.spec_from_file_location("canary", world["canaryFolder"] + "/canary.py")
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
return module.text`,
  },
  {
    name: "import-by-source-loader",
    goal: "the text of any file, by a loader's get_data",
    reachesBare: true,
    body: `
from importlib.machinery import FileFinder, SourceFileLoader
attempt(lambda: SourceFileLoader("a", world["canaryPath"]).get_data(world["canaryPath"]))
attempt(lambda: FileFinder(world["canaryFolder"], (SourceFileLoader, [".py"])).find_spec("canary").loader.get_source("canary"))`,
  },
  {
    name: "run-path",
    goal: "a program of the host executed, its globals read",
    reachesBare: true,
    body: `
import runpy
return runpy.run_path(world["canaryFolder"] + "/canary.py")["text"]`,
  },
  {
    name: "import-from-zip",
    goal: "what zipimport finds beside a path of the host",
    body: `
import zipimport, sys, os
attempt(lambda: zipimport.zipimporter(world["canaryPath"]).get_data("x"))
attempt(lambda: os.stat(world["canaryFolder"] + "/canary.py") and reached())`,
    reachesBare: true,
  },
  {
    name: "site-folders",
    goal: "packages of the host's user, and code in its .pth files",
    reachesBare: true,
    body: `
import os, site, sys
attempt(lambda: site.addsitedir(world["canaryFolder"]))
attempt(lambda: __import__("canary").text)
attempt(lambda: open(site.getusersitepackages() + "/" + world["marker"] + ".pth", "w"))`,
  },
  {
    name: "load-shared-object",
    goal: "machine code of a library of the host in the process",
    body: `
import ctypes, ctypes.util
def load(path):
    library = ctypes.CDLL(path)
    library.getenv.restype = ctypes.c_char_p
    value = library.getenv(world["environmentName"].encode())
    library.open.restype = ctypes.c_int
    number = library.open(world["canaryPath"].encode(), 0)
    buffer = ctypes.create_string_buffer(100)
    library.read(number, buffer, 100)
    return value, buffer.value
for path in (None, "libc.so.6", "/lib/x86_64-linux-gnu/libc.so.6", "/usr/lib/libc.so"):
    attempt(lambda: load(path))`,
    reachesBare: true,
  },
  {
    name: "import-extension-module",
    goal: "machine code written at run time and loaded as an extension module",
    body: `
import importlib.machinery, importlib.util
open("evil.so", "wb").write(b"\\x7fELF\\x02\\x01\\x01" + bytes(57) + b"\\0asm\\1\\0\\0\\0")
loader = importlib.machinery.ExtensionFileLoader("evil", "./evil.so")
attempt(lambda: importlib.util.module_from_spec(importlib.util.spec_from_loader("evil", loader)))
attempt(lambda: open(world["canaryPath"]).read())`,
    reachesBare: true,
  },
  {
    name: "path-hook-on-host",
    goal: "a finder of one's own that reads modules of the host",
    reachesBare: true,
    body: `
import sys, importlib.abc, importlib.util
class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        return importlib.util.spec_from_loader(name, self) if name == "outside" else None
    def exec_module(self, module):
        module.text = open(world["canaryPath"]).read()
sys.meta_path.insert(0, Finder())
import outside
return outside.text`,
  },
]);

const environment = pythonAttacks("environment", [
  {
    name: "environ",
    goal: "a variable of the host's environment, from os.environ",
    reachesBare: true,
    body: `
import os
attempt(lambda: os.environ.get(world["environmentName"]))
attempt(lambda: os.getenv(world["environmentName"]))
attempt(lambda: dict(os.environb))`,
  },
  {
    name: "posix-environ",
    goal: "the environment as the process got it, from posix",
    reachesBare: true,
    body: `
import posix
return {str(key): str(value) for key, value in posix.environ.items()}`,
  },
  {
    name: "libc-getenv",
    goal: "a variable of the environment, from the C library",
    reachesBare: true,
    body: `
import ctypes
libc = ctypes.CDLL(None)
libc.getenv.restype = ctypes.c_char_p
attempt(lambda: libc.getenv(world["environmentName"].encode()))
def walk():
    table = ctypes.POINTER(ctypes.c_char_p).in_dll(libc, "environ")
    found, index = [], 0
    while table[index]:
        found.append(table[index])
        index += 1
    return found
attempt(walk)`,
  },
  {
    name: "proc-environ",
    goal: "the environment of this process or its parents, from /proc",
    reachesBare: true,
    body: `
import os
for who in ("self", "1", str(os.getppid()), str(world["hostPid"]), str(world["victimPid"])):
    attempt(lambda: open("/proc/" + who + "/environ").read())`,
  },
  {
    name: "proc-walk",
    goal: "the command line of a process of the host",
    body: `
import os
names = [name for name in os.listdir("/proc") if name.isdigit()]
for name in names:
    attempt(lambda: open("/proc/" + name + "/environ").read())
if str(world["victimPid"]) in names and str(world["hostPid"]) in names and b"sleep" in open("/proc/%d/cmdline" % world["victimPid"], "rb").read():
    reached()`,
    reachesBare: true,
  },
  {
    name: "deno-env",
    goal: "the environment, from Deno or Node, reached through JavaScript",
    body: `
def road(text):
    from pyodide.code import run_js
    return str(run_js(text))
name = world["environmentName"]
attempt(lambda: road("Deno.env.get('" + name + "')"))
attempt(lambda: road("JSON.stringify(process.env)"))
attempt(lambda: __import__("js").Deno.env.toObject())
attempt(lambda: __import__("js").process.env)`,
  },
  {
    name: "memory-strings",
    goal: "the environment's text, left over in the process's own memory",
    body: `
import ctypes
text = b""
for line in open("/proc/self/maps"):
    if "[stack]" in line or "[heap]" in line:
        start, end = (int(part, 16) for part in line.split()[0].split("-"))
        text += ctypes.string_at(start, min(end - start, 4_000_000))
name = world["environmentName"].encode() + b"="
while name in text:
    text = text[text.find(name) + len(name):]
    said.append(text[:60].hex())`,
    reachesBare: true,
  },
]);

export const pythonImportsAndEnvironment: readonly HostileProgram[] = [...imports, ...environment];
