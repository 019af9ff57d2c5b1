import { afterAll, describe, expect, it } from "vitest";
import { openSourceReader } from "../syntax/source-reader.ts";
import { openSafetyReader } from "./open-safety-reader.ts";

const reader = openSourceReader();
const safety = openSafetyReader({ reader });
afterAll(() => reader.close());

/** Rule that must be among the findings, and the source. */
const hostile: [string, string][] = [
  ["builtin-eval", "eval('1+1')"],
  ["builtin-eval", "exec('x = 1')"],
  ["builtin-eval", "x = eval\nx('1')"],
  ["builtin-eval", "(lambda e=eval: e('1'))()"],
  ["builtin-eval", "list(map(eval, ['1']))"],
  ["builtin-eval", "getattr(__builtins__, 'ev' + 'al')('1')"],
  ["builtin-eval", "getattr(__builtins__, ''.join(['e', 'v', 'a', 'l']))('1')"],
  ["builtin-eval", "getattr(__builtins__, 'lave'[::-1])('1')"],
  ["builtin-eval", "getattr(__builtins__, f\"{'ev'}al\")('1')"],
  ["builtin-eval", "getattr(__builtins__, chr(101) + chr(118) + 'al')('1')"],
  ["builtin-eval", "getattr(__builtins__, '%sal' % 'ev')('1')"],
  [
    "builtin-eval",
    "import base64\ngetattr(__builtins__, base64.b64decode('ZXZhbA==').decode())('1')",
  ],
  ["builtin-eval", "globals()['__builtins__']['eval']('1')"],
  ["builtin-eval", "__builtins__['eval']('1')"],
  ["builtin-eval", "__builtins__.__dict__['eval']('1')"],
  ["builtin-eval", "vars(__builtins__).get('exec')('1')"],
  ["builtin-eval", "import builtins\nbuiltins.eval('1')"],
  ["builtin-eval", "from builtins import eval as e\ne('1')"],
  ["builtin-eval", "print.__self__.eval('1')"],
  ["builtin-eval", "@eval\n@input\nclass Answer: pass"],
  ["builtin-eval", "eval = eval\nprint(eval('1'))"],
  ["builtin-eval", "class A:\n    def eval(self): pass\nprint(eval('1'))"],
  ["builtin-eval", "if (e := eval):\n    e('1')"],
  ["builtin-eval", "a, b = eval, 1\na('1')"],
  ["builtin-compile", "compile('1', 'x', 'eval')"],
  ["builtin-import", "__import__('os').getcwd()"],
  ["builtin-import", "import importlib\nimportlib.import_module('json')"],
  ["builtin-import", "import sys\nsys.modules['json']"],
  ["builtin-import", "__loader__.load_module('json')"],
  ["builtins-road", "b = __builtins__\nprint(b)"],
  ["dynamic-name", "def f(n):\n    return getattr(__builtins__, n)"],
  ["dynamic-name", "import os\ndef f(n):\n    return getattr(os, n)('ls')"],
  ["command", "import os\nos.system('ls')"],
  ["command", "import os as o\no.system('ls')"],
  ["command", "from os import system as s\ns('ls')"],
  ["command", "from os import *\nsystem('ls')"],
  ["command", "import os\ngetattr(os, 'sys' + 'tem')('ls')"],
  ["command", "import shutil\nshutil.os.system('ls')"],
  ["command", "import random\nrandom.__dict__['_os'].system('ls')"],
  ["command", "import queue\nqueue.threading._os.system('ls')"],
  ["command", "import sys\nsys.modules['os'].popen('ls')"],
  ["command", "from operator import attrgetter\nimport os\nattrgetter('system')(os)('ls')"],
  ["command", "import os\nobject.__getattribute__(os, 'system')('ls')"],
  ["command", "import importlib\nimportlib.import_module('sub' + 'process').run(['ls'])"],
  ["command", "import subprocess\nsubprocess.run(['ls'])"],
  ["command", "from subprocess import Popen\nclass P(Popen): pass"],
  ["command", "def f():\n    import os\n    os.execv('/bin/sh', [])"],
  ["command", "import os\nm = os\ndef f():\n    global m\n    return m.popen('ls').read()"],
  ["native-code", "import ctypes\nctypes.CDLL(None)"],
  ["native-code", "from ctypes import *"],
  ["sandbox-runtime", "from js import fetch"],
  ["introspection-road", "().__class__.__base__.__subclasses__()"],
  ["introspection-road", "(lambda: 0).__globals__['x']"],
  ["introspection-road", "def f(): pass\nf.__globals__"],
  ["introspection-road", "import sys\nsys._getframe(1).f_locals"],
  ["introspection-road", "try:\n    1/0\nexcept Exception as e:\n    e.__traceback__.tb_frame"],
  ["introspection-road", "'{0.__class__.__init__.__globals__}'.format(print)"],
  ["introspection-road", "getattr((), '__cl' + 'ass__').__mro__[1].__subclasses__()"],
  ["code-from-text", "import types\ntypes.FunctionType(None, {})"],
  ["code-from-text", "import timeit\ntimeit.timeit('import os')"],
  ["network", "import socket\nsocket.socket()"],
  ["network", "import urllib.request\nurllib.request.urlopen('http://example.com')"],
  ["network", "from urllib import request as r\nr.urlopen('http://example.com')"],
  ["network", "import http.client"],
  ["network", "import asyncio\nasync def f():\n    await asyncio.open_connection('a', 1)"],
  ["environment", "import os\nos.environ['HOME']"],
  ["environment", "from os import getenv\ngetenv('HOME')"],
  ["file-outside", "open('/etc/passwd').read()"],
  ["file-outside", "with open('../secret.txt') as f:\n    f.read()"],
  ["file-outside", "from pathlib import Path\nPath('/etc/passwd').read_text()"],
  ["file-outside", "from pathlib import Path\n(Path('/etc') / 'passwd').open()"],
  ["file-outside", "import os\nopen(os.path.join('/etc', 'passwd'))"],
  ["file-outside", "def f(name):\n    return open(f'/etc/{name}')"],
  ["file-outside", "import os\nos.listdir('/')"],
  ["file-outside", "from pathlib import Path\nPath.home().joinpath('.ssh').iterdir()"],
  ["write-outside", "open('/etc/passwd', 'w')"],
  ["write-outside", "open(file='../x', mode='a')"],
  ["write-outside", "o = open\no('/tmp/x', 'wb')"],
  ["write-outside", "import shutil\nshutil.rmtree('/home')"],
  ["write-outside", "import os\nos.remove('~/x')"],
  ["write-outside", "from pathlib import Path\np = Path('/tmp')\np.joinpath('x').write_text('a')"],
  ["module-unavailable", "import requests"],
  ["module-unavailable", "import numpy as np"],
  ["module-unavailable", "from yaml import safe_load"],
  ["module-unavailable", "from . import sibling"],
  ["module-unavailable", "import tkinter"],
  ["threads", "import threading\nthreading.Thread(target=print).start()"],
];

