/**
 * What a native CPython's process says: lines of the protocol on a descriptor of its own, and what
 * the skill prints, by Python's streams or past them by descriptors 1 and 2.
 */
export const harnessOutput = String.raw`
import _thread, codecs, gc, io, time

_CONFIGURATION = _loads(_CONFIGURATION_TEXT)
_IN, _OUT, _CAPTURED = 61, 62, 63
_FLUSH_SECONDS = 0.05
_MAX_PIECE = 16_384
# As many pieces go out at once after a silence: a killed call keeps them. Only a flood waits.
_PROMPT_PIECES = 64
_speaking = _thread.RLock()
_write = os.write
_exit = os._exit
_now = time.monotonic


def _send_text(text):
    content = memoryview(text.encode("ascii") + b"\n")
    while content:
        content = content[_write(_OUT, content):]


def _send(message):
    _send_text(_dumps(message))


def _take_descriptors():
    """0 reads nothing, 1 and 2 go to an unnamed file; the protocol moves where no print goes."""
    os.dup2(0, _IN, inheritable=False)
    os.dup2(1, _OUT, inheritable=False)
    captured = os.open("/tmp", os.O_TMPFILE | os.O_RDWR | os.O_APPEND, 0o600)
    os.dup2(captured, _CAPTURED, inheritable=False)
    nothing = os.open("/dev/null", os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(captured, 1)
    os.dup2(captured, 2)
    os.close(captured)
    os.close(nothing)


class _Printed:
    """What is printed belongs to one exchange; outside of one it belongs to nobody and is dropped."""

    id = None
    remaining = 0
    allowed = 0
    piece = _MAX_PIECE
    prompt = 0
    flushed_at = 0.0
    parts = []
    characters = 0

    @classmethod
    def begin(cls, id, limits):
        cls.allowed = cls.remaining = limits["maxOutputBytes"]
        # One character takes at most six bytes as JSON.
        cls.piece = max(1, min(_MAX_PIECE, limits["maxMessageBytes"] // 8))
        cls.prompt = _PROMPT_PIECES
        # What came past Python's streams since the last exchange: a handler of a signal's, say.
        os.ftruncate(_CAPTURED, 0)
        cls.id = id

    @classmethod
    def write(cls, text):
        with _speaking:
            if cls.id is None:
                return
            size = len(text)
            if size <= cls.remaining and not text.isascii():
                size = len(text.encode("utf-8", "surrogatepass"))
            if size > cls.remaining:
                cls.keep(text[:cls.remaining])
                cls.stop()
            cls.remaining -= size
            cls.keep(text)
            if cls.is_late():
                cls.prompt = _PROMPT_PIECES
            if cls.prompt > 0 or cls.characters >= _MAX_PIECE:
                cls.prompt -= 1
                cls.flush()

    @classmethod
    def keep(cls, text):
        cls.parts.append(text)
        cls.characters += len(text)

    @classmethod
    def is_late(cls):
        return _now() - cls.flushed_at >= _FLUSH_SECONDS

    @classmethod
    def flush(cls):
        text = "".join(cls.parts)
        cls.parts.clear()
        cls.characters = 0
        cls.flushed_at = _now()
        for start in range(0, len(text), cls.piece):
            _send({"type": "printed", "id": cls.id, "text": text[start:start + cls.piece]})

    @classmethod
    def stop(cls):
        cls.flush()
        detail = "it printed more than the %d bytes allowed" % cls.allowed
        death = {"type": "died", "id": cls.id, "reason": "output-limit", "detail": detail}
        death["limit"] = "maxOutputBytes"
        _send(death)
        _exit(70)

    @classmethod
    def end(cls):
        with _speaking:
            cls.drain()
            cls.flush()
            cls.id = None

    @classmethod
    def drain(cls):
        """What went past Python's streams, by os.write or by C."""
        size = os.fstat(_CAPTURED).st_size
        if size > 0:
            # A hole of a terabyte costs the skill nothing, so no more is read than can be allowed.
            content = os.pread(_CAPTURED, min(size, cls.remaining + 1), 0)
            os.ftruncate(_CAPTURED, 0)
            cls.write(content.decode("utf-8", "replace"))


class _PrintedBytes(io.BufferedIOBase):
    """The buffer beneath sys.stdout and sys.stderr."""

    mode = "wb"

    def __init__(self, name, descriptor):
        self.name = name
        self._descriptor = descriptor
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode

    def writable(self):
        return True

    def fileno(self):
        return self._descriptor

    def write(self, content):
        _Printed.write(self._decode(bytes(content)))
        return len(content)


def _open_stream(name, descriptor, errors):
    content = _PrintedBytes(name, descriptor)
    return io.TextIOWrapper(content, encoding="utf-8", errors=errors, line_buffering=True)


_out = _open_stream("<stdout>", 1, "surrogateescape")
_err = _open_stream("<stderr>", 2, "backslashreplace")
`;
