import type { HostileProgram } from "./hostile-program.ts";
import { attackOn } from "./typescript-attack.ts";

const memory = attackOn("memory");
const cpu = attackOn("cpu");
const files = attackOn("files");
const takesMemory = { exhausts: "memory" } as const;
const takesTime = { exhausts: "cpu" } as const;
const takesFiles = { exhausts: "files" } as const;

/** Attacks that take memory, time or files until a limit stops them. */
export const typescriptResourcePrograms: readonly HostileProgram[] = [
  memory(
    "heap-objects",
    "fills the heap with objects",
    "const all = []; for (;;) all.push({ all, text: [all.length] });",
    takesMemory,
  ),
  memory(
    "heap-strings",
    "doubles a string until nothing is left",
    'const all = []; for (let index = 0; ; index += 1) all.push(("x" + index).repeat(10_000_000).split("").join(","));',
    takesMemory,
  ),
  memory(
    "array-buffers",
    "fills memory outside the heap with buffers",
    "const all = []; for (;;) all.push(new Uint8Array(16 << 20).fill(1));",
    takesMemory,
  ),
  memory(
    "node-buffers",
    "fills memory with Node's buffers",
    "const all = []; for (;;) all.push(__modules.buffer.Buffer.alloc(32 << 20, 1));",
    takesMemory,
  ),
  memory(
    "wasm-memory",
    "grows WebAssembly memories without end",
    `  const all = [];
  for (;;) {
    const grown = new WebAssembly.Memory({ initial: 1024, maximum: 65536 });
    new Uint8Array(grown.buffer).fill(1);
    all.push(grown);
  }`,
    takesMemory,
  ),
  memory(
    "shared-buffers",
    "fills memory with buffers that threads share",
    "const all = []; for (;;) { const b = new SharedArrayBuffer(16 << 20); new Uint8Array(b).fill(1); all.push(b); }",
    takesMemory,
  ),
  memory(
    "resizable-buffers",
    "grows resizable buffers",
    "const all = []; for (;;) { const b = new ArrayBuffer(1, { maxByteLength: 64 << 20 }); b.resize(64 << 20); new Uint8Array(b).fill(7); all.push(b); }",
    takesMemory,
  ),
  memory(
    "recursion",
    "calls itself without end",
    "const deep = () => deep() + 1; return deep();",
    takesMemory,
  ),
  memory(
    "recursion-of-data",
    "returns data that is nested without end",
    "let value = []; for (let index = 0; index < 1e6; index += 1) value = [value]; return value;",
    takesMemory,
  ),
  memory(
    "big-integers",
    "keeps integers of many digits",
    "const all = []; for (;;) all.push(1n << 500_000_000n);",
    takesMemory,
  ),
  memory(
    "streams-and-blobs",
    "keeps blobs and streams",
    "const all = []; for (;;) all.push(new Blob([new Uint8Array(16 << 20).fill(1)]), new Response(new Uint8Array(16 << 20)));",
    takesMemory,
  ),
  memory(
    "zip-bomb-stream",
    "inflates a bomb by a stream",
    `  const zeros = new Uint8Array(8 << 20);
  const packed = new Uint8Array(await new Response(new Blob([zeros]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer());
  const all = [];
  for (;;) all.push(new Uint8Array(await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer()));`,
    takesMemory,
  ),
  memory(
    "zip-bomb-zlib",
    "inflates a bomb by Node's module",
    "const packed = __modules.zlib.gzipSync(__modules.buffer.Buffer.alloc(32 << 20)); const all = []; for (;;) all.push(__modules.zlib.gunzipSync(packed).fill(1));",
    takesMemory,
  ),
  memory(
    "finalizers",
    "keeps objects alive by finalizers and weak references",
    "const registry = new FinalizationRegistry(() => {}); const all = []; for (let index = 0; ; index += 1) { const o = { data: new Array(1000).fill(index) }; registry.register(o, o.data); all.push(new WeakRef(o)); }",
    takesMemory,
  ),
  memory(
    "map-entries",
    "fills maps past their size",
    "const map = new Map(); for (let index = 0; ; index += 1) map.set(index, index);",
    takesMemory,
  ),
  memory(
    "sparse-array",
    "makes huge sparse arrays dense",
    "const all = []; for (;;) all.push(new Array(30_000_000).fill(1.5));",
    takesMemory,
  ),
  memory(
    "clones",
    "clones its own data without end",
    "let data = { a: new Array(100000).fill('x') }; const all = []; for (;;) all.push(structuredClone(data));",
    takesMemory,
  ),
  cpu("loop", "loops for ever", "for (;;);", takesTime),
  cpu(
    "loop-microtasks",
    "starves everything by microtasks",
    "const again = () => Promise.resolve().then(again); return await again();",
    takesTime,
  ),
  cpu("loop-await", "awaits for ever without pausing", "for (;;) await null;", takesTime),
  cpu(
    "loop-timers",
    "keeps setting timers",
    "const again = () => { setTimeout(again, 0); setTimeout(again, 0); }; again(); await new Promise(() => {});",
    takesTime,
  ),
  cpu(
    "regular-expression",
    "lets a regular expression backtrack",
    'return /^(a+)+$/.test("a".repeat(60) + "!");',
    takesTime,
  ),
  cpu(
    "hash-collisions",
    "fills tables with keys that collide",
    'const o = {}; for (let index = 0; ; index += 1) { o["k" + (index * 4294967296)] = 1; if (index % 64 === 0) Object.keys(o).sort(); }',
    takesTime,
  ),
  cpu(
    "atomics-wait",
    "waits on shared memory for ever",
    "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);",
    takesTime,
  ),
  cpu(
    "big-integer-power",
    "computes numbers of many digits for ever",
    "for (;;) String(7n ** 3_000_000n);",
    takesTime,
  ),
  cpu(
    "sort-comparer",
    "sorts with a comparer that never agrees",
    "for (;;) Array.from({ length: 1e5 }, Math.random).sort(() => Math.random() - 0.5);",
    takesTime,
  ),
  cpu(
    "late-proxy",
    "answers a value whose traversal never ends",
    "return { get a() { for (;;); } };",
    takesTime,
  ),
  cpu(
    "endless-then",
    "answers a promise-like that answers itself",
    "const t = { then: (resolve) => resolve(t) }; return t;",
    takesTime,
  ),
  cpu(
    "endless-iterator",
    "answers a set whose iterator never ends",
    "const s = new Set(); s[Symbol.iterator] = function* () { for (;;) yield 1; }; return s;",
    { exhausts: "memory" },
  ),
  cpu(
    "wasm-loop",
    "loops in WebAssembly, where no JavaScript can stop it",
    `  const bytes = new Uint8Array([0,97,115,109,1,0,0,0,1,4,1,96,0,0,3,2,1,0,7,5,1,1,102,0,0,10,9,1,7,0,3,64,12,0,11,11]);
  new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports.f();`,
    takesTime,
  ),
  cpu(
    "wasm-compile",
    "compiles modules without end",
    `  const body = Array.from({ length: 40000 }, () => [65, 0, 26]).flat();
  const size = (value) => { const out = []; do { out.push((value & 127) | (value > 127 ? 128 : 0)); value >>= 7; } while (value > 0); return out; };
  const code = [0, ...body, 11];
  const section = [1, ...size(code.length), ...code];
  const bytes = new Uint8Array([0,97,115,109,1,0,0,0,1,4,1,96,0,0,3,2,1,0,10, ...size(section.length), ...section]);
  const all = [];
  for (;;) all.push(new WebAssembly.Module(bytes));`,
    takesTime,
  ),
  files(
    "file-size",
    "makes one file larger than all may be",
    'Deno.writeFileSync("big", new Uint8Array(64 << 20));',
    takesFiles,
  ),
  files(
    "file-count",
    "makes more files than it may",
    'for (let index = 0; index < 100_000; index += 1) Deno.writeTextFileSync("f" + index, "x");',
    takesFiles,
  ),
  files(
    "file-growth",
    "appends to a file without end",
    'const piece = new Uint8Array(64 << 20); for (;;) Deno.writeFileSync("grows", piece, { append: true });',
    takesFiles,
  ),
  files(
    "folder-depth",
    "nests folders very deeply",
    'Deno.mkdirSync("a/".repeat(20_000), { recursive: true }); Deno.writeTextFileSync("a/".repeat(20_000) + "file", "x");',
    takesFiles,
  ),
  files(
    "file-names",
    "makes files whose names lead elsewhere when they are copied out",
    `  const names = ["..\\\\..\\\\x", "C:\\\\x", "\\u202etxt.exe", "a\\nb", "-rf", "con", " ", "x".repeat(5000), "../work/../../" + world.writeFolder + "/x", "a/../../../" + world.marker];
  return await tryAll(names.flatMap((name) => [() => Deno.writeTextFileSync(name, world.marker), () => __modules.fs.writeFileSync("/work/" + name, world.marker)]));`,
  ),
  files(
    "file-methods",
    "replaces what copies the files out",
    `  Deno.writeTextFileSync("x", "x");
  Map.prototype[Symbol.iterator] = function* () { yield ["../../" + world.writeFolder + "/map", new Uint8Array(3)]; };
  Map.prototype.values = function* () {};
  Array.prototype.toSorted = () => [["/" + world.writeFolder + "/sorted", new Uint8Array(3)]];
  Uint8Array.prototype.subarray = () => new Uint8Array(1);`,
  ),
];
