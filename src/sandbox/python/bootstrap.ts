import { pythonLacking } from "./python-lacking.ts";
import { pythonProgram } from "./python-program.ts";
import { pythonValues } from "./python-values.ts";

/**
 * The Python half of the Deno runner, kept in the memory snapshot: what both Pythons share, and what
 * only Pyodide has: its way to await, and what is set anew after a start.
 */
export const pythonBootstrap = `${pythonValues}${pythonLacking}${pythonProgram}
import random, types


def _run_awaitable(result):
    import asyncio
    return _run_sync(result if isinstance(result, _Coroutine) else asyncio.ensure_future(result))


def _load(request):
    failure = _load_program(_loads(request))
    return "" if failure is None else _dumps(failure)


def _call(request):
    result = _call_program(lambda: _loads(request))
    return "R" + result if isinstance(result, str) else "E" + _dumps(result)


def _seal():
    """After a start, from a snapshot or not: what was frozen is set anew, what kills is removed."""
    # These reach for the host's user database, and the refusal kills the interpreter.
    for name in ("getuid", "geteuid", "getgid", "getegid"):
        for module in (os, sys.modules.get("posix")):
            if module is not None and hasattr(module, name):
                delattr(module, name)
    os.environ.clear()
    os.environ.update({"HOME": "/work", "LANG": "C.UTF-8", "PATH": "/usr/bin", "TZ": "UTC"})
    random.seed()
    tempfile = sys.modules.get("tempfile")
    if tempfile is not None:
        tempfile._name_sequence = None
        tempfile.tempdir = None
    # A skill's import of it shows nothing of the bootstrap, which runs there.
    sys.modules["__main__"] = types.ModuleType("__main__")
    sys.argv = [""]
    sys.path[:] = [entry for entry in sys.path if entry and "site-packages" not in entry]
    from pyodide.webloop import WebLoop
    WebLoop.run_in_executor = _refuse_executor
    # Through pyodide_js a skill could put the real stdout back; the loop needs only its settings.
    from _pyodide._importhook import jsfinder
    jsfinder.jsproxies.pop("pyodide_js", None)
    config = types.SimpleNamespace(enableRunUntilComplete=True)
    api = types.ModuleType("pyodide_js._api")
    api.config = config
    outer = types.ModuleType("pyodide_js")
    outer._api = api
    sys.modules["pyodide_js"] = outer
    sys.modules["pyodide_js._api"] = api


def _refuse_executor(loop, executor, function, *arguments):
    """Pyodide would run it at once and hold up everything else; the other Python has no thread for it."""
    if getattr(function, "__module__", None) == "socket":
        # The loop's own look-up of a name: that it is refused is to be told, not how it was asked.
        function(*arguments)
    raise RuntimeError(_NO_THREAD)


def _forget_warm_up():
    sys.modules.pop("warm_up", None)
    _Skill.module = None
    _Skill.entry = None
    _Skill.source = ""


from pyodide.ffi import run_sync as _run_sync
`;

/** Imported before the snapshot is taken: what skills use most, so that no call pays for it. */
export const preloadedModules = [
  "abc",
  "argparse",
  "array",
  "ast",
  "asyncio",
  "base64",
  "binascii",
  "bisect",
  "calendar",
  "collections.abc",
  "configparser",
  "contextlib",
  "copy",
  "csv",
  "dataclasses",
  "datetime",
  "decimal",
  "difflib",
  "email.message",
  "enum",
  "fractions",
  "functools",
  "glob",
  "gzip",
  "hashlib",
  "heapq",
  "hmac",
  "html.entities",
  "html.parser",
  "inspect",
  "io",
  "itertools",
  "json",
  "linecache",
  "logging",
  "math",
  "numbers",
  "operator",
  "os",
  "pathlib",
  "random",
  "re",
  "secrets",
  "shlex",
  "shutil",
  "sqlite3",
  "statistics",
  "string",
  "struct",
  "tempfile",
  "textwrap",
  "time",
  "tomllib",
  "traceback",
  "types",
  "typing",
  "unicodedata",
  "urllib.parse",
  "uuid",
  "xml.dom.minidom",
  "xml.etree.ElementTree",
  "xml.sax",
  "zipfile",
  "zlib",
];

/** Called once before a process counts as ready, so that the first real call finds warm paths. */
export const warmUpProgram = {
  fileName: "warm_up.py",
  entry: "warm_up",
  source: `
import json, re

def warm_up(text, items):
    print(text)
    if not re.fullmatch(r"[a-z]+", text):
        raise ValueError(text)
    return {"items": sorted(json.loads(items)), "set": {1, 2}, "bytes": b"x"}
`,
};