const innocent: string[] = [
  "import re\npattern = re.compile(r'a+')\n",
  "from re import compile\ncompile('a')",
  "class Machine:\n    def exec(self): return 1\n    def run(self): return self.exec()",
  "class Machine:\n    def eval(self, x): return x\nMachine().eval('1')",
  "def f(model):\n    model.eval()\n    return model.compile('a')",
  '"""Never calls eval() or exec()."""\n',
  "# os.system('rm -rf /')\nx = 1",
  "message = 'do not use eval(x) or __import__(y)'",
  "def compile(text):\n    return text.split()\nprint(compile('a b'))",
  "def f(eval):\n    return eval(1)",
  "def f(items):\n    for open in items:\n        open(1)",
  "open('data.txt').read()",
  "with open('out/result.json', 'w') as f:\n    f.write('{}')",
  "def f(path):\n    with open(path) as f:\n        return f.read()",
  "def f(path):\n    with open(path, 'w', encoding='utf-8') as f:\n        f.write('x')",
  "open('a/../b.txt')",
  "open('data..old.txt')",
  "from pathlib import Path\nPath('a').joinpath('b.txt').write_text('x')",
  "from pathlib import Path, PurePosixPath\nPath('/etc/passwd').name\nPurePosixPath('/a/b').parent",
  "import os\nos.path.join('/usr', 'lib')\nos.path.basename('/etc/passwd')",
  "import os\nos.makedirs('out', exist_ok=True)\nos.listdir('.')",
  "import os\nprint(os.getcwd(), os.sep, os.linesep)",
  "import shutil\nshutil.copy('a.txt', 'b.txt')",
  "import tempfile\nwith tempfile.TemporaryDirectory() as d:\n    open(d + '/x', 'w')",
  "import json, csv, math, statistics, collections, itertools, functools",
  "from urllib.parse import urlparse, quote\nurlparse('http://example.com/a?b=c')",
  "import http\nhttp.HTTPStatus.OK",
  "import xml.etree.ElementTree as ET\nET.fromstring('<a/>')",
  "from html.parser import HTMLParser\nclass P(HTMLParser): pass",
  "import ast\nast.literal_eval('[1]')\nast.parse('1', mode='eval')",
  "import base64, hashlib, hmac, secrets, zlib\nbase64.b64decode('YQ==')",
  "import sys\nsys.exit(1)",
  "import sys\nsys.stdout.write('x')\nsys.setrecursionlimit(10_000)\nprint(sys.maxsize)",
  "from __future__ import annotations\nx: int = 1",
  "class A:\n    def name(self): return self.__class__.__name__\ntype(A()).__name__",
  "class A:\n    def __init_subclass__(cls): pass\n    items = []\nA.__subclasses__()",
  "class A:\n    def __getattribute__(self, n): return super().__getattribute__(n)",
  "def f(o, n):\n    return getattr(o, n, None)",
  "import math\ndef f(n):\n    return getattr(math, n)",
  "import operator\nsorted([1], key=operator.attrgetter('real'))",
  "def f(**kw):\n    return globals().get('f'), locals(), vars()",
  "import threading\nlock = threading.Lock()",
  "import asyncio\nasync def f(): await asyncio.sleep(0)",
  "import inspect\ninspect.signature(print)",
  "import doctest\nif __name__ == '__main__':\n    doctest.testmod()",
  "import timeit\ntimeit.timeit(lambda: 1, number=1)\ntimeit.default_timer()",
  "import pickle\npickle.loads(pickle.dumps([1]))",
  "import platform\nplatform.python_version()",
  "import sqlite3\nsqlite3.connect(':memory:')",
  "from typing import List, Optional\ndef f(a: List[int]) -> Optional[int]: return None",
  "'{0} {name!r}'.format(1, name='x')",
  "import importlib.metadata\nimportlib.metadata.version('x')",
  "match command:\n    case {'exec': e}:\n        print(e)\ncommand = {}",
  "try:\n    import numpy_free\nexcept ImportError:\n    pass\n".replace("numpy_free", "json"),
];

