import { setTimeout } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import type { BackendName } from "../../src/sandbox/backend.ts";
import { bubblewrapBackend } from "../../src/sandbox/bubblewrap-backend.ts";
import { launchedSandbox } from "../../src/sandbox/launched-sandbox.ts";
import { defaultLimits } from "../../src/sandbox/limits.ts";
import { openSandbox } from "../../src/sandbox/open-sandbox.ts";
import type { Program, Sandbox, StartOutcome } from "../../src/sandbox/sandbox.ts";
import { quickShare } from "../support/quick-share.ts";
import { describeWith } from "../support/requirements.ts";
import { callOnce, workFile } from "./sandbox-programs.ts";

const opened: Sandbox[] = [];
afterAll(async () => {
  await Promise.all(opened.map((sandbox) => sandbox.close()));
});

async function openAnew(backend: BackendName): Promise<Sandbox> {
  const sandbox = await openSandbox("python", { backend });
  opened.push(sandbox);
  return sandbox;
}

const shared = new Map<BackendName, Promise<Sandbox>>();

/** The same for all tests of a backend: each program has a process of its own anyway. */
async function open(backend: BackendName): Promise<Sandbox> {
  const sandbox = shared.get(backend) ?? openAnew(backend);
  shared.set(backend, sandbox);
  return await sandbox;
}

/** In the quick form every third where Deno holds it, in WebAssembly, which is dear to start. */
function rowsOn<Row>(backend: BackendName, rows: readonly Row[]): readonly Row[] {
  return quickShare(rows, backend === "deno" ? 3 : 1);
}

async function startTree(sandbox: Sandbox, source: string): Promise<StartOutcome> {
  const program: Program = {
    language: "python",
    source,
    entry: "f",
    fileName: "skill.py",
    files: [workFile("package/part.py", "def half(x):\n    return x / 2\n"), workFile("data", "d")],
  };
  return await sandbox.start(program, defaultLimits);
}

const treeAttacks = `
import os
from package.part import half
def _try(attack):
    try:
        attack()
        return "worked"
    except OSError as error:
        return type(error).__name__
def f():
    file = "/skill/package/part.py"
    attacks = [
        lambda: open("/skill/new", "w"),
        lambda: open(file, "a").write("x"),
        lambda: open(file, "w"),
        lambda: (os.chmod(file, 0o777), open(file, "w")),
        lambda: os.truncate(file, 0),
        lambda: os.unlink(file),
        lambda: os.rename(file, "/skill/package/other.py"),
        lambda: os.rename("/skill/package", "/skill/other"),
        lambda: os.rename(file, "/work/part.py"),
        lambda: (open("/work/new", "w").close(), os.replace("/work/new", file)),
        lambda: os.mkdir("/skill/folder"),
        lambda: os.rmdir("/skill/package"),
        lambda: os.symlink("/work", "/skill/link"),
        lambda: os.rename("/skill", "/gone"),
    ]
    return [half(8), open("data" if os.path.exists("data") else "/skill/data").read(),
            [_try(attack) for attack in attacks], open(file).read()]
`;

