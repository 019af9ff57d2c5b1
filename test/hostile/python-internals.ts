import type { HostileProgram } from "./hostile-program.ts";
import { pythonAttacks } from "./python-attack.ts";

const internals = pythonAttacks("runtime-internals", [
  {
    name: "walk-frames",
    goal: "the runner's frames and what their variables hold",
    body: `
import sys
frame = sys._getframe()
while frame is not None:
    for name, value in list(frame.f_locals.items()) + list(frame.f_globals.items()):
        if name in ("secret", "expected", "tests", "token", "nonce"):
            reached()
        if "Deno" in type(value).__name__:
            reached()
    frame = frame.f_back`,
  },
  {
    name: "replace-runner-functions",
    goal: "a forged answer by functions of the runner that were replaced",
    body: `
import sys, gc
def forged(*parts, **named):
    return "R\\"reached " + world["marker"] + "\\""
frame = sys._getframe()
while frame.f_back is not None:
    frame = frame.f_back
    for name in ("_dumps", "_describe", "_call", "_Encoder", "_repr", "encode"):
        if name in frame.f_globals:
            frame.f_globals[name] = lambda *parts, **named: "innocent"
return "innocent"`,
  },
  {
    name: "replace-builtins",
    goal: "what the runner calls, replaced in the modules that all share",
    body: `
import builtins, json, sys
for name in ("isinstance", "repr", "type", "sorted", "len", "callable"):
    setattr(builtins, name, lambda *parts: True)
json.dumps = lambda *parts, **named: "42"
return {"a": [1]}`,
  },
  {
    name: "garbage-objects",
    goal: "objects of the runner, found by the collector, and files among them",
    body: `
import gc, io
for thing in gc.get_objects():
    if isinstance(thing, io.FileIO) and thing.name not in (0, 1, 2, "<stdin>", "<stdout>", "<stderr>"):
        attempt(lambda: (thing.name, thing.read(200)))
for thing in gc.get_referrers(f):
    if isinstance(thing, dict):
        said.append(sorted(str(key) for key in thing)[:20])`,
  },
  {
    name: "protocol-read",
    goal: "what the host sends next, read from the protocol's descriptor",
    exhausts: "cpu",
    body: `
import os
for number in (0, 3, 4, 5):
    attempt(lambda: os.read(number, 1000))
while True:
    os.read(0, 1000) if False else None`,
  },
  {
    name: "protocol-write",
    goal: "a line of one's own on every descriptor of the process",
    body: `
import os
line = b'{"type":"returned","id":"x","value":"reached ' + world["marker"].encode() + b'"}\\n'
for number in list(range(3, 20)):
    attempt(lambda: os.write(number, line))`,
  },
  {
    name: "protocol-close",
    goal: "a run without end, by closing the descriptors the host watches",
    exhausts: "cpu",
    body: `
import os
for number in range(0, 64):
    try:
        os.close(number)
    except OSError:
        pass
while True:
    pass`,
  },
  {
    name: "protocol-flood",
    goal: "the host's memory, by lines on the protocol's descriptors that never end",
    exhausts: "output",
    body: `
import os
block = b"x" * 65536
for number in range(1, 20):
    try:
        for _ in range(20_000):
            os.write(number, block)
    except OSError:
        pass
raise MemoryError("no descriptor took it")`,
  },
  {
    name: "stdout-object",
    goal: "the raw output under the captured one",
    body: `
import sys
line = '{"type":"returned","id":"x","value":1}\\n'
attempt(lambda: sys.__stdout__.write(line) and sys.__stdout__.flush())
attempt(lambda: sys.__stdout__.buffer.raw.write(line.encode()))
attempt(lambda: sys.stdout.buffer.raw.write(line.encode()))
attempt(lambda: open("/dev/stdout", "w").write(line))
attempt(lambda: open("/dev/fd/1", "w").write(line))
attempt(lambda: open("/proc/self/fd/1", "w").write(line))
return "innocent"`,
  },
  {
    name: "trace-runner",
    goal: "control over the runner's own lines by trace and profile functions",
    body: `
import sys, threading
def watch(frame, event, argument):
    for name in ("value", "result", "encoded", "text"):
        if name in frame.f_locals and "skill" not in frame.f_code.co_filename:
            frame.f_locals[name] = 42
    return watch
frame = sys._getframe().f_back
while frame is not None:
    frame.f_trace = watch
    frame = frame.f_back
sys.settrace(watch)
sys.setprofile(lambda *parts: None)
attempt(lambda: sys.monitoring.use_tool_id(1, "hostile"))
return "innocent"`,
  },
  {
    name: "audit-hook",
    goal: "an audit hook that stops whatever the runner does next",
    body: `
import sys
def refuse(event, arguments):
    raise RuntimeError("refused " + event)
sys.addaudithook(refuse)
return "innocent"`,
  },
  {
    name: "exit-handlers",
    goal: "code at the interpreter's end, when nobody watches any more",
    body: `
import atexit, sys, weakref
def at_end():
    open(world["writeFolder"] + "/at-end", "w").close()
    print(open(world["canaryPath"]).read())
atexit.register(at_end)
globals()["kept"] = type("Kept", (), {"__del__": lambda self: at_end()})()
weakref.finalize(sys.modules["sys"], at_end)
sys.exitfunc = at_end
sys.exit(3)`,
  },
  {
    name: "exit-at-once",
    goal: "an end that counts as success",
    body: `
import os
os._exit(0)`,
  },
  {
    name: "null-pointer",
    goal: "a crash that takes the host with it or answers for the program",
    body: `
import ctypes
ctypes.string_at(0)
ctypes.memset(0, 1, 100)`,
  },
  {
    name: "stack-overflow",
    goal: "a crash of the interpreter by a stack without a floor",
    exhausts: "cpu",
    body: `
import sys
sys.setrecursionlimit(10 ** 9)
def deeper(n):
    return deeper(n + 1) + 1
deeper(0)`,
  },
  {
    name: "native-stack-overflow",
    goal: "a crash in C code that recurses: comparison, repr, pickle, parser",
    body: `
import sys
attempt(lambda: sys.setrecursionlimit(10 ** 8))
def nested(make):
    one = []
    for _ in range(200_000):
        one = make(one)
    return one
attempt(lambda: len(repr(nested(lambda one: [one]))))
attempt(lambda: nested(lambda one: [one]) == nested(lambda one: [one]))
attempt(lambda: eval("(" * 5_000 + ")" * 5_000))
attempt(lambda: __import__("json").loads("[" * 200_000))
attempt(lambda: __import__("ast").literal_eval("-" * 100_000 + "1"))`,
  },
  {
    name: "broken-code-object",
    goal: "memory of the interpreter by byte code that no compiler made",
    body: `
import types
code = (lambda: None).__code__
for spoiled in (bytes([100, 255, 83, 0]), bytes([124, 200, 83, 0]), b"\\xff\\xff" * 8, bytes(range(256))):
    attempt(lambda: types.FunctionType(code.replace(co_code=spoiled, co_consts=(), co_stacksize=1), {})())`,
  },
  {
    name: "marshal-garbage",
    goal: "memory of the interpreter by marshal data that lies",
    body: `
import marshal
for data in (b"\\xe3" + bytes(60), b"[\\xff\\xff\\xff\\x7f", b"r\\xff\\xff\\xff\\x7f", b"\\xdb\\x02\\0\\0\\0r\\0\\0\\0\\0N", b"(\\xff\\xff\\xff\\x7fN", b"s\\xff\\xff\\xff\\x7f"):
    attempt(lambda: marshal.loads(data))`,
  },
  {
    name: "object-by-address",
    goal: "any address read and written, by a type confused through ctypes",
    body: `
import ctypes
number = 41
ctypes.memmove(id(number) + 24, ctypes.byref(ctypes.c_int(42)), 4)
fake = ctypes.cast(id("text") + 8, ctypes.py_object)
attempt(lambda: ctypes.pythonapi.PyRun_SimpleString(b"print(open('%s').read())" % world["canaryPath"].encode()))
attempt(lambda: ctypes.cast(0x41414141, ctypes.py_object).value)`,
    reachesBare: true,
  },
  {
    name: "pickle-of-harm",
    goal: "code run by unpickling, on this side or the host's",
    reachesBare: true,
    body: `
import pickle
class Harm:
    def __reduce__(self):
        return (eval, ("open(" + repr(world["canaryPath"]) + ").read()",))
data = pickle.dumps(Harm())
attempt(lambda: pickle.loads(data))
return [said, data]`,
  },
  {
    name: "lying-types",
    goal: "another answer than the value's, by subclasses that lie",
    body: `
class Text(str):
    def __str__(self):
        return "reached " + world["marker"]
    __repr__ = __format__ = encode = __str__
class Number(int):
    def __repr__(self):
        return "\\"reached " + world["marker"] + "\\""
    __str__ = __index__ = __repr__
class Table(dict):
    def items(self):
        return [("reached " + world["marker"], 1)]
    __iter__ = keys = lambda self: iter(["reached " + world["marker"]])
return [Text("plain"), Number(5), Table(a=1)]`,
  },
  {
    name: "fault-handler",
    goal: "the runner's stack and files, written by the fault handler",
    body: `
import faulthandler
attempt(lambda: faulthandler.enable(open(world["writeFolder"] + "/fault", "w")))
attempt(lambda: faulthandler.dump_traceback_later(0.01, exit=True))
attempt(lambda: faulthandler.register(10, chain=True))
faulthandler._sigsegv()`,
    reachesBare: true,
  },
  {
    name: "javascript-stack",
    goal: "a path of the host, by the stack of an error of JavaScript",
    body: `
def stack(change):
    from pyodide.ffi import to_js
    try:
        to_js([1]).reduce(5)
    except BaseException as error:
        attempt(lambda: change(error.constructor))
        attempt(lambda: change(getattr(error.constructor, "__proto__")))
    try:
        to_js([1]).reduce(5)
    except BaseException as error:
        if "file://" in str(error.stack) or "pyodide.asm" in str(error.stack):
            reached()
        return error.stack
attempt(lambda: stack(lambda kind: None))
attempt(lambda: stack(lambda kind: setattr(kind, "stackTraceLimit", 50)))
attempt(lambda: stack(lambda kind: setattr(kind, "prepareStackTrace", None)))
attempt(lambda: stack(lambda kind: delattr(kind, "prepareStackTrace")))`,
  },
  {
    name: "emscripten-callstack",
    goal: "a path of the host, by Emscripten's own list of the functions that run",
    body: `
def callstack(flags):
    import ctypes
    text = ctypes.create_string_buffer(9_000)
    ctypes.CDLL(None).emscripten_get_callstack(flags, text, 9_000)
    if b"file://" in text.value or b"pyodide.asm" in text.value:
        reached()
    return text.value
for flags in (0, 1, 8, 16, 24, 127):
    attempt(lambda: callstack(flags))`,
  },
  {
    name: "debugger-attach",
    goal: "a shell for the next one who knocks, by the interpreter's debugger",
    body: `
import sys
attempt(lambda: sys.remote_exec(world["hostPid"], world["canaryFolder"] + "/canary.py") or reached())
attempt(lambda: sys.remote_exec(world["victimPid"], world["canaryFolder"] + "/canary.py") or reached())
attempt(lambda: __import__("code").interact(readfunc=lambda prompt: "raise SystemExit"))
attempt(lambda: input("more"))`,
  },
]);

export const pythonInternals: readonly HostileProgram[] = internals;
