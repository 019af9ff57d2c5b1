/**
 * The skill as a module of its interpreter, the same for both Pythons: loads it, calls it, and says
 * how it failed. Stands after the values and `pythonLacking`; `_run_awaitable` is each Python's own.
 */
export const pythonProgram = String.raw`
from _collections_abc import Awaitable as _Awaitable, Coroutine as _Coroutine
from _frozen_importlib_external import PathFinder as _PathFinder

_PROGRAM_FOLDER = "/skill"
_FULL_ERRNOS = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
_open_text = open
_MEMORY_LIMIT = "wasmMemory" if _IS_WASM else "addressSpace"


class _Skill:
    """The one program of this process."""

    module = None
    entry = None
    file_name = "skill.py"
    source = ""
    is_whole = False
    max_depth = 200
    max_nodes = 1_000_000
    too_deep = []


class _SourceLoader:
    """
    Lets traceback and inspect find the lines of a whole program, which is no file. One with an entry
    has none: it could tell from its own text that it was changed, as mutants are.
    """

    def get_source(self, name):
        return _Skill.source if _Skill.is_whole else None


def _died(reason, detail, limit=None):
    death = {"kind": "died", "reason": reason, "detail": detail}
    if limit is not None:
        death["limit"] = limit
    return death


def _failure(error):
    if isinstance(error, _TooLarge):
        return _died("output-limit", "its result is too large to send", "maxMessageBytes")
    if isinstance(error, MemoryError):
        return _died("out-of-memory", "it asked for more memory than it can get", _MEMORY_LIMIT)
    if isinstance(error, _REFUSALS):
        what = _attempt_behind(error)
        if what is not None and what is not _SOCKET:
            return _died("process-limit", "it tried to start %s; %s" % (what, _NO_PROCESSES))
    if isinstance(error, OSError) and error.errno in _FULL_ERRNOS:
        return _died("file-limit", "it wrote more than its folders hold: %s" % error.strerror)
    if isinstance(error, _NotPlain):
        return _describe(ValueError(str(error)))
    return _describe(error)


def _describe(error):
    kind = type(error)
    try:
        message = _plain_string(_message_of(error))
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


def _own_name(file_name):
    """How a file of the skill is shown, or None for one that is not the skill's."""
    if file_name == _Skill.file_name:
        return file_name
    if isinstance(file_name, str) and file_name.startswith(_PROGRAM_FOLDER + "/"):
        return file_name[len(_PROGRAM_FOLDER) + 1:]
    return None


def _source_line(file_name, number):
    try:
        if file_name == _Skill.file_name:
            source = _Skill.source
        else:
            with _open_text(file_name, encoding="utf-8", errors="replace") as file:
                source = file.read()
        return source.splitlines()[number - 1].strip()[:200]
    except (OSError, IndexError, TypeError):
        return ""


def _trace(error):
    lines = []
    if isinstance(error, SyntaxError) and _own_name(error.filename) is not None:
        text = (error.text or "").strip()[:200]
        lines.append("%s:%s: %s" % (_own_name(error.filename), error.lineno, text))
    for step in _steps(error):
        code = step.tb_frame.f_code
        shown = _own_name(code.co_filename)
        if shown is not None:
            source = _source_line(code.co_filename, step.tb_lineno)
            lines.append("%s:%s in %s: %s" % (shown, step.tb_lineno, code.co_name, source))
    if len(lines) > 40:
        lines = lines[:20] + ["... %d more lines ..." % (len(lines) - 40)] + lines[-20:]
    return "\n".join(lines)


class _SkillFinder:
    """
    Finds the skill's own modules first, but for names of the standard library: which of those are
    there already depends on how long the process waited, and must not decide what is imported.
    """

    @staticmethod
    def find_spec(name, path=None, target=None):
        if path is not None or name in sys.stdlib_module_names:
            return None
        return _PathFinder.find_spec(name, [_PROGRAM_FOLDER], target)


def _find_skill_modules():
    if _SkillFinder not in sys.meta_path:
        sys.meta_path.insert(sys.meta_path.index(_PathFinder), _SkillFinder)
    if _PROGRAM_FOLDER not in sys.path:
        # Last, for names of the standard library that this machine's Python lacks.
        sys.path.append(_PROGRAM_FOLDER)
    # It may have been looked for before it was there.
    sys.path_importer_cache.pop(_PROGRAM_FOLDER, None)


def _module_name(entry_name):
    if entry_name is None:
        return "__main__"
    name = _Skill.file_name.removesuffix(".py")
    # In the place of json, say, it would break whatever of the library imports that later.
    return name + "_program" if name in sys.stdlib_module_names else name


def _new_module(name):
    module = type(sys)(name)
    module.__file__ = _PROGRAM_FOLDER + "/" + _Skill.file_name
    module.__loader__ = _SourceLoader()
    sys.modules[name] = module
    return module


def _load_program(options):
    """Runs the program's top level; returns how it failed, or None."""
    _Skill.file_name = options["fileName"]
    sys.argv = [_Skill.file_name, *options.get("args", ())]
    _Skill.source = options["source"]
    _Skill.max_nodes = options["maxNodes"]
    _Skill.max_depth = options["maxDepth"]
    entry_name = options.get("entry")
    _Skill.is_whole = entry_name is None
    _Attempt.code = None
    _find_skill_modules()
    try:
        module = _new_module(_module_name(entry_name))
        code = compile(_Skill.source, _Skill.file_name, "exec", dont_inherit=True)
        exec(code, module.__dict__)
        _Skill.module = module
        if entry_name is None:
            return None
        entry = module.__dict__.get(entry_name)
        if not callable(entry):
            raise NameError(
                "%s defines no function %s; define it at top level"
                % (_Skill.file_name, entry_name)
            )
        _Skill.entry = entry
        return None
    except BaseException as error:
        return _failure(error)
    finally:
        if entry_name is None:
            _end_whole_program()
        _flush()


def _end_whole_program():
    """What Python does at its end, which never comes here: the process is killed."""
    try:
        import atexit
        atexit._run_exitfuncs()
    except BaseException:
        # How the program ended is known already; what a handler raised, Python has printed.
        pass


def _flush():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:
            pass


def _call_program(arguments):
    """The result as tagged JSON text, or how the call failed."""
    _Attempt.code = None
    try:
        try:
            if _Skill.entry is None:
                raise NameError("the program has no function to call")
            result = _Skill.entry(*[_decode(item) for item in arguments()])
            if isinstance(result, _Awaitable):
                result = _run_awaitable(result)
            try:
                return _dumps(_Encoder(_Skill.max_depth, _Skill.max_nodes).encode(result, 0))
            except _NotPlain:
                # Taking a very deep one apart, level within level, is more than Pyodide's stack holds.
                _Skill.too_deep.append(result)
                raise
        finally:
            _flush()
    except BaseException as error:
        return _failure(error)
`;
