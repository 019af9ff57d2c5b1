/**
 * What neither Python has, processes, threads, sockets, time zones, and what to do instead: knows an attempt
 * at it by its audit event or by the module that failed. Stands after the values.
 */
export const pythonLacking = String.raw`
import errno, os

_IS_WASM = sys.platform == "emscripten"
_SOCKET = "a socket"

# What asks for a process, a thread or a socket.
_ATTEMPT_EVENTS = {
    "subprocess.Popen": "subprocess.Popen",
    "os.exec": "os.exec",
    "os.fork": "os.fork",
    "os.forkpty": "os.forkpty",
    "os.posix_spawn": "os.posix_spawn",
    "os.system": "os.system",
    "_thread.start_new_thread": "a thread",
    "_thread.start_joinable_thread": "a thread",
    "socket.__new__": _SOCKET,
    "socket.bind": _SOCKET,
    "socket.connect": _SOCKET,
    "socket.getaddrinfo": _SOCKET,
    "socket.gethostbyaddr": _SOCKET,
    "socket.gethostbyname": _SOCKET,
}
_ATTEMPT_MODULES = {
    "subprocess": "subprocess",
    "multiprocessing": "multiprocessing",
    "pty": "pty",
    "socket": _SOCKET,
}
# Pyodide's event loop has these, and says by NotImplementedError that it cannot.
_ATTEMPT_FUNCTIONS = {"subprocess_exec": "subprocess", "subprocess_shell": "subprocess"}
# Refused here, as the kernel refuses the others: system would only return a number.
_REFUSED_EVENTS = {"os.system"}
if _IS_WASM:
    # Emscripten's sockets end the interpreter at listen, and invent addresses for names.
    _REFUSED_EVENTS |= {"socket.__new__", "socket.getaddrinfo"}
    _REFUSED_EVENTS |= {"socket.gethostbyaddr", "socket.gethostbyname"}
# CPython's words; before 3.12 there is no audit event.
_NO_THREAD = "can't start new thread"
# How Python says that it cannot; ImportError where multiprocessing was built without semaphores.
_REFUSALS = (OSError, RuntimeError, ImportError)
_NO_PROCESSES = "a skill may start 0 processes and 0 threads"
if _IS_WASM:
    _NO_PROCESSES += (
        ", and WebAssembly has no threads, processes or sockets; compute in the function itself, "
        "wait with asyncio"
    )
else:
    _NO_PROCESSES += (
        "; compute in the function itself, one piece after another, wait with asyncio"
    )
_NO_SOCKETS = "a skill has no sockets and no network; take the data as an argument"
_NO_ZONES = (
    "there is no time zone data here; use datetime.timezone.utc, or datetime.timezone with a "
    "fixed offset"
)
_NO_MODULE = (
    "a skill has Python's standard library and its own files; write what is needed with these"
)
_NO_KEY_DERIVATION = "this Python is built without OpenSSL; use hmac.digest with hashlib"


class _Attempt:
    """The last attempt of this call at what is not there, and the instruction that made it."""

    what = None
    code = None
    instruction = -1


def _note_attempt(event, arguments):
    if event in _ATTEMPT_EVENTS:
        frame = sys._getframe(1)
        _Attempt.what = _ATTEMPT_EVENTS[event]
        _Attempt.code = frame.f_code
        _Attempt.instruction = frame.f_lasti
        if event in _REFUSED_EVENTS:
            raise PermissionError(errno.EPERM, "Operation not permitted")


def _steps(error):
    step = error.__traceback__
    while step is not None:
        yield step
        step = step.tb_next


def _attempt_behind(error):
    """What the error came from, when that was at a process, a thread or a socket."""
    for _ in range(16):
        name = function = None
        for step in _steps(error):
            code = step.tb_frame.f_code
            if code is _Attempt.code and step.tb_lasti == _Attempt.instruction:
                return _Attempt.what
            name = step.tb_frame.f_globals.get("__name__")
            function = code.co_name
        if isinstance(name, str):
            what = _ATTEMPT_MODULES.get(name.partition(".")[0])
            if what is None and name == "pyodide.webloop":
                what = _ATTEMPT_FUNCTIONS.get(function)
            if what is not None:
                return what
        if isinstance(error, RuntimeError) and error.args == (_NO_THREAD,):
            return "a thread"
        error = error.__cause__ or error.__context__
        if not isinstance(error, _REFUSALS):
            return None
    return None


def _lacking(error):
    """What is not there and what to do instead, for an error that came from that; or None."""
    if type(error).__name__ == "ZoneInfoNotFoundError":
        return _NO_ZONES
    if isinstance(error, ModuleNotFoundError):
        return None if error.name is None else _NO_MODULE
    if isinstance(error, _REFUSALS) and _attempt_behind(error) is _SOCKET:
        return _NO_SOCKETS
    if isinstance(error, AttributeError) and error.name in ("pbkdf2_hmac", "scrypt"):
        return _NO_KEY_DERIVATION
    return None


def _message_of(error):
    lacking = _lacking(error)
    if lacking is None:
        return str(error)
    # Pyodide's advice, to install a package, is a line of its own and cannot be followed here.
    said = str(error.args[0]) if lacking is _NO_ZONES and error.args else str(error)
    return "%s (%s)" % (said.partition("\n")[0].rstrip(" .")[:3000], lacking)


sys.addaudithook(_note_attempt)
`;
