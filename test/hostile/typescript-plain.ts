import type { HostileProgram, HostileTopic } from "./hostile-program.ts";
import { silentAttackOn } from "./typescript-attack.ts";

/*
 * Attacks that name nothing of Node's layer, so that their process never has it. What they may not
 * name they ask for in pieces; they can print nothing, and say in their answer what came of it.
 */

const plain =
  (topic: HostileTopic) =>
  (name: string, goal: string, body: string, before = ""): HostileProgram => ({
    ...silentAttackOn(topic)(name, goal, body, before),
    isPlain: true,
  });
const reach = plain("runtime-internals");

/** The global object, which an event of its own hands out. */
const findScope = `const findScope = () => {
    let scope;
    const listen = (event) => { scope = event.currentTarget; };
    addEventListener("found", listen);
    dispatchEvent(new Event("found"));
    removeEventListener("found", listen);
    return scope;
  };`;

/** What a value gives away, if it is of Node's layer or of what Deno's own code shares. */
const judge = `const reached = "reached " + world.marker;
  const found = [];
  const wanted = ["getBuiltinModule", "binding", "evalContext", "op_read_file_text_sync", "__bootstrapNodeProcess", "execSync", "openSync"];
  const seen = new Set();
  let isLooking = false;
  const see = (value) => {
    if (isLooking || value === null || (typeof value !== "object" && typeof value !== "function") || value === Deno) return;
    isLooking = true;
    try {
      if (!seen.has(value)) for (const name of wanted) if (typeof value[name] === "function") found.push(reached, name);
      seen.add(value);
    } catch {} finally { isLooking = false; }
  };`;

/** Has the methods of these classes show what they are called on, and with. */
const watch = `const watch = (holders) => {
    const { apply } = Reflect;
    for (const holder of holders) for (const key of Reflect.ownKeys(holder)) {
      const method = Object.getOwnPropertyDescriptor(holder, key)?.value;
      if (key === "constructor" || typeof method !== "function") continue;
      try { holder[key] = function (...given) { see(this); for (let index = 0; index < given.length; index += 1) see(given[index]); return apply(method, this, given); }; } catch {}
    }
  };`;

/** Whatever of the web and of Deno could bring more into the process. */
const useTheWeb = `const useTheWeb = () => tryAll([
    () => new ReadableStream({ start(c) { c.enqueue("x"); c.close(); } }).pipeThrough(new TextEncoderStream()).getReader().read() && undefined,
    () => new Response("x").text() && undefined, () => new Request("http://127.0.0.1:1").url, () => fetch("http://127.0.0.1:" + world.tcpPort),
    () => new WebSocket("ws://127.0.0.1:" + world.tcpPort).close(), () => structuredClone(new Map([[1, new Error("x")]])) && undefined,
    () => new CompressionStream("gzip") && undefined, () => new MessageChannel().port1.postMessage(1), () => AbortSignal.timeout(1) && undefined,
    () => new FormData().append("a", new Blob(["x"])), () => new FileReader().readAsText(new Blob(["x"])), () => Deno.inspect(new Proxy({}, {})) && undefined,
    () => Deno.addSignalListener("SIGUSR2", () => {}), () => Deno.serve({ port: 0 }, () => new Response("x")), () => new Deno.Command("id").outputSync(),
    () => Deno.readTextFileSync(world.canaryPath), () => Deno.listen({ port: 0 }), () => crypto.subtle.digest("SHA-256", new Uint8Array(1)) && undefined,
    () => new URLPattern({ pathname: "/x" }).test("http://a/x"), () => new PerformanceObserver(() => {}) && undefined,
  ]);`;

