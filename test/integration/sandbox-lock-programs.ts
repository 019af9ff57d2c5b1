import type { Language } from "../../src/shared/json.ts";

/**
 * Ordinary programs by what they use of the machine beneath them: a lock that is too tight stops one
 * of them, usually late, by a thread or a memory area that V8 asks for while it runs.
 */
export const ordinaryPrograms: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  python: {
    "a long loop": `
def f():
    return sum(number % 7 for number in range(1_000_000))`,
    "regular expressions": `
import re
def f():
    return len(re.findall(r"(\\w+)@(\\w+)\\.com", "ab@cd.com xx " * 20_000))`,
    "asyncio and sleep": `
import asyncio, time
async def wait(number):
    await asyncio.sleep(0.01 * number)
    return number
async def f():
    time.sleep(0.02)
    return await asyncio.gather(*[wait(number) for number in range(5)])`,
    "much memory": `
def f():
    blocks = [bytearray(1 << 20) for _ in range(150)]
    size = sum(len(block) for block in blocks)
    del blocks
    return size + len(bytearray(100 << 20))`,
    "garbage in cycles": `
import gc
def f():
    for _ in range(200_000):
        cycle = []
        cycle.append(cycle)
    return gc.collect() >= 0`,
    "deep recursion": `
def dig(depth): return dig(depth + 1)
def f():
    try: dig(0)
    except RecursionError: return "deep"`,
    "clocks and time zones": `
import datetime, time
def f():
    day = datetime.datetime(2024, 5, 6, 7, 8, 9)
    return [day.isoformat(), day.astimezone().tzname(), time.strftime("%Z", time.localtime(0))]`,
    "hashes and random numbers": `
import hashlib, hmac, os, secrets, uuid
def f():
    lengths = [len(os.urandom(100_000)), len(secrets.token_hex(8)), len(str(uuid.uuid4()))]
    return lengths + [hashlib.sha256(b"x" * 500_000).hexdigest(), hmac.new(b"a", b"b", "sha512").hexdigest()]`,
    compression: `
import bz2, gzip, io, lzma, zipfile, zlib
def f():
    data = b"hello world" * 50_000
    with zipfile.ZipFile(io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", data)
    return [module.decompress(module.compress(data)) == data for module in (bz2, gzip, lzma, zlib)]`,
    "files of its folder": `
import glob, os, pathlib, shutil, tempfile
def f():
    pathlib.Path("a.txt").write_text("x" * 1_000)
    shutil.copy2("a.txt", "b.txt")
    os.mkdir("d")
    os.rename("b.txt", "d/c.txt")
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "z").write_bytes(b"1")
    return [sorted(glob.glob("**", recursive=True)), os.path.getsize("d/c.txt")]`,
    "modules loaded late": `
def f():
    import sqlite3, decimal, xml.etree.ElementTree as tree, zoneinfo, ssl, argparse, logging
    rows = sqlite3.connect(":memory:").execute("select 1 + 1").fetchall()
    decimal.getcontext().prec = 100
    return [rows, str(decimal.Decimal(2).sqrt()), tree.fromstring("<a><b/></a>").tag]`,
    "threads it cannot have": `
import threading
def f():
    try: threading.Thread(target=print).start()
    except RuntimeError as error: return str(error)`,
  },
  typescript: {
    "a long loop": `function f() {
      let sum = 0;
      for (let number = 0; number < 1e8; number += 1) sum += number % 7;
      return sum;
    }`,
    "regular expressions": `function f() {
      return "ab@cd.com xx ".repeat(20_000).match(/(\\w+)@(\\w+)\\.com/g).length;
    }`,
    timers: `async function f() {
      await new Promise((resolve) => setTimeout(resolve, 20));
      const signal = AbortSignal.timeout(20);
      await new Promise((resolve) => { signal.onabort = resolve; });
      return signal.aborted;
    }`,
    "much memory and its collection": `function f() {
      let count = 0;
      for (let round = 0; round < 20; round += 1) {
        const items = [];
        for (let index = 0; index < 200_000; index += 1) items.push({ index, round: [round] });
        count += items.length + new Uint8Array(20 << 20).fill(round).length;
      }
      return count;
    }`,
    "WebAssembly and its memory": `async function f() {
      const code = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 7, 1, 96, 2, 127, 127, 1, 127, 3, 2,
        1, 0, 7, 7, 1, 3, 97, 100, 100, 0, 0, 10, 9, 1, 7, 0, 32, 0, 32, 1, 106, 11]);
      const { instance } = await WebAssembly.instantiate(code);
      const memory = new WebAssembly.Memory({ initial: 1, maximum: 4_000 });
      memory.grow(3_000);
      return [instance.exports.add(2, 3), memory.buffer.byteLength];
    }`,
    "dates, zones and languages": `function f() {
      return [
        new Date(2024, 5, 6).toString(),
        new Intl.DateTimeFormat("de-DE", { dateStyle: "full", timeZone: "Asia/Tokyo" }).format(0),
        new Intl.NumberFormat("hi").format(123_456),
        "\\u00e4".localeCompare("z", "sv"),
        Intl.DateTimeFormat().resolvedOptions().timeZone,
      ];
    }`,
    cryptography: `async function f() {
      const digest = await crypto.subtle.digest("SHA-256", new Uint8Array(500_000));
      const keys = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign"]);
      return [new Uint8Array(digest)[0], keys.privateKey.type, crypto.randomUUID().length];
    }`,
    compression: `async function f() {
      const through = (data, change) => new Response(new Blob([data]).stream().pipeThrough(change)).arrayBuffer();
      const small = await through(new Uint8Array(500_000), new CompressionStream("gzip"));
      return (await through(small, new DecompressionStream("gzip"))).byteLength;
    }`,
    "deep recursion": `function dig(depth) { return dig(depth + 1) + 1; }
      function f() { try { return dig(0); } catch (error) { return error.name; } }`,
    "messages and shared memory": `async function f() {
      const { port1, port2 } = new MessageChannel();
      const message = await new Promise((resolve) => {
        port1.onmessage = ({ data }) => resolve(data);
        port2.postMessage([1]);
      });
      port1.close();
      return [message, Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)];
    }`,
    "errors with a trace": `function f() {
      try { return null.field; } catch (error) { return error.stack.length > 0; }
    }`,
    "data addresses": `async function f() {
      return [await (await fetch("data:text/plain,hello")).text(),
        await (await fetch(URL.createObjectURL(new Blob(["abc"])))).text()];
    }`,
    "files of its folder": `function f() {
      Deno.writeTextFileSync("a.txt", "x");
      return Deno.readTextFileSync("a.txt");
    }`,
    "what Deno refuses": `async function f() {
      const names = [];
      for (const attempt of [() => Deno.openSync("/etc/passwd"), () => fetch("http://127.0.0.1:12345"),
        () => new Deno.Command("ls").outputSync(), () => Deno.kill(1)]) {
        try { await attempt(); names.push("done"); } catch (error) { names.push(error.name); }
      }
      return [...names, typeof Deno.dlopen, typeof Deno.UnsafePointer, typeof Deno.execPath];
    }`,
  },
};