const programChecks = (name: BackendName): void => {
  it("start() keeps the program's files importable and unchanged when the skill attacks them", async () => {
    const started = await startTree(await open(name), treeAttacks);
    expect(started).toMatchObject({ kind: "started" });
    const outcome = await started.subject?.call({ args: [] });
    expect(outcome).toMatchObject({
      value: [4, "d", expect.not.arrayContaining(["worked"]), "def half(x):\n    return x / 2\n"],
    });
    await started.subject?.close();
  });

  it("start() runs the whole program as the main module when it names no entry", async () => {
    const sandbox = await open(name);
    const program: Program = {
      language: "python",
      source: "import sys\nif __name__ == '__main__':\n    print('ran')\n    sys.exit(3)\n",
      fileName: "tool.py",
    };
    expect(await sandbox.start(program, defaultLimits)).toMatchObject({
      kind: "raised",
      errorType: "SystemExit",
      message: "3",
      printed: "ran\n",
    });
  });

  const processStarts: [string, string][] = [
    ["subprocess.run", "import subprocess\ndef f():\n    subprocess.run(['/bin/true'])"],
    ["subprocess.Popen", "import subprocess\ndef f():\n    return subprocess.Popen(['x']).pid"],
    [
      "multiprocessing",
      "def f():\n    import multiprocessing\n    with multiprocessing.Pool(1) as pool:\n" +
        "        return pool.map(abs, [1])",
    ],
  ];
  it.each(rowsOn(name, processStarts))(
    "call() dies of process-limit when the skill starts a process by %s",
    async (_name, source) => {
      expect(await callOnce(await open(name), source)).toMatchObject({
        kind: "died",
        reason: "process-limit",
        detail: expect.stringContaining("0 processes"),
      });
    },
  );

  const threadStarts: [string, string][] = [
    ["threading", "import threading\ndef f():\n    threading.Thread(target=print).start()"],
    ["_thread", "import _thread\ndef f():\n    _thread.start_new_thread(print, ())"],
    [
      "concurrent.futures",
      "from concurrent.futures import ThreadPoolExecutor\ndef f():\n" +
        "    with ThreadPoolExecutor(2) as pool:\n        return list(pool.map(abs, [1]))",
    ],
    [
      "asyncio.to_thread",
      "import asyncio\nasync def f():\n    return await asyncio.to_thread(abs, -1)",
    ],
    [
      "an executor of the event loop",
      "import asyncio\nasync def f():\n" +
        "    return await asyncio.get_running_loop().run_in_executor(None, abs, -1)",
    ],
  ];
  it.each(rowsOn(name, threadStarts))(
    "call() dies of process-limit when the skill starts a thread by %s",
    async (_name, source) => {
      expect(await callOnce(await open(name), source)).toMatchObject({
        kind: "died",
        reason: "process-limit",
        detail: expect.stringMatching(/it tried to start a thread.+ 0 threads/),
      });
    },
  );

  it("call() finds the standard library before the skill's tree when both have a name", async () => {
    const sandbox = await openAnew(name);
    const files = ["json", "statistics", "test"].map((each) =>
      workFile(`${each}.py`, "mine = 1\n"),
    );
    const source =
      "import json, statistics, test\ndef f():\n    import json as again\n" +
      "    return [[hasattr(module, 'mine') for module in (json, statistics, test)], again is json]";
    // As soon as can be, and by a process that has waited, which imports before it is asked.
    for (const waitMs of [0, 200]) {
      if (waitMs > 0) {
        await sandbox.warm();
        await setTimeout(waitMs);
      }
      const program: Program = {
        language: "python",
        source,
        entry: "f",
        fileName: "json.py",
        files,
      };
      const started = await sandbox.start(program, defaultLimits);
      const outcome = await started.subject?.call({ args: [] });
      expect(outcome).toMatchObject({ value: [[false, false, true], true] });
      await started.subject?.close();
    }
  });

  it("call() answers what it returned when the skill survives a refused process", async () => {
    const source =
      "import subprocess\ndef f():\n    try:\n        subprocess.run(['/bin/true'])\n" +
      "    except OSError:\n        return 'without'";
    expect(await callOnce(await open(name), source)).toMatchObject({ value: "without" });
  });

  it("call() reports the skill's own error when an attempt was caught before", async () => {
    const source =
      "import os\ndef f():\n    try:\n        os.fork()\n    except (OSError, AttributeError):\n" +
      "        pass\n    open('missing')";
    expect(await callOnce(await open(name), source)).toMatchObject({
      kind: "raised",
      errorType: "FileNotFoundError",
    });
  });

  it.each([
    ["MemoryError", "def f():\n    raise MemoryError()", "out-of-memory"],
    ["ENOSPC", "import errno\ndef f():\n    raise OSError(errno.ENOSPC, 'no space')", "file-limit"],
  ])("call() dies when %s is not caught", async (_name, source, reason) => {
    expect(await callOnce(await open(name), source)).toMatchObject({ kind: "died", reason });
  });

  it("call() names the program's own further files in a trace when they raise", async () => {
    const source = "from package.part import half\ndef f():\n    return half('x')\n";
    const started = await startTree(await open(name), source);
    expect(await started.subject?.call({ args: [] })).toMatchObject({
      errorType: "TypeError",
      trace: "skill.py:3 in f: return half('x')\npackage/part.py:2 in half: return x / 2",
    });
    await started.subject?.close();
  });
};

