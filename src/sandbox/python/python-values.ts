/**
 * Tagged JSON into Python values and back, the same for both Pythons. Subclasses of the builtin types
 * are reduced to the builtin: what an object overrides must never decide what the host sees. Nothing
 * is imported that a skill may not need: a cold process pays for each module.
 */
export const pythonValues = `
import _json, binascii, sys

_MAX_SAFE = 2 ** 53 - 1
_MAX_INTEGER_BITS = 4_000_000
_to_base64 = binascii.b2a_base64
_from_base64 = binascii.a2b_base64
_set_int_digits = sys.set_int_max_str_digits
_get_int_digits = sys.get_int_max_str_digits


class _JsonRules:
    """What json.JSONDecoder passes on; json itself would import re, a third of a cold start."""

    strict = True
    object_hook = None
    object_pairs_hook = None
    parse_float = float
    parse_int = int
    parse_constant = float
    memo = {}


_scan = _json.make_scanner(_JsonRules)


def _loads(text):
    try:
        return _scan(text, 0)[0]
    except StopIteration:
        raise ValueError("the text is no JSON") from None


def _refuse_json(value):
    raise TypeError("%s is no plain value" % type(value).__name__)


def _json_writer(is_sorted):
    write = _json.make_encoder(
        None, _refuse_json, _json.encode_basestring_ascii, None, ":", ",", is_sorted, False, True
    )
    return lambda value: "".join(write(value, 0))


_dumps = _json_writer(False)
_sorted_dumps = _json_writer(True)


class _NotPlain(Exception):
    pass


class _TooLarge(Exception):
    pass


def _plain_string(text):
    return str.__str__(text)


def _repr(value):
    import re
    try:
        text = repr(value)
        text = _plain_string(text) if isinstance(text, str) else type(value).__name__
    except Exception:
        text = "<" + type(value).__name__ + ">"
    return {"$repr": re.sub(r" at 0x[0-9a-fA-F]+", "", text)[:2000]}


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
    if value != value:
        return {"$float": "nan"}
    if value in (float("inf"), float("-inf")):
        return {"$float": "inf" if value > 0 else "-inf"}
    if value == 0.0 and float.__repr__(value) == "-0.0":
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


def _is_plain_enum(value):
    module = sys.modules.get("enum")
    if module is None or isinstance(value, (str, int, float)):
        return False
    return isinstance(value, module.Enum)


def _is_dataclass_instance(value):
    return "dataclasses" in sys.modules and hasattr(type(value), "__dataclass_fields__")


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
        if _is_plain_enum(value):
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
            content = memoryview(value).tobytes()
            return {"$bytes": _to_base64(content, newline=False).decode("ascii")}
        if isinstance(value, (set, frozenset)):
            base = set if isinstance(value, set) else frozenset
            items = [self.encode(item, depth + 1) for item in base.__iter__(value)]
            return {"$set": sorted(items, key=_sorted_dumps)}
        if _is_dataclass_instance(value):
            names = [field.name for field in sys.modules["dataclasses"].fields(value)]
            return self.encode_dict({name: getattr(value, name) for name in names}, depth)
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
        return _from_base64(value)
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
`;
