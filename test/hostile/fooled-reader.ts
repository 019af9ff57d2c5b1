import type { Language } from "../../src/shared/json.ts";
import type { HostileTopic } from "./hostile-program.ts";

/**
 * One capability that the static reader knows, asked for twice: plainly, which the reader refuses, and
 * in a disguise that it accepts, where only the sandbox stands in the way. Both sources define `f(w)`,
 * see `HostileWorld`; the disguised one prints `attacking` right before it reaches out.
 */
export interface FooledProgram {
  /** The rule that the plain source breaks, and just that one. */
  readonly capability: string;
  readonly language: Language;
  readonly tier: "forbidden" | "approval" | "unavailable";
  readonly topic: HostileTopic;
  /** One line, as it stands in the docs: what would have been reached. */
  readonly goal: string;
  /** One line, as it stands in the docs: how it is hidden. */
  readonly disguise: string;
  readonly plain: string;
  readonly disguised: string;
  /** Nothing is there to reach for a program that runs without a sandbox on this machine. */
  readonly onlyInside?: true;
}

const byPathArgument = "a path that comes as an argument";
const byModuleTable = "`attrgetter` to the table of modules";
const byDescriptors = "the global object's descriptors, searched for a name put together";

/** Reaches every module by names that stand in texts only. */
function hiddenPython(body: string, more = ""): string {
  return `from operator import attrgetter
import shutil
${more}

def f(w):
    modules = attrgetter("sys.modules")(shutil)
    load = attrgetter("__import__")(modules["builtins"])
    print("attacking")
    ${body.trim().replaceAll("\n", "\n    ")}
`;
}

const python: readonly Omit<FooledProgram, "language">[] = [
  {
    capability: "builtin-eval",
    tier: "forbidden",
    topic: "runtime-internals",
    goal: "a text executed that reads a file outside",
    disguise: byModuleTable,
    plain: "def f(w):\n    return eval(w['text'])\n",
    disguised: hiddenPython(
      `run = attrgetter("eval")(modules["builtins"])
return run("open(" + repr(w["canaryPath"]) + ").read()")`,
    ),
  },
  {
    capability: "code-from-text",
    tier: "forbidden",
    topic: "import",
    goal: "a program of the host executed",
    disguise: byModuleTable,
    plain: "import runpy\n\ndef f(w):\n    return runpy.run_path(w['path'])\n",
    disguised: hiddenPython(
      `run = attrgetter("run_path")(load("runpy"))
return run(w["canaryFolder"] + "/canary.py")["text"]`,
    ),
  },
  {
    capability: "builtin-import",
    tier: "forbidden",
    topic: "import",
    goal: "a module of the host, from its folder",
    disguise: byModuleTable,
    plain: "def f(w):\n    return __import__(w['name'])\n",
    disguised: hiddenPython(
      `attrgetter("sys.path")(shutil).append(w["canaryFolder"])
return attrgetter("text")(load("canary"))`,
    ),
  },
  {
    capability: "command",
    tier: "forbidden",
    topic: "process",
    goal: "a command of the system that writes outside",
    disguise: "`attrgetter` through a module that holds another",
    plain: "import os\n\ndef f(w):\n    return os.system(w['command'])\n",
    disguised: hiddenPython(
      `return attrgetter("os.system")(shutil)("true > " + w["writeFolder"] + "/made")`,
    ),
  },
  {
    capability: "process-control",
    tier: "forbidden",
    topic: "signal",
    goal: "a process of the host, ended by a signal",
    disguise: "`match` on the attributes of a module",
    plain: "import os\n\ndef f(w):\n    os.kill(w['pid'], 9)\n",
    disguised: `import glob

def f(w):
    match glob:
        case object(os=found):
            match found:
                case object(kill=run):
                    print("attacking")
                    run(w["victimPid"], 9)
`,
  },
  {
    capability: "threads",
    tier: "unavailable",
    topic: "process",
    goal: "a thread that reads a file outside",
    disguise: byModuleTable,
    plain: `from concurrent.futures import ThreadPoolExecutor

def f(w):
    return ThreadPoolExecutor().submit(print, "in a thread").result()
`,
    disguised: hiddenPython(
      `start = attrgetter("ThreadPoolExecutor")(load("concurrent.futures").futures)
return start().submit(lambda path: open(path).read(), w["canaryPath"]).result()`,
    ),
  },
  {
    capability: "native-code",
    tier: "forbidden",
    topic: "system-call",
    goal: "a command of the system, started by the C library",
    disguise: byModuleTable,
    plain: "import ctypes\n\ndef f(w):\n    return ctypes.CDLL(None).system(w['command'])\n",
    disguised: hiddenPython(
      `library = attrgetter("CDLL")(load("ctypes"))(None)
command = "true > " + w["writeFolder"] + "/made"
return attrgetter("system")(library)(command.encode()) == 0`,
    ),
  },
  {
    capability: "network",
    tier: "approval",
    topic: "network",
    goal: "a TCP connection to a port of the host",
    disguise: byModuleTable,
    plain:
      "import socket\n\ndef f(w):\n    return socket.create_connection(('127.0.0.1', w['tcpPort']))\n",
    disguised: hiddenPython(
      `connect = attrgetter("create_connection")(load("socket"))
connect(("127.0.0.1", w["tcpPort"])).sendall(b"GET / HTTP/1.0\\r\\n\\r\\n")`,
    ),
  },
  {
    capability: "environment",
    tier: "approval",
    topic: "environment",
    goal: "a variable of the host's environment",
    disguise: "the field of a format text",
    plain: "import os\n\ndef f(w):\n    return os.environ[w['environmentName']]\n",
    disguised: `import glob

def f(w):
    print("attacking")
    return ("{0.os.environ[" + w["environmentName"] + "]}").format(glob)
`,
  },
  {
    capability: "file-outside",
    tier: "approval",
    topic: "read-outside",
    goal: "the text of a file outside",
    disguise: byPathArgument,
    plain: "def f(w):\n    return open('/etc/hostname').read()\n",
    disguised: "def f(w):\n    print('attacking')\n    return open(w['canaryPath']).read()\n",
  },
  {
    capability: "write-outside",
    tier: "forbidden",
    topic: "write-outside",
    goal: "a new file in a folder of the host",
    disguise: byPathArgument,
    plain: "def f(w):\n    open('/etc/made', 'w').write('made')\n",
    disguised:
      "def f(w):\n    print('attacking')\n    open(w['writeFolder'] + '/made', 'w').write('made')\n",
  },
  {
    capability: "sandbox-runtime",
    onlyInside: true,
    tier: "forbidden",
    topic: "javascript-from-python",
    goal: "a file outside, read by the engine around the interpreter",
    disguise: byModuleTable,
    plain: "import js\n\ndef f(w):\n    return js.Deno.readTextFileSync(w['canaryPath'])\n",
    disguised: hiddenPython(
      `return attrgetter("Deno.readTextFileSync")(load("js"))(w["canaryPath"])`,
    ),
  },
  {
    capability: "module-unavailable",
    onlyInside: true,
    tier: "unavailable",
    topic: "import",
    goal: "a package that was never installed",
    disguise: byModuleTable,
    plain: "import numpy\n\ndef f(w):\n    return numpy.zeros(1).size\n",
    disguised: hiddenPython(
      `attrgetter("zeros")(load("numpy"))(1)
print("reached " + w["marker"])`,
    ),
  },
];