describe("python program on deno", () => {
  programChecks("deno");

  it("call() raises the skill's own error when it went through JavaScript, whose stacks are empty", async () => {
    const source =
      "from pyodide.ffi import create_proxy, to_js\ndef f():\n    def fail(*parts):\n" +
      "        raise LookupError('mine')\n    to_js([1]).map(create_proxy(fail))";
    expect(await callOnce(await open("deno"), source)).toMatchObject({
      kind: "raised",
      errorType: "LookupError",
      message: "mine",
    });
  });

  it("call() dies of process-limit when the skill calls the C library's system", async () => {
    const source = "import ctypes\ndef f():\n    return ctypes.CDLL(None).system(b'ls')";
    expect(await callOnce(await open("deno"), source)).toMatchObject({
      kind: "died",
      reason: "process-limit",
      detail: expect.stringContaining("it tried to start system"),
    });
  });

  it("call() says what WebAssembly lacks when a skill starts a thread", async () => {
    const source = "import threading\ndef f():\n    threading.Thread(target=print).start()";
    expect(await callOnce(await open("deno"), source)).toMatchObject({
      kind: "died",
      reason: "process-limit",
      detail: expect.stringContaining("WebAssembly has no threads"),
    });
  });
});

describeWith("bubblewrap", "python program on bubblewrap", () => {
  programChecks("bubblewrap");

  it("call() is refused a thread when the skill asks the C library for one", async () => {
    const source =
      "import asyncio, ctypes\nasync def f():\n    libc = ctypes.CDLL(None)\n" +
      "    number = ctypes.c_ulong()\n    await asyncio.sleep(0)\n" +
      "    return libc.pthread_create(ctypes.byref(number), None, libc.getpid, None) != 0";
    expect(await callOnce(await open("bubblewrap"), source)).toMatchObject({ value: true });
  });

  it("call() names the address space when a skill asks for more memory than that", async () => {
    const source = "def f():\n    return len(bytearray(600 * 1024 * 1024))";
    const outcome = await callOnce(await open("bubblewrap"), source);
    expect(outcome).toMatchObject({
      reason: "out-of-memory",
      detail: expect.stringContaining("allowed: 512 MiB of address space"),
    });
    expect(outcome).not.toMatchObject({ detail: expect.stringContaining("maxMemoryBytes") });
  });
});

const folderAttacks: readonly [string, string][] = [
  ["a symbolic link", "os.symlink('/etc/passwd', 'x')"],
  ["a hard link", "open('a', 'w').close(); os.link('a', 'b')"],
  ["a terabyte of nothing", "f = open('x', 'wb'); f.truncate(60_000_000); f.close()"],
  ["a file beyond its limit", "open('x', 'wb').truncate(1 << 40)"],
  ["more bytes than fit", "[open(str(i), 'wb').write(bytes(9_000_000)) for i in range(9)]"],
  ["many files", "[open(str(i), 'w').close() for i in range(100)]"],
  ["more files than a folder holds", "[open(str(i), 'w').close() for i in range(9_000)]"],
  ["folders in folders", "[(os.mkdir('a' * 200), os.chdir('a' * 200)) for i in range(30)]"],
  ["a name that is no text", "open(b'\\xff', 'w').close()"],
];

const isRoot = process.getuid?.() === 0;

