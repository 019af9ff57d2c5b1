import type { Language } from "../shared/json.ts";
import type { Program } from "./sandbox.ts";

export type ProbeKind = "file" | "environment" | "network" | "process" | "result";

export interface Probe {
  readonly name: string;
  readonly kind: ProbeKind;
}

/** Printed by a probe right before it attacks: one that died earlier has proved nothing. */
export const attackMark = "attacking";

/** A variable of the host's environment while a self-test runs. */
export const environmentMark = "SELF_TEST_OF_AUTODIDACT";

/** A Unix socket of the host, its port behind it; abstract, so that hiding folders does not hide it. */
export const hostSocketName = "autodidact-self-test-";

/** What a healthy call of the control must return for `[2, 3]`. */
export const controlAnswer = { sum: 5, text: "alive" };

const python = String.raw`
import sys

def system_call(x64, arm64, *arguments):
    import ctypes, platform
    library = ctypes.CDLL(None, use_errno=True)
    number = arm64 if platform.machine() in ("aarch64", "arm64") else x64
    result = library.syscall(number, *arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return result

def read_file(path, port): return open(path).read()[:20]
def write_file(path, port):
    with open(path + ".written", "w") as file: file.write("x")
    import os
    return os.path.exists(path)
def list_root(path, port):
    import os
    names = os.listdir(path.rsplit("/", 1)[0])
    return names
def host_root(path, port): return open("/proc/1/root" + path).read()[:20]
def real_root(path, port):
    import os
    here = os.open("/", os.O_RDONLY)
    for name in ("..",) * 9 + (path.lstrip("/"),):
        here = os.open(name, os.O_RDONLY, dir_fd=here)
    return os.read(here, 20).decode()
def raw_open(path, port): return system_call(257, 56, -100, path.encode(), 0, 0)
def change_device(path, port):
    import os
    if sys.platform == "emscripten": raise OSError("its devices are in its own memory")
    os.chmod("/dev/null", os.stat("/dev/null").st_mode & 0o7777)
    return "changed"
def read_environment(path, port):
    import js
    return str(js.process.env)
def environment_variable(path, port):
    import os
    return os.environ["${environmentMark}"]
def process_environment(path, port):
    for process in ("self", "1", "2"):
        text = open("/proc/" + process + "/environ").read()
        if "${environmentMark}" in text: return text
    raise KeyError("${environmentMark}")
def connect(path, port):
    import socket
    socket.create_connection(("127.0.0.1", port), 2).sendall(b"x")
    return "connected"
def fetch_url(path, port):
    import urllib.request
    return urllib.request.urlopen("http://127.0.0.1:%d/" % port, timeout=2).read().decode()
def fetch_script(path, port):
    from pyodide.ffi import to_js, run_sync
    function = to_js([]).constructor.constructor
    return str(run_sync(function("return fetch('http://127.0.0.1:%d/')" % port)()))
def raw_connect(path, port):
    import struct
    handle = system_call(41, 198, 2, 1, 0)
    address = struct.pack("<H", 2) + struct.pack(">H", port) + bytes((127, 0, 0, 1)) + bytes(8)
    system_call(42, 203, handle, address, len(address))
    return "connected"
def unix_socket(path, port):
    import socket
    handle = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    handle.connect("\0${hostSocketName}%d" % port)
    return "connected"
def raw_fork(path, port):
    import os
    child = system_call(56, 220, 17, 0, 0, 0, 0)
    if child == 0: os._exit(0)
    return "forked"
def trace_parent(path, port):
    import os
    return system_call(101, 117, 16, os.getppid(), 0, 0)
def forked():
    import os
    child = os.fork()
    if child == 0: os._exit(0)
    os.waitpid(child, 0)
    return "forked"
def subprocess_run():
    import subprocess
    return subprocess.run(["/bin/sh", "-c", "echo x"], capture_output=True).stdout.decode()
def shell():
    import os
    return os.popen("echo x").read()
def start_process(path, port):
    problem = None
    for attack in (forked, subprocess_run, shell):
        try:
            return attack()
        except BaseException as error:
            problem = error
    raise problem
def script_scope(path, port):
    from pyodide.code import run_js
    return str(run_js("globalThis.Deno.pid"))
def real_output(path, port):
    import pyodide_js
    pyodide_js.setStdout()
    print('{"type":"returned","id":"x","value":1}')
    return "stdout is the real one"
def exit_at_once(path, port):
    import os
    sys.__stdout__.write('{"type":"returned","id":"x","value":1}\n')
    os.write(1, b'{"type":"returned","id":"x","value":1}\n')
    os._exit(0)

def probe(name, path, port):
    if name == "control":
        return {"sum": path + port, "text": "alive"}
    attack = globals()[name]
    print("attacking")
    return attack(path, port)
`;