export const typescriptPlainPrograms: readonly HostileProgram[] = [
  reach(
    "plain-scope",
    "finds the global object unnamed, and Node's layer among what Deno loads late",
    `  ${judge}
  ${findScope}
  const scope = findScope();
  for (let holder = scope; holder !== null; holder = Object.getPrototypeOf(holder))
    for (const key of Reflect.ownKeys(holder)) { try { see(holder[key]); } catch (error) { found.push(String(error).slice(0, 60)); } }
  const names = ["pro" + "cess", "Buf" + "fer", "setTime" + "out", "setImm" + "ediate", "con" + "sole", "req" + "uire"];
  return [...names.map((name) => typeof scope[name]), ...found];`,
  ),
  reach(
    "plain-late-loading",
    "has Deno load more of itself while every method shows what it is given",
    `  ${judge}
  ${watch}
  ${useTheWeb}
  watch([Array, Map, Set, WeakMap, Function, RegExp, String, Promise, EventTarget, Error, Symbol, Iterator].map(({ prototype }) => prototype));
  watch([Reflect, JSON, Object, Array, Promise, Symbol]);
  const outcomes = await useTheWeb();
  return [outcomes.map((outcome) => String(outcome).slice(0, 60)), found];`,
  ),
  reach(
    "plain-inherited",
    "has Node's layer ask the objects of Deno for what they inherit",
    `  ${judge}
  ${useTheWeb}
  for (const holder of [Array.prototype, Function.prototype, Map.prototype, Promise.prototype, Error.prototype])
    for (const name of ["__nodeBootstrapArgs", "__inspectorNetwork", "nodeDebug", "argv0", "core", "ops", "internals", "loadExtScript", "dispatchProcessExitEvent", "default"])
      try { Object.defineProperty(holder, name, { configurable: true, get() { see(this); return undefined; }, set(value) { see(value); } }); } catch {}
  return [(await useTheWeb()).length, found];`,
  ),
  reach(
    "plain-generated-code",
    "makes code from text by every constructor that takes some",
    `  const text = "return Deno.readTextFileSync(" + JSON.stringify(world.canaryPath) + ")";
  const loader = "return im" + "port('node:fs')";
  return await tryAll([text, loader].flatMap((code) => [
    () => eval("(() => {" + code + "})()"), () => (0, eval)(code), () => new Function(code)(), () => (async () => {}).constructor(code)(),
    () => (function* () {}).constructor(code)().next().value, () => (async function* () {}).constructor(code)().next(),
    () => Reflect.construct(Function, [code])(), () => new ShadowRealm().evaluate("(() => {" + code + "})()"), () => new ShadowRealm()["im" + "portValue"]("x", "y"),
    () => queueMicrotask(code), () => new FinalizationRegistry(code), () => addEventListener("x", code), () => new Worker("data:text/javascript," + code),
  ]));`,
  ),
  reach(
    "plain-wasm",
    "gives WebAssembly what reaches the host, and asks for modules by its bytes",
    `  ${judge}
  const bytes = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
  const loads = new Proxy({}, { get: (_holder, name) => { found.push(String(name)); return Deno; } });
  return [...await tryAll([
    () => Object.keys(new WebAssembly.Instance(new WebAssembly.Module(bytes), loads)).length, async () => see(await WebAssembly.instantiate(bytes, loads)),
    () => WebAssembly.compileStreaming(fetch("file://" + world.canaryPath)), () => WebAssembly.Module.customSections(new WebAssembly.Module(bytes), "x").length,
  ]), found];`,
  ),
  reach(
    "plain-core",
    "asks Deno for what its own code shares",
    `  ${judge}
  ${findScope}
  const scope = findScope();
  const roads = [() => Deno.internal, () => Deno[Deno.internal], () => Deno[Symbol.for("Deno.internal")], () => Deno.core, () => scope.__bootstrap, () => scope.nodeBootstrap, () => scope.Deno.internal];
  for (const key of [...Object.getOwnPropertySymbols(Deno), ...Object.getOwnPropertySymbols(scope)]) roads.push(() => Deno[key], () => scope[key]);
  const kinds = await tryAll(roads.map((road) => () => { const value = road(); see(value); see(value?.core); see(value?.core?.ops); return typeof value; }));
  return [kinds, found];`,
  ),
  plain("environment")(
    "plain-stack-paths",
    "learns where the runner lies from frames, call sites and what names a script",
    `  const root = world.nearCanaryPath.split("/node_modules/")[0];
  const found = [];
  const look = (text) => { if (String(text).includes(root) || /file:\\/\\/|ext:/.test(String(text))) found.push("reached " + world.marker, String(text)); return String(text).slice(0, 80); };
  const name = "prepare" + "StackTrace";
  const outcomes = await tryAll([
    () => look(new Error("x").stack), () => { const holder = {}; Error.captureStackTrace(holder); return look(holder.stack); },
    () => { Error.stackTraceLimit = 200; return look(new Error("x").stack); }, () => { const deep = () => deep(); try { deep(); } catch (error) { return look(error.stack); } },
    () => { try { Deno.readTextFileSync(1); } catch (error) { return look(error.stack); } }, () => { try { new URL("x"); } catch (error) { return look(error.stack.split("ext:")[0]); } },
    () => [1].map(() => look(new Error("x").stack)), () => look(f.toString()), () => look((async () => { await null; throw new Error("x"); })().catch((error) => look(error.stack))),
    () => {
      Error[name] = (_error, sites) => sites.map((site) => { for (const method of ["getThis", "getFunction"]) if (site[method]?.() != null) found.push("reached " + world.marker, method);
        return ["getFileName", "getScriptNameOrSourceURL", "getEvalOrigin", "getScriptHash", "getTypeName", "toString"].map((method) => look(site[method]?.())).join(); });
      return new Error("x").stack;
    },
  ]);
  return [outcomes, found];
  //# sourceURL=ext:core/mod.js`,
  ),
  plain("forgery")(
    "plain-lines",
    "sees or rewrites the runner's lines by what it calls and what objects inherit",
    "  return [seen.length > 0 ? 'reached ' + world.marker : 'nothing', seen.length];",
    `const seen = [];
let isLooking = false;
const look = (value) => {
  if (isLooking) return;
  isLooking = true;
  try {
    const text = typeof value === "string" ? value : ArrayBuffer.isView(value) ? String.fromCharCode(...new Uint8Array(value.buffer, 0, Math.min(400, value.buffer.byteLength))) : typeof value?.id === "string" ? JSON.stringify(value) : "";
    if (text.includes('"type":"call"') || text.includes('"type":"returned"')) seen.push(text.length);
  } finally { isLooking = false; }
};
for (const holder of [Uint8Array, Uint8Array.prototype, Object.getPrototypeOf(Uint8Array.prototype), TextDecoder.prototype, TextEncoder.prototype, JSON, Reflect, Promise.prototype, Map.prototype, String.prototype, Array.prototype]) {
  const { apply } = Reflect;
  for (const key of Reflect.ownKeys(holder)) {
    const method = Object.getOwnPropertyDescriptor(holder, key)?.value;
    if (key === "constructor" || typeof method !== "function") continue;
    try { holder[key] = function (...given) { look(this); for (let index = 0; index < given.length; index += 1) look(given[index]); return apply(method, this, given); }; } catch {}
  }
}
for (const holder of [Object.prototype, Array.prototype, String.prototype])
  for (const name of ["toJSON", "id", "valueText", "program"])
    try { Object.defineProperty(holder, name, { configurable: true, get() { look(this); return undefined; } }); } catch {}`,
  ),
  plain("system-call")(
    "plain-outside",
    "reads, writes, connects and starts by Deno alone",
    `  const mark = world.writeFolder + "/" + world.marker;
  return await tryAll([
    () => Deno.readTextFileSync(world.canaryPath), () => Deno.readTextFile(world.homeCanaryPath), () => Deno.openSync(world.canaryPath), () => Deno.readDirSync(world.canaryFolder).next(),
    () => Deno.writeTextFileSync(mark, "x"), () => Deno.mkdirSync(mark), () => Deno.symlinkSync(world.canaryPath, "link"), () => Deno.connect({ port: world.tcpPort }),
    () => Deno.connect({ transport: "unix", path: world.unixSocketPath }), () => Deno.listen({ port: world.listenPort }), () => fetch("http://127.0.0.1:" + world.tcpPort + "/" + world.marker),
    () => Deno.env.get(world.environmentName), () => Deno.env.toObject(), () => Deno.kill(world.victimPid), () => Deno.hostname(), () => new Deno.Command("/bin/sh", { args: ["-c", "touch " + mark] }).outputSync(),
  ]);`,
  ),
];
