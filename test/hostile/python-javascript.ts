import type { HostileProgram } from "./hostile-program.ts";
import { pythonAttacks } from "./python-attack.ts";

/** JavaScript that reads the canary by each means Deno or Node would have. */
const readByScript = `
def script():
    path = repr(world["canaryPath"])
    return "(() => { const D = globalThis.Deno; return D.readTextFileSync(" + path + "); })()"
`;

export const pythonJavascript: readonly HostileProgram[] = pythonAttacks("javascript-from-python", [
  {
    name: "js-module",
    goal: "JavaScript's global scope by the module js",
    body: `
import js
attempt(lambda: str(js.globalThis.Deno.readTextFileSync(world["canaryPath"])))
attempt(lambda: str(js.Deno.readTextFileSync(world["canaryPath"])))
attempt(lambda: js.eval("1 + 1") == 2 and reached())
attempt(lambda: js.Function("return 1")() == 1 and reached())`,
  },
  {
    name: "js-inherited",
    goal: "the runner's messages, by what every object of JavaScript inherits",
    body: `
import js
from pyodide.ffi import create_proxy, to_js
root = js.constructor
def see(this, *given):
    for value in (this, *given):
        if hasattr(value, "id") or "collectFiles" in str(value) or getattr(value, "type", "") == "printed":
            reached()
    return this
proxy = create_proxy(see, capture_this=True)
descriptor = to_js({"value": proxy, "configurable": True, "writable": True}, dict_converter=root.fromEntries)
empty = to_js([])
held = [root.getPrototypeOf(root.getPrototypeOf(empty)), root.getPrototypeOf(empty), root, root.getPrototypeOf(root), root.getPrototypeOf(js.setTimeout), root.getPrototypeOf(to_js(b"x"))]
for holder in held:
    for name in ("toJSON", "keys", "entries", "then", "push", "indexOf", "subarray", "slice", "constructor"):
        attempt(lambda: root.defineProperty(holder, name, descriptor) and None)
print("one")
print("two")`,
  },
  {
    name: "run-js",
    goal: "JavaScript evaluated by pyodide.code.run_js",
    body: `${readByScript}
from pyodide.code import run_js
attempt(lambda: str(run_js(script())))
attempt(lambda: run_js("1 + 1") == 2 and reached())`,
  },
  {
    name: "pyodide-js",
    goal: "the interpreter's own JavaScript interface and its file system",
    body: `
import pyodide_js
attempt(lambda: pyodide_js.runPython)
attempt(lambda: pyodide_js._module)
attempt(lambda: pyodide_js._api.public_api)
attempt(lambda: pyodide_js.FS.readFile(world["canaryPath"]))
attempt(lambda: str(pyodide_js._api.config.constructor.constructor("return Deno.readTextFileSync('" + world["canaryPath"] + "')")()))
attempt(lambda: pyodide_js._module._emscripten_run_script)`,
  },
  {
    name: "find-js-again",
    goal: "the removed JavaScript modules, by the finder that made them",
    body: `
import sys
attempt(lambda: sys.modules.pop("pyodide_js"))
attempt(lambda: sys.modules.pop("js"))
def find():
    from _pyodide._importhook import jsfinder
    said.append(sorted(jsfinder.jsproxies))
    for name, proxy in jsfinder.jsproxies.items():
        attempt(lambda: str(proxy.constructor.constructor("return Deno.readTextFileSync('" + world["canaryPath"] + "')")()))
        attempt(lambda: str(proxy.Deno.readTextFileSync(world["canaryPath"])))
    import pyodide_js
    return pyodide_js.FS.readFile(world["canaryPath"])
attempt(find)`,
  },
  {
    name: "to-js-constructor",
    goal: "Function, by the constructor of a converted value",
    body: `
from pyodide.ffi import to_js
code = "return Deno.readTextFileSync('" + world["canaryPath"] + "')"
for value in ([], {}, b"x", [1, [2]]):
    attempt(lambda: str(to_js(value).constructor.constructor(code)()))
    attempt(lambda: to_js(value).constructor.constructor("return 41 + 1")() == 42 and reached())
attempt(lambda: str(to_js([]).at.constructor(code)()))`,
  },
  {
    name: "async-function-constructor",
    goal: "the constructors of async functions and generators, by a converted value",
    body: `
from pyodide.ffi import to_js, create_proxy, create_once_callable
code = "return Deno.readTextFileSync('" + world["canaryPath"] + "')"
one = to_js([1, 2])
attempt(lambda: str(one.map.bind(one).constructor(code)()))
attempt(lambda: str(getattr(one, "__proto__").constructor.constructor(code)()))
attempt(lambda: str(create_proxy(f).constructor.constructor(code)()))
attempt(lambda: str(create_once_callable(f).constructor.constructor(code)()))
attempt(lambda: str(one.entries().next.constructor(code)()))`,
  },
  {
    name: "proxy-object-walk",
    goal: "the global object of JavaScript, from any object of it that Python holds",
    body: `
import gc
seen = 0
for thing in gc.get_objects():
    if type(thing).__name__ == "JsProxy" or "JsProxy" in str(type(thing).__mro__):
        seen += 1
        attempt(lambda: str(thing.Deno.readTextFileSync(world["canaryPath"])))
        attempt(lambda: str(thing.constructor.constructor("return globalThis.Deno.version.deno")()) and reached())
        attempt(lambda: str(thing.FS.readFile(world["canaryPath"])))
said.append(seen)`,
  },
  {
    name: "emscripten-run-script",
    goal: "JavaScript evaluated by Emscripten's own functions, called by ctypes",
    body: `
import ctypes
library = ctypes.CDLL(None)
code = ("console.log('rea' + 'ched " + world["marker"] + "')").encode()
def text():
    library.emscripten_run_script_string.restype = ctypes.c_char_p
    return library.emscripten_run_script_string(("Deno.readTextFileSync('" + world["canaryPath"] + "')").encode())
attempt(text)
attempt(lambda: library.emscripten_run_script(code))
attempt(lambda: library.emscripten_run_script_int(b"6 * 7") == 42 and reached())`,
  },
  {
    name: "emscripten-async-calls",
    goal: "a file or script fetched by Emscripten's own functions",
    body: `
import ctypes
library = ctypes.CDLL(None)
url = ("http://127.0.0.1:%d/" % world["tcpPort"]).encode()
attempt(lambda: library.emscripten_async_wget(url, b"/work/got", None, None))
attempt(lambda: library.emscripten_wget(url, b"/work/got"))
attempt(lambda: library.emscripten_async_load_script(url, None, None))
attempt(lambda: library.emscripten_asm_const_int(b"1"))
attempt(lambda: open("/work/got").read())`,
  },
  {
    name: "pyodide-core",
    goal: "JavaScript by the C modules of the bridge itself",
    body: `
def core():
    import _pyodide_core
    said.append([name for name in dir(_pyodide_core)][:50])
    return _pyodide_core.raw_call(0)
attempt(core)
def bridge():
    import _pyodide._core_docs, pyodide.ffi
    proxy = pyodide.ffi.JsProxy
    return proxy.__new__(proxy)
attempt(bridge)
def from_address():
    import ctypes, pyodide.ffi
    one = pyodide.ffi.to_js([1])
    # The number by which JavaScript knows the object stands in its memory: ask for others.
    memory = (ctypes.c_int * 16).from_address(id(one))
    for index in range(2, 12):
        kept = memory[index]
        for other in range(0, 64):
            memory[index] = other
            try:
                text = str(one.Deno.readTextFileSync(world["canaryPath"]))
                said.append(text)
            except BaseException:
                pass
        memory[index] = kept
attempt(from_address)`,
  },
  {
    name: "reference-table",
    goal: "the global object, by forging the number of an object of JavaScript",
    body: `
import ctypes
library = ctypes.CDLL(None)
for number in range(0, 40):
    def forge():
        library.JsProxy_create.restype = ctypes.py_object
        one = library.JsProxy_create(number)
        said.append(str(one)[:60])
        return str(one.Deno.readTextFileSync(world["canaryPath"]))
    attempt(forge)`,
  },
  {
    name: "callback-stack",
    goal: "an error of JavaScript whose stack holds functions of the runner",
    body: `
from pyodide.ffi import JsException, to_js, create_proxy
try:
    to_js([]).reduce()
except BaseException as error:
    said.append(str(error)[:300])
    attempt(lambda: str(error.js_error.constructor.constructor("return Deno.readTextFileSync('" + world["canaryPath"] + "')")()))
    attempt(lambda: str(error.constructor.prepareStackTrace))
    attempt(lambda: str(error.__context__))
attempt(lambda: to_js([1]).map(create_proxy(lambda *parts: reached() if any(hasattr(part, "Deno") for part in parts) else None)))`,
  },
  {
    name: "finalizer-in-javascript",
    goal: "code run by the engine's collector after the answer",
    body: `
from pyodide.ffi import create_proxy, to_js
class Later:
    def __del__(self):
        import os
        try:
            print(open(world["canaryPath"]).read())
        except OSError:
            pass
attempt(lambda: to_js([create_proxy(Later()) for _ in range(100)]) and None)
import gc
gc.collect()`,
  },
  {
    name: "web-loop",
    goal: "a timer of the engine that runs after the answer, and the loop's inner parts",
    body: `
import asyncio
def later():
    print("reached " + world["marker"])
def plan():
    from pyodide.webloop import WebLoop
    loop = WebLoop()
    loop.call_soon(lambda: open(world["canaryPath"]))
    said.append([name for name in dir(loop) if "js" in name.lower()])
    return loop._in_progress
attempt(plan)
def timers():
    import pyodide.webloop as module
    return str(module.setTimeout.constructor("return Deno.readTextFileSync('" + world["canaryPath"] + "')")())
attempt(timers)
def scheduled():
    import pyodide.webloop as module
    return str(module.scheduleCallback.constructor("return Deno.readTextFileSync('" + world["canaryPath"] + "')")())
attempt(scheduled)`,
  },
  {
    name: "dynamic-import",
    goal: "a module of the host or of Node by JavaScript's import",
    body: `
def road(text):
    from pyodide.code import run_js
    return run_js(text)
for what in ("node:fs", "node:child_process", "file://" + world["canaryFolder"] + "/canary.js", "data:text/javascript,export default 1"):
    attempt(lambda: road("import(" + repr(what) + ")") and reached())
def standard():
    from js import Function
    return Function("return import('node:fs')")()
attempt(standard)`,
  },
  {
    name: "prototype-change",
    goal: "the runner's own JavaScript, changed by a changed prototype",
    body: `
from pyodide.ffi import to_js, create_proxy
def change():
    prototype = getattr(to_js({}), "__proto__")
    setattr(prototype, "toJSON", create_proxy(lambda *parts: "reached " + world["marker"]))
attempt(change)
def change_array():
    setattr(to_js([]).constructor.prototype, "toString", create_proxy(lambda *parts: reached()))
attempt(change_array)
def change_text():
    setattr(to_js([]).constructor.constructor.prototype, "call", create_proxy(lambda *parts: reached()))
attempt(change_text)
return {"plain": [1, 2, 3]}`,
  },
]);