function hiddenTypeScript(body: string): string {
  return `function reach(owner, ...parts) {
  const entries = Object.entries(Object.getOwnPropertyDescriptors(owner));
  const [, found] = entries.find(([name]) => name === parts.join("")) ?? [];
  return found?.get === undefined ? found?.value : found.get.call(owner);
}

async function f(w) {
  const everything = [globalThis].at(0);
  console.log("attacking");
  ${body.trim().replaceAll("\n", "\n  ")}
}
`;
}

const typescript: readonly Omit<FooledProgram, "language">[] = [
  {
    capability: "builtin-eval",
    tier: "forbidden",
    topic: "runtime-internals",
    goal: "a text executed as code",
    disguise: "the constructor of a function, found among descriptors",
    plain: "function f(w) {\n  return eval(w.text);\n}\n",
    disguised: hiddenTypeScript(
      `const make = reach(Object.getPrototypeOf(f), "construc", "tor");
return make("marker", "return 'reached ' + marker")(w.marker);`,
    ),
  },
  {
    capability: "code-from-text",
    tier: "forbidden",
    topic: "process",
    goal: "a thread with code of its own",
    disguise: byDescriptors,
    plain: 'function f(w) {\n  return new Worker("data:text/javascript,1");\n}\n',
    disguised: hiddenTypeScript(
      `const Started = reach(everything, "Wor", "ker");
new Started("data:text/javascript,1", { type: "module" });
return "reached " + w.marker;`,
    ),
  },
  {
    capability: "builtin-import",
    tier: "forbidden",
    topic: "import",
    goal: "a file outside, by a module loaded by its name",
    disguise: byDescriptors,
    plain: 'function f(w) {\n  return require("node:path").join("a", "b");\n}\n',
    disguised: hiddenTypeScript(
      `const load = reach(reach(everything, "pro", "cess"), "getBuiltin", "Module");
return load("node:fs").readFileSync(w.canaryPath, "utf8");`,
    ),
  },
  {
    capability: "command",
    tier: "forbidden",
    topic: "process",
    goal: "a command of the system that writes outside",
    disguise: byDescriptors,
    plain: 'function f(w) {\n  return new Deno.Command("touch").outputSync();\n}\n',
    disguised: hiddenTypeScript(
      `const Started = reach(reach(everything, "De", "no"), "Com", "mand");
new Started("touch", { args: [w.writeFolder + "/made"] }).outputSync();`,
    ),
  },
  {
    capability: "process-control",
    tier: "forbidden",
    topic: "signal",
    goal: "a process of the host, ended by a signal",
    disguise: byDescriptors,
    plain: 'function f(w) {\n  Deno.kill(w.pid, "SIGKILL");\n}\n',
    disguised: hiddenTypeScript(
      `reach(reach(everything, "De", "no"), "ki", "ll")(w.victimPid, "SIGKILL");`,
    ),
  },
  {
    capability: "native-code",
    tier: "forbidden",
    topic: "system-call",
    goal: "a function of the C library",
    disguise: byDescriptors,
    plain: 'function f(w) {\n  return Deno.dlopen("libc.so.6", {});\n}\n',
    disguised: hiddenTypeScript(
      `const open = reach(reach(everything, "De", "no"), "dl", "open");
open("libc.so.6", { getpid: { parameters: [], result: "i32" } }).symbols.getpid();
return "reached " + w.marker;`,
    ),
  },
  {
    capability: "network",
    tier: "approval",
    topic: "network",
    goal: "a request to the host's web server",
    disguise: byDescriptors,
    plain: 'async function f(w) {\n  return await fetch("http://127.0.0.1/");\n}\n',
    disguised: hiddenTypeScript(
      `const ask = reach(everything, "fe", "tch");
return await (await ask("http://127.0.0.1:" + w.tcpPort + "/")).text();`,
    ),
  },
  {
    capability: "storage",
    tier: "approval",
    topic: "write-outside",
    goal: "a database file in a folder of the host",
    disguise: byDescriptors,
    plain: 'async function f(w) {\n  return await Deno.openKv("data");\n}\n',
    disguised: hiddenTypeScript(
      `const load = reach(reach(everything, "pro", "cess"), "getBuiltin", "Module");
new (load("node:sqlite").DatabaseSync)(w.writeFolder + "/made").exec("create table made (one)");`,
    ),
  },
  {
    capability: "environment",
    tier: "approval",
    topic: "environment",
    goal: "a variable of the host's environment",
    disguise: byDescriptors,
    plain: 'function f(w) {\n  return Deno.env.get("HOME");\n}\n',
    disguised: hiddenTypeScript(
      `return reach(reach(everything, "De", "no"), "en", "v").get(w.environmentName);`,
    ),
  },
  {
    capability: "file-outside",
    tier: "approval",
    topic: "read-outside",
    goal: "the text of a file outside",
    disguise: byPathArgument,
    plain: 'function f(w) {\n  return Deno.readTextFileSync("/etc/hostname");\n}\n',
    disguised:
      'function f(w) {\n  console.log("attacking");\n  return Deno.readTextFileSync(w.canaryPath);\n}\n',
  },
  {
    capability: "write-outside",
    tier: "forbidden",
    topic: "write-outside",
    goal: "a new file in a folder of the host",
    disguise: byPathArgument,
    plain: 'function f(w) {\n  Deno.writeTextFileSync("/etc/made", "made");\n}\n',
    disguised:
      'function f(w) {\n  console.log("attacking");\n  Deno.writeTextFileSync(w.writeFolder + "/made", "made");\n}\n',
  },
  {
    capability: "module-unavailable",
    tier: "unavailable",
    topic: "import",
    goal: "a module of the host, imported by its path",
    disguise: "an import within the text of a function made by a constructor",
    plain: 'import ramda from "npm:ramda";\nfunction f(w) {\n  return ramda.sum([1]);\n}\n',
    disguised: hiddenTypeScript(
      `const make = reach(Object.getPrototypeOf(f), "construc", "tor");
return await make("path", "return im" + "port(path)")(w.canaryFolder + "/canary.js");`,
    ),
  },
];

/** Every capability that the reader knows, of both languages, in the order of the docs. */
export const fooledPrograms: Readonly<Record<Language, readonly FooledProgram[]>> = {
  python: python.map((program) => ({ ...program, language: "python" })),
  typescript: typescript.map((program) => ({ ...program, language: "typescript" })),
};
