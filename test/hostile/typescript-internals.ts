import type { HostileProgram } from "./hostile-program.ts";
import { attackOn } from "./typescript-attack.ts";

const reach = attackOn("runtime-internals");
const bare = { reachesBare: true } as const;
const readIt = '"return Deno.readTextFileSync(" + JSON.stringify(world.canaryPath) + ")"';

/** Attacks on what lies beneath the script: generated code, Deno's core, Node's bindings, engines. */
export const typescriptInternalPrograms: readonly HostileProgram[] = [
  reach(
    "generated-code",
    "makes a function of the global scope from text",
    `  const text = ${readIt};
  return await tryAll([
    () => eval("(() => {" + text + "})()"), () => (0, eval)("(() => {" + text + "})()"), () => new Function(text)(),
    () => (function () {}).constructor(text)(), () => console.log.constructor(text)(),
    async () => await (async () => {}).constructor(text)(), () => (function* () {}).constructor(text)().next().value,
    async () => (await (async function* () {}).constructor(text)().next()).value,
    () => Reflect.construct(Function, [text])(), () => Function.prototype.constructor.call(null, text)(),
  ]);`,
    bare,
  ),
  reach(
    "timers-of-text",
    "gives a timer text to run",
    `  const text = "Deno.writeTextFileSync(" + JSON.stringify(world.writeFolder + "/timer") + ", 'x')";
  const outcomes = await tryAll([
    () => setTimeout(text, 0) && undefined, () => setInterval(text, 10) && undefined, () => setImmediate(text) && undefined,
    () => queueMicrotask(text), () => __modules.timers.setTimeout(text, 0) && undefined,
    () => __modules.util.promisify(text), () => new FinalizationRegistry(text),
  ]);
  await new Promise((resolve) => setTimeout(resolve, 50));
  return outcomes;`,
  ),
  reach(
    "deno-core",
    "reaches Deno's core and its operations",
    `  const roads = [
    () => Deno.internal, () => Deno[Deno.internal], () => Deno[Symbol.for("Deno.internal")], () => Deno.core, () => globalThis.__bootstrap,
    () => Deno[Object.getOwnPropertySymbols(Deno)[0]], () => globalThis[Object.getOwnPropertySymbols(globalThis).find((s) => String(s).includes("nternal"))],
    () => Object.getPrototypeOf(Deno), () => Deno.constructor.internal, () => globalThis.Deno?.[Symbol("Deno.internal")],
    () => Deno.jupyter, () => Deno.lint, () => Deno.bundle,
  ];
  return await tryAll(roads.map((road) => () => {
    const found = road();
    if (found?.core !== undefined || found?.ops !== undefined) console.log("reached " + world.marker);
    return typeof found;
  }));`,
    bare,
  ),
  reach(
    "ops-by-patching",
    "patches prototypes so that the runtime hands over its inner objects",
    `  const seen = new Set();
  const keep = (value) => { if (value !== null && typeof value === "object") seen.add(value); };
  const patched = [[Object.prototype, "then"], [Object.prototype, "rid"], [Object.prototype, "core"], [Object.prototype, "ops"], [Function.prototype, "async"]];
  for (const [target, key] of patched) {
    Object.defineProperty(target, key, { configurable: true, get() { keep(this); return undefined; } });
  }
  const call = Function.prototype.call; const apply = Function.prototype.apply; const bind = Function.prototype.bind;
  Function.prototype.call = function (...args) { keep(args[0]); return Reflect.apply(this, args[0], args.slice(1)); };
  Function.prototype.apply = function (self, args) { keep(self); return Reflect.apply(this, self, args ?? []); };
  try {
    await tryAll([() => Deno.readTextFileSync("/x"), () => fetch("http://127.0.0.1:1"), () => new TextDecoder().decode(new Uint8Array(1)),
      () => structuredClone({}), () => __modules.fs.existsSync("x"), () => Deno.stat("x"), () => new Response("x").text()]);
  } finally {
    Function.prototype.call = call; Function.prototype.apply = apply; Function.prototype.bind = bind;
    for (const [target, key] of patched) delete target[key];
  }
  for (const found of seen) {
    if ("op_read_file_text_sync" in found || "ops" in found) console.log("reached " + world.marker);
  }
  return seen.size;`,
  ),
  reach(
    "process-binding",
    "asks Node's process for inner bindings",
    `  const names = ["fs", "process_wrap", "spawn_sync", "tcp_wrap", "natives", "contextify", "os", "uv"];
  return await tryAll(names.flatMap((name) => [
    () => process.binding(name), () => process._linkedBinding(name), () => process.internalBinding(name),
    async () => (await import("node:process")).binding(name).open(world.canaryPath, 0, 0),
    async () => { const { internalBinding } = await import("ext:deno_node/internal_binding/mod.ts"); return internalBinding(name); },
  ]));`,
  ),
  reach(
    "extension-modules",
    "imports the runtime's own modules by their schemes",
    `  const names = ["ext:core/ops", "ext:core/mod.js", "ext:runtime/98_global_scope_shared.js", "internal:deno_fs/30_fs.js", "deno:core", "node:internal/bootstrap", "checkin:core", "asset:///x", "builtin:x"];
  return await tryAll(names.map((name) => async () => { const found = await import(name); console.log("reached " + world.marker, Object.keys(found).length); }));`,
  ),
  reach(
    "node-process",
    "takes the real process from Node's module",
    `  const real = (await import("node:process")).default;
  return await tryAll([
    () => real.env[world.environmentName], () => real.getBuiltinModule("fs").readFileSync(world.canaryPath, "utf8"),
    () => real.stdout.write('{"type":"returned","id":"x","value":1}\\n'), () => real.kill(world.victimPid, "SIGTERM"), () => real.chdir("/"),
    () => { console.log("reached " + world.marker, real.pid, real.execPath); },
  ]);`,
    bare,
  ),
  reach(
    "modules-way-out",
    "looks for a way out in the modules it is given",
    `  const seen = new Set([globalThis]);
  const queue = [__modules];
  const wanted = new Set(["readFileSync", "execSync", "createConnection", "binding", "dlopen", "internalBinding"]);
  while (queue.length > 0 && seen.size < 20000) {
    const value = queue.pop();
    if (value === null || (typeof value !== "object" && typeof value !== "function") || seen.has(value)) continue;
    seen.add(value);
    for (const key of Reflect.ownKeys(value)) {
      let inner;
      try { inner = value[key]; } catch { continue; }
      if (wanted.has(key) && typeof inner === "function") {
        try { const got = inner.call(value, world.canaryPath, "utf8"); console.log("found", String(key), got); } catch {}
      }
      queue.push(inner);
    }
    queue.push(Object.getPrototypeOf(value));
  }
  return seen.size;`,
  ),
  reach(
    "globals-way-out",
    "calls what the global scope still holds with a path and a command",
    `  const found = [];
  for (const scope of [globalThis, Deno]) {
    for (const name of Reflect.ownKeys(scope)) {
      if (typeof name !== "string" || /^(exit|setTimeout|setInterval|eval|f|tryAll|test)$/.test(name) || typeof scope[name] !== "function") continue;
      try { const value = await Promise.race([scope[name](world.canaryPath), new Promise((done) => setTimeout(done, 20))]); found.push(name, String(value)); } catch {}
    }
  }
  return found;`,
  ),
  reach(
    "runtime-tools",
    "uses the runtime's tools: tests, benches, linters, bundlers, notebooks",
    `  return await tryAll([
    () => Deno.test("x", () => {}), () => Deno.bench("x", () => {}), () => Deno.bundle({ entrypoints: [world.canaryPath] }),
    () => Deno.lint.runPlugin({}, world.canaryPath, "x"), () => Deno.jupyter.display(1),
    async () => (await import("node:test")).test("x", () => {}), () => Deno.refTimer(1), () => Deno.resources(), () => Deno.metrics(),
    async () => (await import("node:wasi")), async () => (await import("node:sea")).getAsset(world.canaryPath),
  ]);`,
  ),
  reach(
    "stdio",
    "takes hold of the protocol's pipes",
    `  const line = new TextEncoder().encode('{"type":"returned","id":"x","value":"reached ' + world.marker + '"}\\n');
  return await tryAll([
    () => Deno.stdout.writeSync(line), () => Deno.stderr.writeSync(line), () => Deno.stdin.readSync(new Uint8Array(9)),
    () => Deno.stdin.readable.getReader().read(), () => Deno.stdout.writable.getWriter().write(line),
    () => Deno.writeFileSync("/dev/stdout", line), () => Deno.writeFileSync("/proc/self/fd/1", line), () => Deno.openSync("/dev/fd/1", { write: true }).writeSync(line),
    async () => { const tty = await import("node:tty"); new tty.WriteStream(1).write(line); },
    async () => (await import("node:fs")).writeSync(1, line), () => __modules.fs.writeSync(1, line),
    () => new (Object.getPrototypeOf(Deno.stdout).constructor)(1).writeSync(line),
  ]);`,
  ),
  reach(
    "shared-memory",
    "shares memory and messages with other threads and tabs",
    `  return await tryAll([
    () => { new BroadcastChannel("x").postMessage(world.marker); console.log("reached " + world.marker); },
    () => new MessageChannel().port1.postMessage(new SharedArrayBuffer(8)), () => Atomics.notify(new Int32Array(new SharedArrayBuffer(8)), 0),
    async () => (await navigator.locks.request("x", () => 1)) && undefined, () => new SharedWorker("data:text/javascript,"),
    () => navigator.serviceWorker.register("x"), () => indexedDB.open("x"),
  ]);`,
    bare,
  ),
  reach(
    "wasm-escape",
    "gives WebAssembly imports that reach the host's functions",
    `  const bytes = new Uint8Array([0,97,115,109,1,0,0,0,1,4,1,96,0,0,2,7,1,1,97,1,98,0,0,8,1,0]);
  return await tryAll([
    () => new WebAssembly.Instance(new WebAssembly.Module(bytes), { a: { b: () => { throw Deno.readTextFileSync(world.canaryPath); } } }) && undefined,
    () => new WebAssembly.Instance(new WebAssembly.Module(bytes), { a: { b: () => console.log.constructor(${readIt})() } }) && undefined,
    () => WebAssembly.instantiateStreaming(new Response(bytes, { headers: { "content-type": "application/wasm" } }), { a: { b: () => import("file://" + world.canaryPath) } }) && undefined,
  ]);`,
  ),
  reach(
    "locale",
    "learns the host's time zone and language",
    `  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return [zone, navigator.language, new Date(0).toString(), (Deno.env.get("LANG"))];`,
  ),
];
