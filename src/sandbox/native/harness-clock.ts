/**
 * Sets the clock that a native CPython shows its skill, before the skill is loaded: whatever of `time`
 * and `datetime` looks at the day's clock by itself. The classes of `datetime` ask the system in C, and
 * such a type cannot be changed but through its own dictionary. What only goes on (`time.monotonic`) stays, and so do the dates of files and what SQLite calls now.
 */
export const harnessClock = `
def _set_clock(offset_ms):
    if offset_ms == 0:
        return
    import _datetime
    real_ns = time.time_ns
    offset_ns = offset_ms * 1_000_000

    def time_ns():
        return real_ns() + offset_ns

    def seconds():
        return time_ns() / 1_000_000_000

    def with_now(name):
        original = getattr(time, name)

        def shifted(secs=None, /):
            return original(seconds() if secs is None else secs)

        _show_as(shifted, name)

    def of_now(name, fixed):
        original = getattr(time, name)

        def shifted(*arguments):
            return original(*arguments, *(() if len(arguments) > fixed else (time.localtime(),)))

        _show_as(shifted, name)

    def of_clock(name, offset):
        original = getattr(time, name)

        def shifted(clock, /):
            return original(clock) + (offset if clock == time.CLOCK_REALTIME else 0)

        _show_as(shifted, name)

    _show_as(seconds, "time")
    _show_as(time_ns, "time_ns")
    for name in ("localtime", "gmtime", "ctime"):
        with_now(name)
    of_now("asctime", 0)
    of_now("strftime", 1)
    of_clock("clock_gettime", offset_ms / 1000)
    of_clock("clock_gettime_ns", offset_ns)

    def today(cls):
        return cls.fromtimestamp(seconds())

    def now(cls, tz=None):
        return cls.fromtimestamp(seconds(), tz)

    def utcnow(cls):
        return cls.utcfromtimestamp(seconds())

    _set_members(_datetime.date, today=today)
    _set_members(_datetime.datetime, now=now, utcnow=utcnow)


def _set_members(kind, **methods):
    # Not a copy: the dictionary behind the read-only view.
    members = gc.get_referents(vars(kind))[0]
    for name, method in methods.items():
        members[name] = classmethod(method)
    # What was looked up before is remembered, also for the classes below.
    _Forget(_ctypes.dlsym(_ctypes.dlopen(None, 0), "PyType_Modified"))(_Object(kind))


def _show_as(function, name):
    function.__name__ = function.__qualname__ = name
    function.__module__ = "time"
    setattr(time, name, function)


class _Object(_ctypes._SimpleCData):
    _type_ = "O"


class _Forget(_ctypes.CFuncPtr):
    # The C convention, with the interpreter held: it is Python's own.
    _flags_ = 1 | 4
    _restype_ = None
`;
