import type { HostileProgram } from "./hostile-program.ts";
import { attackOn } from "./typescript-attack.ts";

const reach = attackOn("runtime-internals");

/** What a skill does with Node's real `process`, should it get hold of one. */
const useIt = `const useIt = (real) => {
    const builtin = (name) => real.getBuiltinModule("node:" + name);
    for (const use of [() => builtin("vm").runInNewContext("eval('40+2')") === 42, () => builtin("fs").writeSync, () => builtin("worker_threads").Worker, () => real.dlopen && builtin("module").createRequire])
      try { if (use()) console.log("reached " + world.marker); } catch {}
  };
  const isProcess = (value) => { try { return typeof value.getBuiltinModule === "function"; } catch { return false; } };`;

/** Has every method of these classes show what it is called on, and with. */
const watch = `const watch = (holders, see) => {
    for (const holder of holders) {
      if (!holder) continue;
      for (const key of Reflect.ownKeys(holder)) {
        const method = Object.getOwnPropertyDescriptor(holder, key)?.value;
        if (key === "constructor" || typeof method !== "function") continue;
        try { holder[key] = function (...given) { see(this); given.forEach(see); return Reflect.apply(method, this, given); }; } catch {}
      }
    }
  };`;

/** A script whose top level runs before it is asked for anything: lines of the protocol follow it. */
function early(name: string, goal: string, before: string, body: string): HostileProgram {
  const source = `${before}\nasync function f(world) {\n  console.log("attacking");\n${body}\n}\n`;
  return { name, language: "typescript", topic: "forgery", goal, source };
}

/** Attacks on Node's own process and on the runner's lines, by methods that others call. */
export const typescriptNodeProcessPrograms: readonly HostileProgram[] = [
  reach(
    "node-bootstrap",
    "starts Node's layer once more and catches its process",
    `  ${useIt}
  ${watch}
  watch([__modules.events.EventEmitter.prototype], (value) => { if (isProcess(value)) useIt(value); });
  return await tryAll([
    () => nodeBootstrap({ usesLocalNodeModulesDir: false, runningOnMainThread: true, argv0: "x", nodeDebug: "" }),
    () => console._stdout.write("x") && console.log("reached " + world.marker),
    () => { if (isProcess(process)) useIt(process); },
    () => { if (isProcess(console._stdout)) useIt(console._stdout); },
  ]);`,
  ),
  reach(
    "node-process-at-exit",
    "catches Node's process as it hears of its end",
    `  ${watch}
  const { EventEmitter } = await import("node:events");
  watch([EventEmitter.prototype], (value) => {
    if (typeof value?.getBuiltinModule === "function") value.getBuiltinModule("node:fs").writeSync(2, "reached " + world.marker + "\\n");
  });
  for (const symbol of Object.getOwnPropertySymbols(globalThis)) {
    const { listeners } = globalThis[symbol] ?? {};
    if (listeners?.beforeunload) listeners.beforeunload.length = 0;
  }
  Deno.exitCode = 3;`,
    { isWhole: true },
  ),
  reach(
    "node-streams",
    "catches Node's own streams where a module looks for them",
    `  ${watch}
  const { stream, util } = __modules;
  watch([stream.Writable.prototype, stream.Stream.prototype, __modules.events.EventEmitter.prototype], (value) => {
    if (value?._isStdio) { console.log("reached " + world.marker); value.write("x"); }
  });
  const { bind } = Function.prototype;
  Function.prototype.bind = function (...given) { if (given[0]?._isStdio) console.log("reached " + world.marker); return Reflect.apply(bind, this, given); };
  return await tryAll([
    () => stream.Readable.from(["x"]).pipe(new stream.PassThrough()) && undefined, () => util.styleText("red", "x"), () => util.inspect(globalThis, { colors: true }), () => util.log?.("x"),
    () => util.debuglog("x")("y"), () => __modules.assert.strictEqual({ a: 1 }, { a: 2 }), () => new __modules.events.EventEmitter().emit("error", 1),
  ]);`,
  ),
  reach(
    "call-sites",
    "asks the call sites of errors for what is being run",
    `  const found = [];
  Error.prepareStackTrace = (_error, sites) => {
    for (const site of sites) for (const name of ["getThis", "getFunction"]) {
      const value = site[name]?.();
      if (value !== undefined && value !== null) { found.push(value); console.log("reached " + world.marker); }
    }
    return "";
  };
  const look = () => new Error("x").stack;
  return await tryAll([
    () => look(), () => [1].map(look), () => new Promise((resolve) => setTimeout(() => resolve(look()), 1)),
    () => __modules.buffer.Buffer.alloc("x"), () => __modules.util.inspect({ [Symbol.for("nodejs.util.inspect.custom")]: look }),
    () => { try { __modules.fs.readFileSync(world.canaryPath); } catch (error) { return error.stack; } },
  ]);`,
  ),
  early(
    "inherited-to-json",
    "sees and rewrites the runner's messages by what every object inherits",
    `const seen = [];
const failed = [];
for (const holder of [Object.prototype, Array.prototype, String.prototype, Map.prototype])
  for (const name of ["toJSON", "id", "type", "text", "value", "collectFiles"])
    try {
      Object.defineProperty(holder, name, { configurable: true, get() { if (typeof this.id === "string" || typeof this.text === "string") seen.push(name); return name === "toJSON" ? function () { if (typeof this?.id === "string") seen.push(this.id); return this; } : undefined; } });
    } catch (error) { failed.push(String(error)); }`,
    '  console.log("one"); console.log("two");\n  if (seen.length > 0) console.log("reached " + world.marker);\n  return failed;',
  ),
  early(
    "lines-read",
    "reads the runner's next line by the methods that take it apart",
    `const seen = [];
let isLooking = false;
const see = (value) => {
  if (isLooking) return;
  isLooking = true;
  try { look(value); } finally { isLooking = false; }
};
const look = (value) => {
  const text = typeof value === "string" ? value : ArrayBuffer.isView(value) ? String.fromCharCode(...new Uint8Array(value.buffer, 0, Math.min(400, value.buffer.byteLength))) : "";
  if (text.includes('"type":"call"')) seen.push(text);
};
${watch}
watch([Uint8Array.prototype, Object.getPrototypeOf(Uint8Array.prototype), TextDecoder.prototype, JSON, Promise.prototype, Map.prototype, Buffer], see);
class Kept extends Uint8Array { constructor(...given) { super(...given); see(this); } }
for (const attempt of [
  () => { Uint8Array.prototype.constructor = { [Symbol.species]: Kept }; },
  () => Object.defineProperty(Uint8Array, Symbol.species, { value: Kept }),
  () => Object.defineProperty(Object.getPrototypeOf(Uint8Array.prototype), "length", { get() { see(this); return 0; } }),
]) try { attempt(); } catch {}`,
    '  if (seen.length > 0) console.log("reached " + world.marker);',
  ),
];