/** The sandbox as AppArmor would leave it, whose processes may change no mount. */
async function openWithoutCapability(user: "nobody" | "its own"): Promise<Sandbox> {
  const outlook = await bubblewrapBackend("python").look();
  if (outlook.kind !== "usable") {
    throw new Error(outlook.reason);
  }
  const line = await outlook.launcher.commandLine();
  const without = line.args.filter((arg) => arg !== "--cap-add" && arg !== "CAP_SYS_ADMIN");
  const plain = { ...line, args: without };
  const asNobody = ["--reuid", "65534", "--regid", "65534", "--clear-groups", line.command];
  const planned =
    user === "nobody" && isRoot
      ? { ...line, command: "/usr/bin/setpriv", args: [...asNobody, ...without] }
      : plain;
  const launcher = { ...outlook.launcher, commandLine: async () => planned };
  const sandbox = launchedSandbox("python", "bubblewrap", launcher);
  opened.push(sandbox);
  return sandbox;
}

const limitsSource =
  "import resource as r\ndef f():\n" +
  "    return [r.getrlimit(each) for each in (r.RLIMIT_CPU, r.RLIMIT_FSIZE, r.RLIMIT_CORE, r.RLIMIT_NOFILE, r.RLIMIT_AS)]";

describeWith("bubblewrap", "the kernel's limits of python on bubblewrap", () => {
  it.each([
    ["its host has more", 10_000, 660],
    ["its host has less already", 100, 100],
  ])("start() bounds the process when %s", async (_when, hostSeconds, seconds) => {
    const outlook = await bubblewrapBackend("python").look();
    if (outlook.kind !== "usable") {
      throw new Error(outlook.reason);
    }
    const line = await outlook.launcher.commandLine();
    const script = `ulimit -t ${hostSeconds}; exec "$@"`;
    const args = ["-c", script, "sh", line.command, ...line.args];
    const commandLine = async () => ({ ...line, command: "/bin/sh", args });
    const sandbox = launchedSandbox("python", "bubblewrap", { ...outlook.launcher, commandLine });
    opened.push(sandbox);
    const both = (value: number) => [value, value];
    const value = [seconds, 64 * 1024 ** 2, 0, 64, 512 * 1024 ** 2].map(both);
    expect(await callOnce(sandbox, limitsSource)).toMatchObject({ value });
  });
});

describeWith("bubblewrap", "python without a capability on bubblewrap", () => {
  it("start() keeps the program's files unchanged when AppArmor would allow no mount", async () => {
    const started = await startTree(await openWithoutCapability("nobody"), treeAttacks);
    expect(await started.subject?.call({ args: [] })).toMatchObject({
      value: [4, "d", expect.not.arrayContaining(["worked"]), "def half(x):\n    return x / 2\n"],
    });
    await started.subject?.close();
  });

  it.runIf(isRoot)("start() refuses when root's devices could be changed", async () => {
    expect(await startTree(await openWithoutCapability("its own"), treeAttacks)).toMatchObject({
      kind: "died",
      detail: expect.stringContaining("protecting /dev/null"),
    });
  });
});

