/** The native CPython's side of the protocol: takes messages in turn until its host closes stdin. */
export const harnessServe = String.raw`
class _Serving:
    limits = None
    program = {}
    work = {}
    pieces = []


def _run_awaitable(result):
    import asyncio

    async def wait():
        return await result

    return asyncio.run(wait())


def _prepare_while_idle():
    """A process that waits to be taken imports what skills use most; one that is taken does not."""
    import select
    if not select.select([_IN], [], [], _CONFIGURATION["idleSeconds"])[0]:
        import collections, dataclasses, datetime, functools, itertools, json, math, re, typing


def _lines():
    parts = []
    while True:
        content = os.read(_IN, 65_536)
        if not content:
            # The host has closed our stdin or is dead: nobody is left to answer.
            _exit(0)
        *ended, rest = content.split(b"\n")
        for part in ended:
            parts.append(part)
            yield b"".join(parts)
            parts.clear()
        parts.append(rest)


def _on_file(message):
    _Serving.pieces.append(_from_base64(message["contentBase64"]))
    if message["last"]:
        content = b"".join(_Serving.pieces)
        _Serving.pieces.clear()
        held = _Serving.program if message["folder"] == "program" else _Serving.work
        held[message["path"]] = content


def _answer(id, failure):
    message = {"type": failure.pop("kind"), "id": id}
    message.update(failure)
    _send(message)


def _on_load(message):
    id = message["id"]
    limits = _Serving.limits = message["limits"]
    options = message["program"]
    options["maxNodes"] = limits["maxMessageBytes"]
    options["maxDepth"] = _CONFIGURATION["maxValueDepth"]
    try:
        _write_files(_PROGRAM_FOLDER, _Serving.program)
    except OSError as error:
        # A name that is a file and a folder at once, say.
        _answer(id, _died("file-limit", "the program's files cannot be laid out: %s" % error))
        return
    _Serving.program.clear()
    try:
        _lock()
    except OSError as error:
        _answer(id, _died("crashed", "it could not lock itself: %s" % error))
        _exit(71)
    _fill_work({})
    _set_clock(options.get("clockOffsetMs", 0))
    _Printed.begin(id, limits)
    failure = _load_program(options)
    _end_printed()
    if failure is None:
        _send({"type": "loaded", "id": id})
    else:
        _answer(id, failure)


def _end_printed():
    for stream in (_out, _err):
        stream.flush()
    _Printed.end()


def _on_call(message):
    id = message["id"]
    limits = _Serving.limits
    files, _Serving.work = _Serving.work, {}
    try:
        _fill_work(files)
    except OSError as error:
        _answer(id, _died("file-limit", "its input files cannot be laid out: %s" % error))
        return
    _Printed.begin(id, limits)
    result = _call_program(lambda: message["args"])
    _end_printed()
    _finish_call(message, result, limits)


def _finish_call(message, result, limits):
    id = message["id"]
    if message["collectFiles"]:
        try:
            _send_files(id, limits)
        except _FolderProblem as problem:
            _answer(id, _died("file-limit", str(problem), problem.limit))
            return
    if not isinstance(result, str):
        _answer(id, result)
    elif len(result) > limits["maxMessageBytes"]:
        detail = "its result takes %d bytes" % len(result)
        _answer(id, _died("output-limit", detail, "maxMessageBytes"))
    else:
        _send_text('{"type":"returned","id":%s,"value":%s}' % (_dumps(id), result))


def _on_line(line):
    try:
        message = _loads(line.decode("utf-8", "surrogatepass"))
    except RecursionError as error:
        # Nested too deep for this Python; the id stands near the beginning, whatever follows.
        _answer(line.split(b'"id":"', 1)[1][:36].decode("ascii"), _describe(error))
        return
    if message["type"] == "file":
        _on_file(message)
    elif message["type"] == "load":
        _on_load(message)
    elif _Serving.limits is not None:
        _on_call(message)


def _serve():
    try:
        _bound_resources()
        for folder, options in _CONFIGURATION["folderBounds"].items():
            _bound_folder(folder, options)
    except OSError as error:
        sys.stderr.write(str(error) + "\n")
        sys.stderr.flush()
        _exit(71)
    _take_descriptors()
    sys.stdout = sys.__stdout__ = _out
    sys.stderr = sys.__stderr__ = _err
    sys.argv = [""]
    # Set by bubblewrap as it changes folders; no other backend has it.
    os.environ.pop("PWD", None)
    sys.dont_write_bytecode = True
    _send({"protocolVersion": _CONFIGURATION["protocolVersion"], "type": "ready", "startedFrom": "plain"})
    _prepare_while_idle()
    for line in _lines():
        _on_line(line)


_serve()
`;
