import type { HostileProgram } from "./hostile-program.ts";
import { attackOn, silentAttackOn } from "./typescript-attack.ts";

const load = attackOn("import");
const bare = { reachesBare: true } as const;
const silently = silentAttackOn("import");
const innerCode = "export default Deno.readTextFileSync(";

/** Attacks by every road that loads code or data as a module. */
export const typescriptImportPrograms: readonly HostileProgram[] = [
  load(
    "import-text",
    "imports a file as text",
    'return (await import(world.canaryPath, { with: { type: "text" } })).default;',
  ),
  load(
    "import-bytes",
    "imports a file as bytes",
    'return new TextDecoder().decode((await import("file://" + world.canaryPath, { with: { type: "bytes" } })).default);',
  ),
  load(
    "import-json",
    "imports a file as JSON",
    'return (await import(world.canaryFolder + "/canary.json", { with: { type: "json" } })).default;',
  ),
  load(
    "import-code",
    "imports a file as code",
    'return (await import("file://" + world.canaryFolder + "/canary.js")).text;',
  ),
  load(
    "import-error-text",
    "reads a file out of the parser's complaint about it",
    `  return await tryAll([world.canaryPath, "file:///etc/passwd", world.homeCanaryPath].flatMap((path) => [
    () => import(path), () => import(path, { with: { type: "json" } }),
  ]));`,
  ),
  load(
    "import-data-url",
    "imports code from a data: URL, a module of its own",
    `  const code = "${innerCode}" + JSON.stringify(world.canaryPath) + ")";
  return (await import("data:text/javascript," + encodeURIComponent(code))).default;`,
    bare,
  ),
  load(
    "import-blob-url",
    "imports code from a blob: URL, a module of its own",
    `  const code = "${innerCode}" + JSON.stringify(world.canaryPath) + ")";
  const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  return (await import(url)).default;`,
    bare,
  ),
  load(
    "import-nested",
    "lets a data: module import a file statically",
    `  const code = "import text from 'file://" + world.canaryPath + "' with { type: 'text' }; export default text;";
  return (await import("data:text/javascript," + encodeURIComponent(code))).default;`,
  ),
  load(
    "import-from-network",
    "imports code from a server",
    `  const url = "http://127.0.0.1:" + world.tcpPort + "/" + world.marker + ".js";
  return await tryAll([() => import(url), () => import("data:text/javascript,import '" + url + "'")]);`,
    bare,
  ),
  load(
    "import-packages",
    "imports packages from npm and jsr",
    'return await tryAll([() => import("npm:left-pad"), () => import("jsr:@std/path"), () => import("http://deno.land/x")]);',
  ),
  load(
    "import-meta",
    "evaluates import.meta for the path of the runner",
    `  return await tryAll([
    () => new (__modules.url.constructor)("return import.meta.url")(),
    async () => (await import("data:text/javascript,export default import.meta.resolve('./x')")).default,
    async () => (await import("node:vm")).runInThisContext("import.meta.url"),
  ]);`,
  ),
  load(
    "require",
    "calls require, wherever it still stands",
    `  const roads = [
    () => require("fs"), () => module.require("fs"), () => globalThis.require("fs"), () => process.mainModule.require("fs"),
    async () => (await import("node:module")).createRequire("file:///x.js")("fs"),
    async () => (await import("node:module")).default._load("fs"),
    async () => (await import("node:module")).createRequire("file:///x.js")(world.canaryPath),
  ];
  return await tryAll(roads.map((road) => async () => (await road()).readFileSync(world.canaryPath, "utf8")));`,
    bare,
  ),
  load(
    "module-hooks",
    "registers loader hooks and a source map reader",
    `  return await tryAll([
    async () => (await import("node:module")).register("data:text/javascript,"),
    async () => (await import("node:module")).registerHooks({}),
    async () => (await import("node:module")).findSourceMap(world.canaryPath),
    async () => new (await import("node:module")).default("x")._compile("module.exports = require('fs').readFileSync(" + JSON.stringify(world.canaryPath) + ", 'utf8')", "/x.js"),
  ]);`,
  ),
  load(
    "vm-dynamic-import",
    "gives a script its own loader",
    `  const { Script, constants } = await import("node:vm");
  const text = "import(" + JSON.stringify("file://" + world.canaryPath) + ", { with: { type: 'text' } }).then((m) => m.default)";
  return await tryAll([
    () => new Script(text, { importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER }).runInThisContext(),
    () => new Script(text, { importModuleDynamically: (name) => import(name, { with: { type: "text" } }) }).runInThisContext(),
    () => new Script(text).runInThisContext(),
  ]);`,
  ),
  load(
    "vm-context",
    "looks for permissions in a context of its own",
    `  const vm = await import("node:vm");
  const text = "this.constructor.constructor('return globalThis')().Deno?.readTextFileSync(" + JSON.stringify(world.canaryPath) + ")";
  return await tryAll([
    () => vm.runInNewContext(text), () => vm.runInContext(text, vm.createContext(globalThis)),
    () => vm.runInNewContext("Deno.readTextFileSync(path)", { Deno, path: world.canaryPath }),
    () => new vm.SourceTextModule("import 'file://" + world.canaryPath + "'"),
    () => vm.runInThisContext("import('node:fs')").then((fs) => fs.readFileSync(world.canaryPath, "utf8")),
  ]);`,
    bare,
  ),
  load(
    "import-phases",
    "imports the source of a module, or one whose evaluation is put off",
    `  const isReal = (module) => { if (typeof module?.default?.getBuiltinModule === "function" || typeof module?.readFileSync === "function") console.log("reached " + world.marker); return typeof module; };
  const outcomes = [];
  for (const name of ["node:process", "node:fs", "node:child_process", "file://" + world.canaryPath, "data:text/javascript,export default 1", "ext:core/mod.js"])
    outcomes.push(...await tryAll([async () => isReal(await import.defer(name)), async () => isReal(await import.source(name)), async () => isReal(await import . defer(name, { with: { type: "text" } }))]));
  return outcomes;`,
  ),
  load(
    "import-hidden-in-text",
    "imports where a reader may take it for a comment, an expression or a text",
    `  const isReal = (module) => { if (typeof module?.default?.getBuiltinModule === "function" || typeof module?.readFileSync === "function") console.log("reached " + world.marker); return typeof module; };
  const a = 2, g = 1, i = 1;
  return await tryAll([
    async () => isReal(await a /i/g || await import("node:fs")), async () => { const found = []; \`\${found.push(await import("node:process"))}\`; return isReal(found[0]); },
    async () => isReal(await import/* ) */("node:fs")), async () => isReal(await import
("node:process")), async () => { let x = a
<!-- import("nothing")
    ; return isReal(await import("node:fs")); }, async () => isReal(await (a / 1, import("node:process", { with: {} }))),
    async () => isReal(await [/[/]import("x")/, import("node:fs")][1]), async () => isReal(await Reflect.apply((name) => import(name), null, ["node:process"])),
  ]);`,
  ),
  silently(
    "silent-import",
    "imports Node's process from a script that names nothing of Node's layer",
    `  const real = (await import("node:pro" + "cess")).default;
  return typeof real.getBuiltinModule === "function" ? "reached " + world.marker : typeof real;`,
  ),
  load(
    "shadow-realm",
    "makes a realm of its own that may import",
    `  return await tryAll([
    () => new ShadowRealm().evaluate("globalThis.Deno?.readTextFileSync(" + JSON.stringify(world.canaryPath) + ")"),
    () => new ShadowRealm().importValue("file://" + world.canaryPath, "default"),
  ]);`,
  ),
  load(
    "wasm-module-import",
    "imports a WebAssembly module and a source phase of a file",
    `  const url = "file://" + world.canaryPath;
  return await tryAll([
    () => import(url + ".wasm"), () => import("data:application/wasm;base64,AGFzbQEAAAA="),
    () => new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])), { get env() { return Deno; } }) && undefined,
  ]);`,
  ),
];
