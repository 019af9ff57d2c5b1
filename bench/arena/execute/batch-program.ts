import type { Program } from "../../../src/sandbox/sandbox.ts";
import { type PythonShape, restoreSource } from "../adapter/python-shape.ts";

/** Processor time of one call. */
const callSeconds = 0.1;

/**
 * One program that holds many, each in a module of its own as in `variantsProgram`, and makes many
 * calls an exchange: `run_batch(indexes, inputs)` returns for each program one outcome an input,
 * `["value", V]`, `["raised", TYPE]` or `["late"]`, and the seconds that their own code took. A call past its processor time is cut off by a
 * signal; after two of them the program's further calls are late without being made, and an input on
 * which several programs were late is asked no further, the first `ownInputs` with more patience.
 * Whatever a signal cannot cut (one long step inside CPython) takes the process with it.
 *
 * The programs share an interpreter, and could forge one another's answers: right for comparing
 * recorded programs, never for an admission.
 */
export function batchProgram(
  sources: readonly string[],
  entry: string,
  shapes: readonly PythonShape[],
  ownInputs: number,
): Program {
  const configuration = JSON.stringify({ sources, entry, shapes, ownInputs, callSeconds });
  return {
    language: "python",
    entry: "run_batch",
    fileName: "batch.py",
    source: `import copy as _copy, json as _json, signal as _signal, time as _time, types as _types

_configuration = _json.loads(${JSON.stringify(configuration)})
_deep_copy = _copy.deepcopy
_timer = getattr(_signal, "ITIMER_PROF", None)
_entries = {}
_seconds = _configuration["callSeconds"]
_max_late = 2
_late_inputs = {}


def _patience(place):
    """How many programs may be late on one input before the rest is spared it."""
    return 6 if place < _configuration["ownInputs"] else 2


${restoreSource}

class _Late(BaseException):
    pass


def _on_timer(number, frame):
    raise _Late()


def _set_timer(seconds):
    # WebAssembly has no timers: there the host's time limit ends the process.
    if _timer is not None:
        _set_interval(_timer, seconds, 0.05 if seconds else 0)


if _timer is not None:
    _set_interval = _signal.setitimer
    _signal.signal(_signal.SIGPROF, _on_timer)


def _load(index):
    module = _types.ModuleType("program_%d" % index)
    exec(compile(_configuration["sources"][index], "program.py", "exec", dont_inherit=True),
         module.__dict__)
    return module.__dict__[_configuration["entry"]]


_clock = _time.perf_counter
_spent = [0.0]


def _timed(action):
    started = _clock()
    try:
        _set_timer(_seconds)
        try:
            return ["value", action()]
        finally:
            _set_timer(0)
            _spent[0] += _clock() - started
    except _Late:
        return ["late"]
    except BaseException as error:
        return ["raised", type(error).__name__]


def _run(index, inputs):
    loaded = _timed(lambda: _load(index))
    if loaded[0] != "value":
        return [loaded for _ in inputs]
    entry = loaded[1]
    outcomes = []
    late = 0
    for place, arguments in enumerate(inputs):
        if late >= _max_late or _late_inputs.get(place, 0) >= _patience(place):
            outcomes.append(["late"])
            continue
        own = _deep_copy(arguments)
        outcome = _timed(lambda: entry(*own))
        if outcome[0] == "value":
            # What is returned may be changed by a later call, or be the arguments themselves.
            plain = _timed(lambda: _plain(outcome[1]))
            outcome = plain if plain[0] != "raised" else ["raised", "NoPlainValue"]
        if outcome[0] == "late":
            late += 1
            _late_inputs[place] = _late_inputs.get(place, 0) + 1
        outcomes.append(outcome)
    return outcomes


_plain_types = (bool, int, float, str, bytes, type(None))


def _plain(value, depth=0):
    if type(value) in _plain_types:
        if isinstance(value, (str, bytes)) and len(value) > 20000:
            raise ValueError("too long")
        if isinstance(value, int) and value.bit_length() > 20000:
            raise ValueError("too large")
        return value
    if depth > 40:
        raise ValueError("too deep")
    if isinstance(value, (list, tuple, set, frozenset)) and len(value) <= 5000:
        items = [_plain(item, depth + 1) for item in value]
        return set(value) if isinstance(value, (set, frozenset)) else items
    if isinstance(value, dict) and len(value) <= 5000:
        return {_plain(key, depth + 1) if not isinstance(key, tuple) else repr(key):
                _plain(item, depth + 1) for key, item in value.items()}
    return "<%s>" % type(value).__name__


def run_batch(indexes, inputs):
    shapes = _configuration["shapes"]
    restored = [[_restore(value, shapes[place] if place < len(shapes) else None)
                 for place, value in enumerate(arguments)] for arguments in inputs]
    _spent[0] = 0.0
    rows = [_run(index, restored) for index in indexes]
    return [rows, _spent[0]]
`,
  };
}
