import type { HostileProgram } from "./hostile-program.ts";
import { attackOn } from "./typescript-attack.ts";

const output = attackOn("output");
const terminal = attackOn("terminal");
const survival = attackOn("survival");
const takesOutput = { exhausts: "output" } as const;
const again = { twice: true } as const;
const escapes =
  '"\\u001b]0;title\\u0007\\u001b[2J\\u001b[31m\\u009b5n\\u202e\\u0008\\r" + world.marker';

/** Attacks by what comes out, and by what stays behind. */
export const typescriptOutputPrograms: readonly HostileProgram[] = [
  output(
    "flood-console",
    "prints without end",
    'for (;;) console.log("x".repeat(10_000));',
    takesOutput,
  ),
  output(
    "flood-errors",
    "prints to the error stream without end",
    'for (;;) { console.error("x".repeat(1000)); process.stderr.write("y".repeat(1000)); }',
    takesOutput,
  ),
  output(
    "flood-groups",
    "indents its output until each line is huge",
    'for (;;) { console.group("x"); console.log("\\n".repeat(100)); }',
    takesOutput,
  ),
  output(
    "flood-inspection",
    "prints a value whose inspection is huge",
    "const wide = Array.from({ length: 1000 }, () => ({ a: 'x'.repeat(1000) })); for (;;) console.dir(wide, { maxArrayLength: null, maxStringLength: null, depth: null }), console.log('%o', wide);",
    takesOutput,
  ),
  output(
    "flood-result",
    "answers more than a line may hold",
    'return "x".repeat(8 << 20);',
    takesOutput,
  ),
  output(
    "flood-result-parts",
    "answers millions of parts",
    "return new Array(3_000_000).fill(0);",
    takesOutput,
  ),
  output(
    "flood-result-set",
    "answers a set that is dear to sort",
    "return new Set(Array.from({ length: 300_000 }, (_, index) => [index]));",
    takesOutput,
  ),
  output(
    "flood-error-message",
    "throws an error whose text is huge",
    'const error = new Error("x".repeat(64 << 20)); error.name = "N".repeat(1 << 20); throw error;',
  ),
  output(
    "flood-error-stack",
    "throws an error whose stack and classes are huge",
    'let C = Error; for (let index = 0; index < 500; index += 1) C = class extends C {}; const error = new C("x"); error.stack = "    at f (skill.ts:1:1)\\n".repeat(1e6); throw error;',
  ),
  output(
    "flood-rejections",
    "leaves promises to be rejected",
    'for (let index = 0; index < 1000; index += 1) Promise.reject(new Error("x".repeat(10_000))); await new Promise((resolve) => setTimeout(resolve, 20));',
  ),
  output(
    "flood-unhandled",
    "throws out of timers, events and microtasks",
    `  setTimeout(() => { throw new Error("x".repeat(1 << 20)); }, 0);
  queueMicrotask(() => { throw world.marker; });
  globalThis.addEventListener("unhandledrejection", (event) => event.preventDefault());
  globalThis.addEventListener("error", (event) => event.preventDefault());
  await new Promise((resolve) => setTimeout(resolve, 50));`,
  ),
  output(
    "flood-files",
    "makes files that are too many bytes to come out",
    'for (let index = 0; index < 60; index += 1) Deno.writeFileSync("f" + index, new Uint8Array(1 << 20));',
    { exhausts: "files" },
  ),
  terminal(
    "escapes-printed",
    "prints what a terminal obeys",
    `console.log(${escapes}); console.error(${escapes}); process.stdout.write(${escapes});`,
  ),
  terminal(
    "escapes-in-result",
    "answers what a terminal obeys",
    `return { [${escapes}]: ${escapes}, repr: Symbol(${escapes}), list: [() => ${escapes}] };`,
  ),
  terminal(
    "escapes-in-error",
    "throws what a terminal obeys",
    `class Evil extends Error {} Object.defineProperty(Evil, "name", { value: ${escapes} }); const error = new Evil(${escapes}); error.name = ${escapes}; throw error;`,
  ),
  terminal("escapes-thrown", "throws a bare text that a terminal obeys", `throw ${escapes};`),
  terminal(
    "escapes-in-file-names",
    "names files so that a terminal obeys",
    `return await tryAll([() => Deno.writeTextFileSync("a\\u001b[2J", "x"), () => Deno.writeTextFileSync("b\\u009b2J", ${escapes})]);`,
  ),
  terminal(
    "escapes-in-death",
    "dies with words that a terminal obeys",
    `console.log(${escapes}); setTimeout(() => { throw new Error(${escapes}); }, 0); await new Promise(() => {});`,
  ),
  survival(
    "survives-globals",
    "leaves globals, prototypes and modules changed for the next run",
    `  const found = globalThis.left ?? Object.prototype.left ?? __modules.path.left ?? Deno.left ?? console.left;
  if (found !== undefined) console.log("survived");
  for (const target of [globalThis, Object.prototype, __modules.path, __modules.util, Deno, console, Array.prototype]) {
    try { Object.defineProperty(target, "left", { value: 1, configurable: true, enumerable: false }); } catch {}
  }`,
    again,
  ),
  survival(
    "survives-files",
    "leaves files where the next run looks",
    `  const paths = ["left", "/tmp/left", "/dev/shm/" + world.marker, "/work/.left/x"];
  for (const path of paths) {
    try { Deno.readTextFileSync(path); console.log("survived"); } catch {}
  }
  for (const path of paths) {
    try { Deno.mkdirSync("/work/.left", { recursive: true }); } catch {}
    try { Deno.writeTextFileSync(path, "x"); } catch {}
  }`,
    again,
  ),
  survival(
    "survives-storage",
    "leaves entries in stores, caches, databases and object URLs",
    `  const roads = [
    async () => { if (localStorage.getItem(world.marker)) console.log("survived"); localStorage.setItem(world.marker, "1"); },
    async () => { const c = await caches.open("left"); if (await c.match("http://x/")) console.log("survived"); await c.put("http://x/", new Response("x")); },
    async () => { const kv = await Deno.openKv(); if ((await kv.get(["left"])).value) console.log("survived"); await kv.set(["left"], 1); },
    async () => { const channel = new BroadcastChannel("left"); channel.onmessage = () => console.log("survived"); channel.postMessage(1); },
  ];
  return await tryAll(roads);`,
    again,
  ),
  survival(
    "survives-return",
    "reaches out once it has answered",
    `  const path = world.writeFolder + "/late";
  const late = () => { try { Deno.writeTextFileSync(path, "x"); } catch {} try { fetch("http://127.0.0.1:" + world.tcpPort).catch(() => {}); } catch {} };
  for (let delay = 0; delay < 5; delay += 1) setTimeout(late, delay);
  setInterval(late, 1);
  return "done";`,
    { reachesBare: true },
  ),
];