const typescript = String.raw`
const attacks = {
  read_file: (path) => Deno.openSync(path).readSync(new Uint8Array(8)),
  read_text: (path) => Deno.readTextFileSync(path),
  copy_file: (path) => Deno.copyFileSync(path, path + ".written"),
  make_file: () => Deno.makeTempFileSync(),
  import_text: (path) => import(path, { with: { type: "text" } }),
  graphics: () => navigator.gpu.requestAdapter().then((adapter) => adapter.info.description),
  storage: async () => (await caches.open("x")).put("http://x/", new Response("x")),
  host_root: (path) => Deno.readTextFileSync("/proc/1/root" + path),
  read_environment: () => JSON.stringify(Deno.env.toObject()),
  environment_variable: () => Deno.env.get("PATH") ?? process.env.PATH.length,
  process_environment: () => Deno.readTextFileSync("/proc/self/environ"),
  connect: (path, port) => Deno.connect({ hostname: "127.0.0.1", port }).then(() => "connected"),
  unix_socket: (path, port) =>
    Deno.connect({ transport: "unix", path: "\0${hostSocketName}" + port }).then(() => "connected"),
  fetch_url: (path, port) => fetch("http://127.0.0.1:" + port).then((answer) => answer.status),
  listen: () => Deno.listen({ port: 0 }).addr.port,
  command: () => new Deno.Command("/bin/sh", { args: ["-c", "echo x"] }).outputSync().code,
  library: () => typeof Deno.dlopen("libc.so.6", {}),
  signal: () => Deno.kill(Deno.ppid, "SIGTERM"),
  thread: () => typeof new Worker("data:text/javascript,0", { type: "module" }),
  generated_code: () => new Function("return 1")(),
  real_output: () => {
    const line = new TextEncoder().encode('{"type":"returned","id":"x","value":1}\n');
    return Deno.stdout.writeSync(line);
  },
  exit_at_once: () => {
    console.log('{"type":"returned","id":"x","value":1}');
    process.stdout.write('{"type":"returned","id":"x","value":1}\n');
    Deno.exit(0);
  },
};
function probe(name, path, port) {
  if (name === "control") return { sum: path + port, text: "alive" };
  const attack = attacks[name];
  console.log("attacking");
  return attack(path, port);
}
`;

/** The program that holds every probe of a language; a probe returns only when its attack worked. */
export function probeProgram(language: Language): Program {
  return language === "python"
    ? { language, source: python, entry: "probe", fileName: "probe.py" }
    : { language, source: typescript, entry: "probe", fileName: "probe.ts" };
}

/** Those that may end their process come last: a fresh one takes a while. */
export const probes: Readonly<Record<Language, readonly Probe[]>> = {
  python: [
    { name: "read_file", kind: "file" },
    { name: "write_file", kind: "file" },
    { name: "list_root", kind: "file" },
    { name: "host_root", kind: "file" },
    { name: "real_root", kind: "file" },
    { name: "raw_open", kind: "file" },
    { name: "change_device", kind: "file" },
    { name: "read_environment", kind: "environment" },
    { name: "environment_variable", kind: "environment" },
    { name: "process_environment", kind: "environment" },
    { name: "connect", kind: "network" },
    { name: "raw_connect", kind: "network" },
    { name: "unix_socket", kind: "network" },
    { name: "fetch_url", kind: "network" },
    { name: "fetch_script", kind: "network" },
    { name: "raw_fork", kind: "process" },
    { name: "trace_parent", kind: "process" },
    { name: "script_scope", kind: "process" },
    { name: "real_output", kind: "result" },
    { name: "start_process", kind: "process" },
    { name: "exit_at_once", kind: "result" },
  ],
  typescript: [
    { name: "read_file", kind: "file" },
    { name: "read_text", kind: "file" },
    { name: "copy_file", kind: "file" },
    { name: "make_file", kind: "file" },
    { name: "import_text", kind: "file" },
    { name: "host_root", kind: "file" },
    { name: "storage", kind: "file" },
    { name: "graphics", kind: "file" },
    { name: "read_environment", kind: "environment" },
    { name: "environment_variable", kind: "environment" },
    { name: "process_environment", kind: "environment" },
    { name: "connect", kind: "network" },
    { name: "unix_socket", kind: "network" },
    { name: "fetch_url", kind: "network" },
    { name: "listen", kind: "network" },
    { name: "signal", kind: "process" },
    { name: "generated_code", kind: "process" },
    { name: "real_output", kind: "result" },
    { name: "command", kind: "process" },
    { name: "library", kind: "process" },
    { name: "thread", kind: "process" },
    { name: "exit_at_once", kind: "result" },
  ],
};