describeWith("bubblewrap", "python files on bubblewrap", () => {
  it.each(folderAttacks)(
    "call() dies of file-limit when a skill makes %s",
    async (_name, attack) => {
      const source = `import os\ndef f():\n    ${attack}`;
      const outcome = await callOnce(await open("bubblewrap"), source, [], { collectFiles: true });
      expect(outcome).toMatchObject({ kind: "died", reason: "file-limit" });
    },
  );

  it("call() empties the folder when the call before left what is hard to remove", async () => {
    const source = `
import os
def f(first):
    if first:
        for depth in range(1_500):
            os.mkdir("deeper-than-a-path-may-be")
            os.chdir("deeper-than-a-path-may-be")
        open("a", "w").close()
        os.chdir("/work")
        os.mkdir("closed")
        open("closed/a", "w").close()
        os.chmod("closed", 0)
        os.chmod("/work", 0o500)
        os.symlink("/usr", "/tmp/link")
    return [os.listdir("."), os.listdir("/tmp"), os.getcwd()]
`;
    const sandbox = await open("bubblewrap");
    const program: Program = { language: "python", source, entry: "f", fileName: "skill.py" };
    const started = await sandbox.start(program, defaultLimits);
    await started.subject?.call({ args: [true] });
    expect(await started.subject?.call({ args: [false] })).toMatchObject({
      value: [[], [], "/work"],
    });
    await started.subject?.close();
  });

  it("call() keeps what is printed past Python's streams, after what went through them", async () => {
    const source =
      "import os, sys\ndef f():\n    os.write(1, b'raw 1\\n')\n    os.write(2, b'raw 2\\n')\n" +
      "    print('out')\n    print('err', file=sys.stderr)\n    return os.read(0, 9)";
    expect(await callOnce(await open("bubblewrap"), source)).toMatchObject({
      printed: "out\nerr\nraw 1\nraw 2\n",
      value: { $bytes: "" },
    });
  });

  it("call() shows nothing of what was printed since the call before", async () => {
    const source = `
import os, signal
def f(arm):
    if arm:
        signal.signal(signal.SIGALRM, lambda *_: os.write(1, b"between "))
        signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
    else:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return arm
`;
    const sandbox = await open("bubblewrap");
    const program: Program = { language: "python", source, entry: "f", fileName: "skill.py" };
    const started = await sandbox.start(program, defaultLimits);
    expect(await started.subject?.call({ args: [true] })).toMatchObject({ value: true });
    await setTimeout(300);
    expect(await started.subject?.call({ args: [false] })).toMatchObject({ printed: "" });
    await started.subject?.close();
  });

  it("call() dies of output-limit when a flood goes past Python's streams", async () => {
    const source =
      "import os\ndef f():\n    for _ in range(100):\n        os.write(1, b'x' * 99_999)";
    expect(await callOnce(await open("bubblewrap"), source)).toMatchObject({
      kind: "died",
      reason: "output-limit",
    });
  });

  it("call() is refused every way out when the skill looks for one", async () => {
    const source = `
import ctypes, os, socket
def attempt(attack):
    try:
        return str(attack())
    except Exception as error:
        return type(error).__name__
def f():
    libc = ctypes.CDLL(None, use_errno=True)
    return {
        "fork": attempt(os.fork),
        "exec": attempt(lambda: os.execv("/usr/bin/python3.11", ["x"])),
        "socket": attempt(lambda: socket.socket()),
        "unix": attempt(lambda: socket.socket(socket.AF_UNIX)),
        "parent": attempt(lambda: os.kill(1, 9)),
        "group": attempt(lambda: os.kill(0, 9)),
        "remount": libc.mount(b"none", b"/skill", b"", 32 | 4096, b""),
        "unshare": libc.unshare(0x10000000),
        "memfd": attempt(lambda: os.memfd_create("x")),
        "proc": attempt(lambda: os.listdir("/proc")),
        "home": attempt(lambda: os.listdir("/home")),
        "packages": attempt(lambda: os.listdir("/usr/lib/python3/dist-packages")),
        "root": attempt(lambda: open("/new", "w")),
        "dev": attempt(lambda: open("/dev/new", "w")),
        "device mode": attempt(lambda: os.chmod("/dev/null", os.stat("/dev/null").st_mode & 0o777)),
        "device times": attempt(lambda: os.utime("/dev/zero", (1, 1))),
        "device use": attempt(lambda: open("/dev/null", "wb").write(open("/dev/zero", "rb").read(3))),
    }
`;
    expect(await callOnce(await open("bubblewrap"), source)).toMatchObject({
      value: {
        fork: "PermissionError",
        exec: expect.stringMatching(/PermissionError|FileNotFoundError/),
        socket: "PermissionError",
        unix: "PermissionError",
        parent: "PermissionError",
        group: "PermissionError",
        remount: -1,
        unshare: -1,
        memfd: "PermissionError",
        proc: "FileNotFoundError",
        home: "FileNotFoundError",
        packages: "FileNotFoundError",
        root: "OSError",
        dev: "OSError",
        // Root owns the nodes, anybody else may not change them at all.
        "device mode": expect.stringMatching(/^(?:OSError|PermissionError)$/),
        "device times": expect.stringMatching(/^(?:OSError|PermissionError)$/),
        "device use": "3",
      },
    });
  });
});
