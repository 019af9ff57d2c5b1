/**
 * The Python half of the runner, kept in the memory snapshot. It holds the skill as a module, turns
 * tagged JSON into Python values and back, and reduces subclasses of the builtin types to the
 * builtin: what an object overrides must never decide what the host sees.
 */
export const pythonBootstrap = String.raw`
import asyncio, base64, builtins, inspect, json, linecache, math, os, random, re, sys, traceback, types
import dataclasses, enum

_MAX_SAFE = 2 ** 53 - 1
_MAX_INTEGER_BITS = 4_000_000
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
_dumps = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), sort_keys=False).encode
_sorted_dumps = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), sort_keys=True).encode
_loads = json.JSONDecoder().decode
_fields = dataclasses.fields
_is_dataclass = dataclasses.is_dataclass
_iscoroutine = inspect.iscoroutine
_isawaitable = inspect.isawaitable
_extract_tb = traceback.extract_tb
_b64encode = base64.b64encode
_b64decode = base64.b64decode
_set_int_digits = sys.set_int_max_str_digits
_get_int_digits = sys.get_int_max_str_digits


class _NotPlain(Exception):
    pass


class _TooLarge(Exception):
    pass


def _plain_string(text):
    return str.__str__(text)


def _repr(value):
    try:
        text = repr(value)
        text = _plain_string(text) if isinstance(text, str) else type(value).__name__
    except Exception:
        text = "<" + type(value).__name__ + ">"
    return {"$repr": _ADDRESS.sub("", text)[:2000]}


def _encode_int(value):
    value = int.__add__(value, 0)
    if -_MAX_SAFE <= value <= _MAX_SAFE:
        return value
    if value.bit_length() > _MAX_INTEGER_BITS:
        raise _TooLarge()
    digits = _get_int_digits()
    _set_int_digits(0)
    try:
        return {"$integer": int.__repr__(value)}
    finally:
        _set_int_digits(digits)


def _encode_float(value):
    value = float.__pos__(value)
    if math.isnan(value):
        return {"$float": "nan"}
    if math.isinf(value):
        return {"$float": "inf" if value > 0 else "-inf"}
    if value == 0.0 and math.copysign(1.0, value) < 0:
        return {"$float": "-0"}
    return value


def _encode_key(key):
    if isinstance(key, str):
        return _plain_string(key)
    if key is None:
        return "null"
    if isinstance(key, bool):
        return "true" if key else "false"
    if isinstance(key, int):
        return int.__repr__(int.__add__(key, 0))
    if isinstance(key, float):
        return float.__repr__(float.__pos__(key))
    return None


class _Encoder:
    def __init__(self, max_depth, max_nodes):
        self.max_depth = max_depth
        self.nodes = max_nodes

    def encode(self, value, depth):
        self.nodes -= 1
        if self.nodes < 0:
            raise _TooLarge()
        if depth > self.max_depth:
            raise _NotPlain(
                "the result is nested deeper than %d levels, or contains itself; return plain data"
                % self.max_depth
            )
        if value is None or value is True or value is False:
            return value
        if isinstance(value, enum.Enum) and not isinstance(value, (str, int, float)):
            return self.encode(value.value, depth + 1)
        if isinstance(value, str):
            return _plain_string(value)
        if isinstance(value, int):
            return _encode_int(value)
        if isinstance(value, float):
            return _encode_float(value)
        return self.encode_container(value, depth)

    def encode_container(self, value, depth):
        if isinstance(value, list):
            return [self.encode(item, depth + 1) for item in list.__iter__(value)]
        if isinstance(value, tuple):
            return [self.encode(item, depth + 1) for item in tuple.__iter__(value)]
        if isinstance(value, dict):
            return self.encode_dict(value, depth)
        if isinstance(value, (bytes, bytearray, memoryview)):
            return {"$bytes": _b64encode(memoryview(value).tobytes()).decode("ascii")}
        if isinstance(value, (set, frozenset)):
            base = set if isinstance(value, set) else frozenset
            items = [self.encode(item, depth + 1) for item in base.__iter__(value)]
            return {"$set": sorted(items, key=_sorted_dumps)}
        if _is_dataclass(value) and not isinstance(value, type):
            fields = {field.name: getattr(value, field.name) for field in _fields(value)}
            return self.encode_dict(fields, depth)
        return _repr(value)

    def encode_dict(self, value, depth):
        result = {}
        for key, item in dict.items(value):
            name = _encode_key(key)
            if name is None or name in result:
                return _repr(value)
            result[name] = self.encode(item, depth + 1)
        if len(result) == 1 and next(iter(result)).startswith("$"):
            return {"$object": result}
        return result


def _freeze(value):
    if isinstance(value, list):
        return tuple(_freeze(item) for item in value)
    if isinstance(value, set):
        return frozenset(value)
    return value


def _decode_tag(tag, value):
    if tag == "$bytes":
        return _b64decode(value)
    if tag == "$set":
        return {_freeze(_decode(item)) for item in value}
    if tag == "$float":
        return float(value)
    if tag == "$integer":
        digits = _get_int_digits()
        _set_int_digits(0)
        try:
            return int(value)
        finally:
            _set_int_digits(digits)
    return {key: _decode(item) for key, item in value.items()}


def _decode(value):
    if isinstance(value, list):
        return [_decode(item) for item in value]
    if isinstance(value, dict):
        if len(value) == 1:
            tag = next(iter(value))
            if tag in ("$bytes", "$set", "$float", "$integer", "$object"):
                return _decode_tag(tag, value[tag])
        return {key: _decode(item) for key, item in value.items()}
    return value


class _Skill:
    """The one program of this process."""

    module = None
    entry = None
    file_name = "skill.py"
    max_depth = 200
    max_nodes = 1_000_000


def _describe(error):
    kind = type(error)
    try:
        message = _plain_string(str(error))
    except Exception:
        message = ""
    bases = [base.__name__ for base in kind.__mro__[1:] if base is not object]
    return {
        "kind": "raised",
        "errorType": kind.__name__[:200],
        "errorBases": [name[:200] for name in bases[:32]],
        "message": message[:4000],
        "trace": _trace(error)[-4000:],
    }


def _trace(error):
    lines = []
    if isinstance(error, SyntaxError) and error.filename == _Skill.file_name:
        lines.append("%s:%s: %s" % (_Skill.file_name, error.lineno, (error.text or "").strip()[:200]))
    for frame in _extract_tb(error.__traceback__):
        if frame.filename == _Skill.file_name:
            source = (frame.line or "").strip()[:200]
            lines.append("%s:%s in %s: %s" % (_Skill.file_name, frame.lineno, frame.name, source))
    if len(lines) > 40:
        lines = lines[:20] + ["... %d more lines ..." % (len(lines) - 40)] + lines[-20:]
    return "\n".join(lines)


def _load(request):
    options = _loads(request)
    source = options["source"]
    _Skill.file_name = options["fileName"]
    _Skill.max_nodes = options["maxNodes"]
    _Skill.max_depth = options["maxDepth"]
    name = _Skill.file_name.removesuffix(".py")
    try:
        linecache.cache[_Skill.file_name] = (
            len(source), None, source.splitlines(keepends=True), _Skill.file_name
        )
        module = types.ModuleType(name)
        module.__file__ = "/work/" + _Skill.file_name
        sys.modules[name] = module
        exec(compile(source, _Skill.file_name, "exec", dont_inherit=True), module.__dict__)
        entry = module.__dict__.get(options["entry"])
        if not callable(entry):
            raise NameError(
                "%s defines no function %s; define it at top level"
                % (_Skill.file_name, options["entry"])
            )
        _Skill.module = module
        _Skill.entry = entry
        return ""
    except BaseException as error:
        return _dumps(_describe(error))
    finally:
        _flush()


def _flush():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:
            pass


def _call(request):
    try:
        try:
            result = _Skill.entry(*[_decode(item) for item in _loads(request)])
            if _isawaitable(result):
                result = _run_sync(result if _iscoroutine(result) else asyncio.ensure_future(result))
            encoded = _Encoder(_Skill.max_depth, _Skill.max_nodes).encode(result, 0)
            return "R" + _dumps(encoded)
        finally:
            _flush()
    except _NotPlain as error:
        problem = ValueError(str(error))
        return "E" + _dumps(_describe(problem))
    except _TooLarge:
        return "L"
    except BaseException as error:
        return "E" + _dumps(_describe(error))


def _seal():
    """After a start, from a snapshot or not: what was frozen is set anew, what kills is removed."""
    # These reach for the host's user database or a shell, and the refusal kills the interpreter.
    for name in ("getuid", "geteuid", "getgid", "getegid", "system"):
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
    sys.argv = [""]
    sys.path[:] = [entry for entry in sys.path if entry and "site-packages" not in entry]
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


def _forget_warm_up():
    sys.modules.pop("warm_up", None)
    linecache.cache.pop("warm_up.py", None)
    _Skill.module = None
    _Skill.entry = None


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
