import { allowedTypeScriptModule, typescriptModules } from "../syntax/typescript-modules.ts";
import type { FileRule, NameRule, Policy } from "./policy.ts";

const compute = "compute the result in TypeScript itself";
const takeAsArgument = "take the data as an argument and return the result";

const names: readonly NameRule[] = [
  {
    tier: "forbidden",
    rule: "builtin-eval",
    names: ["eval", "Function", "AsyncFunction", "GeneratorFunction", "WebAssembly"],
    except: ["Function.prototype", "Function.name", "Function.length"],
    what: "executes text or bytes as code",
    instead: "write a plain function; to read data use JSON.parse",
  },
  {
    tier: "forbidden",
    rule: "builtin-eval",
    names: ["?.constructor"],
    uses: ["call"],
    isExact: true,
    what: "called on a value may be Function, which executes text as code",
    instead: "call the class by its name",
  },
  {
    tier: "forbidden",
    rule: "builtin-eval",
    names: ["setTimeout", "setInterval"],
    uses: ["call"],
    isGivenText: true,
    what: "with a text executes it as code",
    instead: "pass a function",
  },
  {
    tier: "forbidden",
    rule: "code-from-text",
    names: [
      ...["node:vm", "node:module", "node:repl", "node:inspector", "node:v8", "node:wasi"],
      ...["node:sea", "node:worker_threads", "node:cluster", "Worker", "SharedWorker"],
      ...["importScripts", "ShadowRealm"],
    ],
    what: "executes code that the reader has not seen",
    instead: "write a plain function",
  },
  {
    tier: "forbidden",
    rule: "builtin-import",
    names: ["require", "process.getBuiltinModule", "process.binding", "module.require", "import.*"],
    what: "loads modules behind the reader's back",
    instead: 'write a plain import, such as import { join } from "node:path"',
  },
  {
    tier: "forbidden",
    rule: "dynamic-name",
    names: ["globalThis.*", "Deno.*", "process.*", "node:fs.*", "node:fs/promises.*"],
    isExact: true,
    what: "reaches a name that is not known before it runs",
    instead: "spell the name out",
  },
  {
    tier: "forbidden",
    rule: "dynamic-name",
    names: ["Deno"],
    isExact: true,
    what: "hands the whole of Deno around",
    instead: "call the one function you need by its name",
  },
  {
    tier: "forbidden",
    rule: "command",
    names: ["Deno.Command", "Deno.run", "Deno.spawn", "Deno.spawnChild", "node:child_process"],
    what: "runs a command of the system",
    instead: compute,
  },
  {
    tier: "forbidden",
    rule: "process-control",
    names: [
      ...["Deno.exit", "Deno.kill", "Deno.addSignalListener", "Deno.chdir", "process.exit"],
      ...["process.kill", "process.abort", "process.reallyExit", "process.chdir"],
    ],
    what: "acts on the process",
    instead: "throw an error where the work cannot go on",
  },
  {
    tier: "forbidden",
    rule: "native-code",
    names: [
      ...["Deno.dlopen", "Deno.UnsafePointer", "Deno.UnsafePointerView", "Deno.UnsafeFnPointer"],
      ...["Deno.UnsafeCallback", "Deno[Deno.internal]", "Deno.internal", "process.dlopen"],
      ...["node:ffi", "node:process.dlopen"],
    ],
    what: "reaches memory and native code",
    instead: compute,
  },
  {
    tier: "approval",
    rule: "network",
    names: [
      ...["fetch", "WebSocket", "WebSocketStream", "EventSource", "XMLHttpRequest"],
      ...["WebTransport", "navigator.sendBeacon", "RTCPeerConnection", "BroadcastChannel"],
      ...["Deno.connect", "Deno.connectTls", "Deno.connectQuic", "Deno.startTls", "Deno.listen"],
      ...["Deno.listenTls", "Deno.listenDatagram", "Deno.serve", "Deno.serveHttp"],
      ...["Deno.resolveDns", "Deno.createHttpClient", "Deno.upgradeWebSocket", "Deno.QuicEndpoint"],
      ...["node:net", "node:http", "node:https", "node:http2", "node:tls", "node:dgram"],
      ...["node:dns", "node:dns/promises", "node:_http_client"],
    ],
    what: "uses the network",
    instead: takeAsArgument,
  },
  {
    tier: "approval",
    rule: "storage",
    names: ["caches", "localStorage", "sessionStorage", "indexedDB", "Deno.openKv", "node:sqlite"],
    what: "stores data outside the work folder",
    instead: "return the data, or write a file of the work folder with node:fs",
  },
  {
    tier: "approval",
    rule: "environment",
    names: [
      ...["Deno.env", "process.env", "Deno.hostname", "Deno.networkInterfaces", "Deno.osRelease"],
      ...["Deno.systemMemoryInfo", "Deno.uid", "Deno.gid", "Deno.loadavg", "Deno.execPath"],
      ...["Deno.permissions", "node:os"],
    ],
    what: "reads the environment of the machine",
    instead: "take the setting as an argument",
  },
];

