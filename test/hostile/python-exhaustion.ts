import type { HostileProgram } from "./hostile-program.ts";
import { pythonAttacks } from "./python-attack.ts";

const memory = pythonAttacks("memory", [
  {
    name: "memory-list",
    goal: "all memory, by a list that grows",
    exhausts: "memory",
    body: `
kept = []
while True:
    kept.append([0] * 1_000_000)`,
  },
  {
    name: "memory-bytearray",
    goal: "8 GiB at once, and then each byte of it touched",
    exhausts: "memory",
    body: `
one = bytearray(8 * 2 ** 30)
for index in range(0, len(one), 4096):
    one[index] = 1`,
  },
  {
    name: "memory-text",
    goal: "all memory, by doubling a text",
    exhausts: "memory",
    body: `
text = "x"
while True:
    text += text`,
  },
  {
    name: "memory-small-objects",
    goal: "all memory, by small objects that refer to each other",
    exhausts: "memory",
    body: `
last = None
while True:
    last = {"before": last, "more": [last, object()]}`,
  },
  {
    name: "memory-recursion",
    goal: "all memory, by generators that hold each other",
    exhausts: "memory",
    body: `
import sys
def chain(inner):
    yield inner
kept = iter(())
while True:
    kept = chain(kept)
    said.append(kept)`,
  },
  {
    name: "memory-big-integer",
    goal: "all memory and time, by one integer",
    exhausts: "memory",
    body: `
number = 3
while True:
    number = number << (number.bit_length() * 4)`,
  },
  {
    name: "memory-map",
    goal: "8 GiB of memory by anonymous maps",
    exhausts: "memory",
    body: `
import mmap
kept = []
for _ in range(128):
    one = mmap.mmap(-1, 64 * 2 ** 20)
    for index in range(0, len(one), 4096):
        one[index] = 1
    kept.append(one)`,
  },
  {
    name: "memory-shared",
    goal: "memory that counts for nobody, by shared memory and files in memory",
    exhausts: "memory",
    body: `
import os
kept = []
for index in range(512):
    number = os.memfd_create("held")
    kept.append(number)
    os.write(number, bytes(16 * 2 ** 20))`,
  },
  {
    name: "memory-zip-bomb",
    goal: "8 GiB out of some kilobytes, by unpacking",
    exhausts: "memory",
    body: `
import io, zipfile, zlib
packer = zlib.compressobj(9)
packed = b"".join([packer.compress(bytes(2 ** 20)) for _ in range(64)] + [packer.flush()])
kept = []
for _ in range(128):
    kept.append(zlib.decompress(packed))`,
  },
  {
    name: "memory-zip-archive",
    goal: "all memory, by an archive whose entries share their data",
    exhausts: "memory",
    body: `
import io, zipfile
buffer = io.BytesIO()
with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
    for index in range(8):
        archive.writestr(str(index), bytes(32 * 2 ** 20))
kept = []
while True:
    with zipfile.ZipFile(buffer) as archive:
        kept.extend(archive.read(name) for name in archive.namelist())`,
  },
  {
    name: "memory-xml-bomb",
    goal: "all memory, by entities that hold each other",
    exhausts: "memory",
    body: `
import xml.dom.minidom
lines = "".join('<!ENTITY e%d "%s">' % (index, ("&e%d;" % (index - 1)) * 10) for index in range(1, 12))
document = '<!DOCTYPE a [<!ENTITY e0 "%s">%s]><a>&e11;</a>' % ("x" * 1000, lines)
xml.dom.minidom.parseString(document)
raise MemoryError("the parser refused it")`,
  },
  {
    name: "memory-format",
    goal: "all memory, by a width in a format",
    exhausts: "memory",
    body: `
kept = []
while True:
    kept.append("%*d" % (2 ** 28, 1))
    kept.append(format(1, ">%d" % 2 ** 28))`,
  },
  {
    name: "memory-sqlite",
    goal: "all memory, in sqlite's own C heap",
    exhausts: "memory",
    body: `
import sqlite3
base = sqlite3.connect(":memory:")
base.execute("create table a (b)")
while True:
    base.execute("insert into a values (zeroblob(?))", (32 * 2 ** 20,))`,
  },
  {
    name: "memory-wasm-growth",
    goal: "all memory, by the C library's malloc",
    exhausts: "memory",
    body: `
import ctypes
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.malloc.argtypes = [ctypes.c_size_t]
for _ in range(200):
    address = libc.malloc(64 * 2 ** 20)
    if not address:
        raise MemoryError("malloc refused")
    ctypes.memset(address, 1, 64 * 2 ** 20)`,
  },
]);

