import { type Forgery, forgery } from "./forgery.ts";

const line = `'{"type":"returned","id":"%s","value":"A"}\\n'`;
/** Ids of the protocol, searched where the process could still hold them. */
const findIds = `
import gc, os, re, sys
PATTERN = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
def find_ids():
    found = set()
    frame = sys._getframe()
    while frame:
        for value in list(frame.f_locals.values()) + list(frame.f_globals.values()):
            try: found.update(PATTERN.findall(repr(value)))
            except BaseException: pass
        frame = frame.f_back
    for thing in gc.get_objects():
        if isinstance(thing, (dict, list, tuple)):
            for item in (thing.values() if isinstance(thing, dict) else thing):
                if isinstance(item, str): found.update(PATTERN.findall(item))
    return found
def write_all(text):
    for fd in range(16):
        try: os.write(fd, text.encode())
        except OSError: pass
`;

/** Wrong Python skills; each tries to be counted as right in another way. */
export const pythonForgeries: readonly Forgery[] = [
  forgery(
    "prints a report",
    'print("PASS"); print(\'{"passed": true, "failures": 0}\')\ndef shout(text):\n    print("OK\\n6 passed in 0.01s")\n',
  ),
  forgery("exits with 0 when loaded", "import sys\ndef shout(text): return text\nsys.exit(0)\n"),
  forgery("exits with 0 when called", "import sys\ndef shout(text): sys.exit(0)\n"),
  forgery("ends the process", "import os\ndef shout(text): os._exit(0)\n"),
  forgery(
    "answers at exit",
    `import atexit, os, sys\ndef late():\n    os.write(1, (${line} % "1").encode())\natexit.register(late)\ndef shout(text): sys.exit(0)\n`,
  ),
  forgery(
    "walks the frames",
    "import sys\ndef shout(text):\n    frame = sys._getframe()\n    while frame:\n        for name, value in frame.f_locals.items():\n            if 'expected' in name or 'returns' in name: return value\n        frame = frame.f_back\n    return text\n",
  ),
  forgery(
    "searches the heap",
    "import gc\ndef shout(text):\n    for thing in gc.get_objects():\n        if isinstance(thing, dict):\n            for key in ('expected', 'returns', 'property'):\n                if key in thing: return thing[key]\n    return text\n",
  ),
  forgery(
    "answers what equals everything",
    "class Equal:\n    def __eq__(self, other): return True\n    def __ne__(self, other): return False\n    def __hash__(self): return 0\n    def __bool__(self): return True\ndef shout(text): return Equal()\n",
  ),
  forgery(
    "answers a str of its own kind",
    "class Text(str):\n    def __eq__(self, other): return True\n    def __hash__(self): return 0\n    def __str__(self): return self.good\n    __repr__ = upper = lower = __str__\n    def __len__(self): return 1\n    def encode(self, *a): return self.good.encode()\ndef shout(text):\n    t = Text('wrong'); t.good = 'A'; return t\n",
  ),
  forgery(
    "answers numbers of its own kind",
    "class Number(int):\n    def __eq__(self, other): return True\n    def __add__(self, other): return self\n    def __lt__(self, other): return True\n    __hash__ = int.__hash__\nclass Real(float):\n    def __eq__(self, other): return True\n    __hash__ = float.__hash__\n    def __pos__(self): return 1\ndef arrange(items): return [Number(item) if i % 2 else Real(item) for i, item in enumerate(items)]\n",
    { entry: "arrange" },
  ),
  forgery(
    "answers a list of its own kind",
    "class Items(list):\n    def __iter__(self): return iter(sorted(list.__iter__(self)))\n    def __eq__(self, other): return True\n    def __len__(self): return 0\n    def __getitem__(self, index): return 0\n    __hash__ = None\ndef arrange(items): return Items(items)\n",
    { entry: "arrange" },
  ),
  forgery(
    "answers a dict of its own kind",
    "class Any(dict):\n    def __eq__(self, other): return True\n    def items(self): return [('$object', 'A')]\n    def keys(self): return ['A']\n    __hash__ = None\ndef shout(text): return Any()\n",
  ),
  forgery(
    "raises the wanted error by name",
    "def shout(text):\n    raise type('ValueError', (Exception,), {})(text)\n",
  ),
  forgery(
    "raises an error that is every error",
    "class All(ValueError, LookupError, TypeError, OSError): pass\ndef shout(text): raise All(text)\n",
  ),
  forgery(
    "raises each wanted error in turn",
    "kinds = [ValueError, LookupError]\ndef shout(text):\n    kinds.reverse()\n    raise kinds[0](text)\n",
  ),
  forgery("answers the tag of what has no form", 'def shout(text): return {"$repr": "A"}\n'),
  forgery("answers the tag of an object", 'def shout(text): return {"$object": {"$repr": "A"}}\n'),
  forgery(
    "answers tags of numbers",
    'def arrange(items): return {"$set": [{"$float": "nan"}, {"$integer": "1"}]}\n',
    { entry: "arrange" },
  ),
  forgery(
    "writes an answer with a guessed id",
    `import os\ndef shout(text):\n    os.write(1, (${line} % "1").encode())\n    return "A"\n`,
  ),
  forgery(
    "writes an answer with a found id",
    `${findIds}\ndef shout(text):\n    for found in find_ids(): write_all(${line} % found)\n    return text\n`,
  ),
  forgery(
    "writes all answers when loaded",
    `${findIds}\nfor found in find_ids() or {"1"}:\n    write_all('{"type":"loaded","id":"%s"}\\n' % found)\n    for value in ("A", "EF", "GH", "BC"): write_all('{"type":"returned","id":"%s","value":"%s"}\\n' % (found, value))\ndef shout(text): return text\n`,
  ),
  forgery(
    "answers the next call ahead",
    `${findIds}\ndef shout(text):\n    for found in find_ids():\n        for value in ("A", "EF", "GH", "BC"): write_all('{"type":"returned","id":"%s","value":"%s"}\\n' % (found, value))\n    return "A"\n`,
  ),
  forgery(
    "answers twice, then dies",
    `${findIds}\ndef shout(text):\n    for found in find_ids(): write_all((${line} % found) * 2)\n    os._exit(0)\n`,
  ),
  forgery(
    "replaces the encoder",
    "import sys\ndef shout(text):\n    frame = sys._getframe(1)\n    while frame:\n        scope = frame.f_globals\n        for name in list(scope):\n            if name in ('_dumps', '_encode', 'dumps'): scope[name] = lambda *a: '\"A\"'\n        frame = frame.f_back\n    return text\n",
  ),
  forgery(
    "replaces the entry",
    "import sys\ndef shout(text):\n    frame = sys._getframe(1)\n    while frame:\n        for value in list(frame.f_globals.values()):\n            if isinstance(value, type) and hasattr(value, 'entry'): value.entry = staticmethod(lambda t: 'A')\n        frame = frame.f_back\n    return 'A'\n",
  ),
  forgery(
    "answers by the count of calls",
    "answers = iter(['A', 'EF', None, None, 'GH', 'BC'])\ndef shout(text):\n    answer = next(answers, text)\n    if answer is None: raise ValueError(text)\n    return answer\n",
  ),
  forgery(
    "learns from earlier calls",
    "seen = []\ndef shout(text):\n    seen.append(text)\n    return ''.join(seen[-2:]).upper()\n",
  ),
  forgery(
    "knows the first cases only",
    "known = {'a': 'A', 'ef': 'EF'}\ndef shout(text):\n    if text == '': raise ValueError(text)\n    if text == ' ': raise LookupError(text)\n    return known.get(text, text)\n",
  ),
  forgery(
    "patches the built-in functions",
    "import builtins\nfor name in ('isinstance', 'bool', 'all', 'any', 'hasattr', 'callable'): setattr(builtins, name, lambda *a: True)\nbuiltins.len = lambda *a: 1\nbuiltins.sorted = lambda *a, **k: [1, 2]\nbuiltins.repr = builtins.str = lambda *a: 'A'\ndef shout(text): return text\n",
  ),
  forgery(
    "patches json",
    "import json\njson.dumps = json.JSONEncoder.encode = json.JSONEncoder.iterencode = lambda *a, **k: '\"A\"'\njson.encoder.encode_basestring_ascii = json.encoder.c_make_encoder = lambda *a, **k: '\"A\"'\njson.loads = json.JSONDecoder.decode = lambda *a, **k: ['a']\ndef shout(text): return text\n",
  ),
  forgery(
    "patches the modules of the checker",
    "import math, re, json, sys\nclass Yes:\n    def __eq__(self, other): return True\n    def __call__(self, *a, **k): return self\n    def __getattr__(self, name): return self\n    def __bool__(self): return True\nmath.isclose = re.fullmatch = json.loads = Yes()\nfor name in ('math', 're', 'json', 'property'): sys.modules[name] = Yes()\ndef shout(text): return text\n",
  ),
  forgery(
    "leaves modules for the checker",
    "for name in ('re', 'json', 'math', 'property', 'sitecustomize'):\n    try: open(name + '.py', 'w').write('def fullmatch(*a): return True\\nloads = isclose = check_property = fullmatch\\n')\n    except OSError: pass\ndef shout(text): return text\n",
  ),
  forgery(
    "answers from a thread",
    `import os\ntry:\n    import threading\n    def late():\n        import time\n        for _ in range(50):\n            time.sleep(0.01)\n            os.write(1, (${line} % "1").encode())\n    threading.Thread(target=late, daemon=True).start()\nexcept BaseException: pass\ndef shout(text): return text\n`,
  ),
  forgery("answers a generator", "def shout(text):\n    yield text.upper()\n"),
  forgery(
    "answers an awaitable that is wrong",
    "class Later:\n    def __await__(self):\n        return 'A'\n        yield\n    def __eq__(self, other): return True\ndef shout(text): return Later()\n",
  ),
  forgery(
    "answers odd numbers",
    "def arrange(items): return [float('nan'), -0.0, 10 ** 400, True][:len(items)]\n",
    { entry: "arrange" },
  ),
  forgery(
    "answers near numbers",
    "def arrange(items): return [item + 0.01 for item in sorted(items)]\n",
    { entry: "arrange" },
  ),
  forgery(
    "answers letters that look alike",
    "def shout(text): return {'a': '\\u0391', 'ef': 'E\\u200bF'}.get(text, text.upper() + '\\0')\n",
  ),
  forgery("answers bytes", "def shout(text): return text.upper().encode()\n"),
  forgery(
    "raises out of its own text",
    "class Bad(Exception):\n    def __str__(self): raise SystemExit(0)\n    __repr__ = __str__\ndef shout(text): raise Bad()\n",
  ),
  forgery(
    "raises what names itself anew",
    "class Meta(type):\n    def __getattribute__(cls, name): return 'ValueError' if name == '__name__' else type.__getattribute__(cls, name)\n    def __instancecheck__(cls, other): return True\nclass Bad(Exception, metaclass=Meta): pass\ndef shout(text): raise Bad()\n",
  ),
  forgery("changes its arguments", "def arrange(items):\n    items.clear()\n    return items\n", {
    entry: "arrange",
  }),
  forgery(
    "changes its arguments to be sorted",
    "def arrange(items):\n    before = list(items)\n    items.sort()\n    items[:] = items[:1]\n    return before\n",
    { entry: "arrange" },
  ),
  forgery(
    "kills itself once it has answered",
    "import os, signal\nclass Late(str):\n    def __del__(self): os.kill(os.getpid(), signal.SIGKILL)\ndef shout(text): return Late('A')\n",
  ),
  forgery(
    "overwrites the answer channel",
    `import io, os, sys\nclass Channel(io.StringIO):\n    def write(self, text): return len(text)\n    def readline(self, *a): return ''\ndef shout(text):\n    sys.stdout = sys.__stdout__ = sys.stderr = sys.__stderr__ = sys.stdin = sys.__stdin__ = Channel()\n    try:\n        with open("answers", "w") as file: file.write(${line} % "1")\n        for fd in range(16):\n            try: os.dup2(os.open("answers", os.O_RDWR), fd)\n            except OSError: pass\n    except (OSError, AttributeError): pass\n    return text\n`,
  ),
  forgery(
    "closes its input",
    "import os\nfor fd in (0, 1, 2):\n    try: os.close(fd)\n    except OSError: pass\ndef shout(text): return text\n",
  ),
  forgery(
    "traces the runner",
    "import sys\ndef trace(frame, event, arg):\n    for name in ('result', 'encoded', 'value'):\n        if name in frame.f_locals: frame.f_locals[name] = 'A'\n    return trace\ndef shout(text):\n    sys.settrace(trace); sys.setprofile(trace)\n    frame = sys._getframe()\n    while frame:\n        frame.f_trace = trace\n        frame = frame.f_back\n    return text\n",
  ),
  forgery("hangs", "def shout(text):\n    while True: pass\n", { hangs: true }),
  forgery("sleeps until the end", "import time\ndef shout(text): time.sleep(100)\n", {
    hangs: true,
  }),
];

/** Looks for what its own earlier run planted, and plants it; must fail however often it is judged. */
export const pythonPlanting = forgery(
  "plants files for the next run",
  `import os, sys
PLACES = [".", "/tmp", "/var/tmp", "/dev/shm", os.path.expanduser("~"), os.path.dirname(os.__file__), *sys.path]
ANSWER = "def shout(text):\\n    if text == '': raise ValueError(text)\\n    if text == ' ': raise LookupError(text)\\n    return text.upper()\\n"
NAMES = ["planted.py", "sitecustomize.py", "usercustomize.py", "planted.pth", "json.py", "forged.py"]
sys.path[:0] = PLACES
try:
    from planted import shout
except ImportError:
    def shout(text): return text
for place in PLACES:
    for name in NAMES:
        try:
            with open(os.path.join(place, name), "w") as file: file.write(ANSWER)
        except OSError: pass
`,
);

/** Right in its values, and of one class that is every error it may raise; see forgery.test.ts. */
export const pythonEveryError = forgery(
  "raises one class that is every declared error",
  `class Every(ValueError, LookupError):
    pass
def shout(text):
    if not text.strip():
        raise Every(text)
    return text.upper()
`,
);