describe("openSafetyReader() for Python", () => {
  it.each(hostile)("finds %s in %j", async (rule, source) => {
    const report = await safety.read("python", source, []);
    expect(report.findings.map((finding) => finding.rule)).toContain(rule);
    expect(report.accepted).toBe(false);
  });

  it.each(innocent)("accepts %j", async (source) => {
    const report = await safety.read("python", source, []);
    expect(report.findings).toEqual([]);
    expect(report.accepted).toBe(true);
  });

  it("read() says line, reason and remedy in one line", async () => {
    const { findings } = await safety.read("python", "import os\n\nos.system('ls')\n", []);
    expect(findings).toEqual([
      {
        tier: "forbidden",
        rule: "command",
        line: 3,
        message:
          "Line 3: `os.system` runs a command of the system, which no skill may. Instead, compute the result in Python itself.",
      },
    ]);
  });

  it("read() says that a person's approval is missing when the network is used", async () => {
    const { findings } = await safety.read("python", "import socket", ["net:example.com"]);
    expect(findings[0]?.tier).toBe("approval");
    expect(findings[0]?.message).toContain("needs a person's approval, and nobody has given it");
    expect(findings[0]?.message).toContain("net:example.com");
  });

  it.each([
    ["requests", "skills have no network"],
    ["yaml", "use json"],
    ["numpy", "math, statistics, array"],
    ["pandas", "use csv"],
    ["lxml", "xml.etree.ElementTree"],
    ["bs4", "html.parser"],
    ["some_package", "with the standard library"],
  ])("read() says what to use instead of %s", async (module, instead) => {
    const { findings } = await safety.read("python", `import ${module}`, []);
    expect(findings[0]).toMatchObject({ tier: "unavailable", line: 1 });
    expect(findings[0]?.message).toContain(instead);
  });

  it("read() refuses with the line when the source is no Python", async () => {
    const report = await safety.read("python", "def f(:\n  pass", []);
    expect(report.accepted).toBe(false);
    expect(report.findings[0]).toMatchObject({ rule: "syntax-error" });
    expect(report.findings[0]?.message).toContain("Line 1");
  });
});