function fileNames(functions: readonly string[]): string[] {
  const both = functions.flatMap((name) => [name, `${name}Sync`]);
  return ["node:fs", "node:fs/promises", "Deno"].flatMap((owner) =>
    both.map((name) => `${owner}.${name}`),
  );
}

const files: readonly FileRule[] = [
  {
    names: fileNames([
      ...["readFile", "readTextFile", "readdir", "readDir", "stat", "lstat", "access", "exists"],
      ...["opendir", "readlink", "readLink", "realpath", "realPath", "createReadStream", "watch"],
      ...["watchFs", "watchFile", "glob", "statfs", "openAsBlob"],
    ]),
    paths: [0],
    access: "read",
  },
  { names: fileNames(["open"]), paths: [0], access: { modeAt: 1 } },
  {
    names: fileNames([
      ...["writeFile", "writeTextFile", "appendFile", "unlink", "rm", "rmdir", "remove", "mkdir"],
      ...["truncate", "chmod", "chown", "lchown", "utimes", "utime", "create", "mkdtemp"],
      ...["createWriteStream", "makeTempDir", "makeTempFile"],
    ]),
    paths: [0],
    access: "write",
  },
  {
    names: fileNames(["copyFile", "cp", "rename", "link", "symlink"]),
    paths: [0, 1],
    access: "write",
  },
];

const ownCode = "write what you need in this file";

const replacements: Readonly<Record<string, string>> = {
  axios: `skills have no network: ${takeAsArgument}`,
  "node-fetch": `skills have no network: ${takeAsArgument}`,
  got: `skills have no network: ${takeAsArgument}`,
  cheerio: "read the markup with your own small parser",
  dayjs: "use Date and Intl.DateTimeFormat",
  "date-fns": "use Date and Intl.DateTimeFormat",
  luxon: "use Date and Intl.DateTimeFormat",
  moment: "use Date and Intl.DateTimeFormat",
  "fast-xml-parser": "read the markup with your own small parser",
  lodash: "use the methods of Array, Object and Map",
  marked: "write the conversion with regular expressions",
  papaparse: "split the lines with your own small parser",
  ramda: "use the methods of Array, Object and Map",
  underscore: "use the methods of Array, Object and Map",
  uuid: "use crypto.randomUUID",
  "js-yaml": "write a small parser for what you need, or use JSON",
  yaml: "write a small parser for what you need, or use JSON",
  xml2js: "read the markup with your own small parser",
  zod: "write the checks by hand",
};

/** What to do instead of a module that is not there, or undefined. */
function unavailableModule(specifier: string): string | undefined {
  if (allowedTypeScriptModule(specifier) !== undefined) return undefined;
  if (specifier.startsWith(".") || specifier.startsWith("/")) {
    return "a skill is one file; put the code into it";
  }
  if (/^https?:/.test(specifier)) return `nothing is fetched; ${ownCode}`;
  const name = specifier.replace(/^(?:npm:|jsr:)/, "").replace(/(.)@.*$/, "$1");
  if (Object.hasOwn(replacements, name)) return replacements[name];
  return `${ownCode}; a skill may import ${typescriptModules.join(", ")}`;
}

/** What a TypeScript skill may not do. */
export const typescriptPolicy: Policy = {
  names,
  files,
  unavailable: unavailableModule,
  shownName: (name) => name.replace(/^\?\./, ""),
};