const cpu = pythonAttacks("cpu", [
  { name: "cpu-loop", goal: "a loop without end", exhausts: "cpu", body: "while True:\n    pass" },
  {
    name: "cpu-loop-catching",
    goal: "a loop that catches whatever would end it",
    exhausts: "cpu",
    body: `
import signal
attempt(lambda: [signal.signal(number, signal.SIG_IGN) for number in (1, 2, 3, 14, 15, 24, 25)])
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
    finally:
        continue`,
  },
  {
    name: "cpu-regular-expression",
    goal: "a regular expression that takes exponential time in C",
    exhausts: "cpu",
    body: `
import re
re.match(r"(a|a)*b", "a" * 60)`,
  },
  {
    name: "cpu-hash-collisions",
    goal: "a table whose keys all collide",
    exhausts: "cpu",
    body: `
modulus = __import__("sys").hash_info.modulus
while True:
    {index * modulus: index for index in range(20_000)}`,
  },
  {
    name: "cpu-big-power",
    goal: "one operation in C that takes for ever",
    exhausts: "cpu",
    body: `pow(3, 10 ** 9) % 7`,
  },
  {
    name: "cpu-evil-comparison",
    goal: "a sort whose comparison never comes to an end",
    exhausts: "cpu",
    body: `
class Slow:
    def __lt__(self, other):
        while True:
            pass
sorted([Slow(), Slow()])`,
  },
  {
    name: "cpu-sleep",
    goal: "a process held for ever without using the processor",
    exhausts: "cpu",
    body: `
import time
time.sleep(10_000)`,
  },
  {
    name: "cpu-await",
    goal: "an answer that is awaited for ever",
    exhausts: "cpu",
    body: `
import asyncio
async def never():
    while True:
        await asyncio.sleep(0)
asyncio.run(never())`,
  },
  {
    name: "cpu-infinite-iterator",
    goal: "a loop in C over an iterator without end",
    exhausts: "cpu",
    body: `
import collections, itertools
collections.deque(itertools.repeat(0), maxlen=0)`,
  },
  {
    name: "cpu-at-load",
    goal: "a result whose encoding takes for ever",
    exhausts: "cpu",
    body: `
class Slow:
    def __repr__(self):
        while True:
            pass
return Slow()`,
  },
]);

const output = pythonAttacks("output", [
  {
    name: "output-lines",
    goal: "the host's memory, by lines without end",
    exhausts: "output",
    body: `
while True:
    print("x" * 1000)`,
  },
  {
    name: "output-one-line",
    goal: "the host's memory, by one line that never ends",
    exhausts: "output",
    body: `
import sys
while True:
    sys.stdout.write("x" * 100_000)`,
  },
  {
    name: "output-descriptor",
    goal: "the host's memory, by os.write past all buffers",
    exhausts: "output",
    body: `
import os
while True:
    os.write(1, b"x" * 65536)`,
  },
  {
    name: "output-stderr",
    goal: "the host's memory, by errors without end",
    exhausts: "output",
    body: `
import sys
while True:
    sys.stderr.write("x" * 65536)
    sys.stderr.flush()`,
  },
  {
    name: "output-original-stream",
    goal: "the host's memory, by the streams the interpreter keeps beside",
    exhausts: "output",
    body: `
import sys
while True:
    sys.__stdout__.write("x" * 65536)
    sys.__stderr__.write("x" * 65536)`,
  },
  {
    name: "output-giant-message",
    goal: "the host's memory, by an error whose text is 100 MB",
    body: `raise ValueError("x" * 100_000_000)`,
  },
  {
    name: "output-giant-type-name",
    goal: "the host's memory, by an error whose class has a name of 50 MB and many bases",
    body: `
kind = Exception
for index in range(200):
    kind = type("E" * 250_000, (kind,), {})
raise kind("x")`,
  },
  {
    name: "output-giant-traceback",
    goal: "the host's memory, by causes and notes of an error without end",
    body: `
error = ValueError("first")
for index in range(20_000):
    later = ValueError("x" * 1000)
    later.__cause__ = error
    later.add_note("x" * 10_000) if index < 100 else None
    error = later
raise error`,
  },
  {
    name: "output-giant-result",
    goal: "the host's memory, by a result of 100 MB",
    exhausts: "output",
    body: `return "x" * 100_000_000`,
  },
  {
    name: "output-escaped-result",
    goal: "a result that grows sixfold when it is written as JSON",
    exhausts: "output",
    body: `return "\\x00" * 900_000`,
  },
  {
    name: "output-deep-result",
    goal: "the host's parser, by a result nested 100,000 deep",
    exhausts: "output",
    body: `
one = []
for _ in range(100_000):
    one = [one]
return one`,
  },
  {
    name: "output-wide-result",
    goal: "the host's memory, by a result that shares its parts and doubles 40 times",
    exhausts: "output",
    body: `
one = ["x"]
for _ in range(40):
    one = [one, one]
return one`,
  },
]);

export const pythonExhaustion: readonly HostileProgram[] = [...memory, ...cpu, ...output];
