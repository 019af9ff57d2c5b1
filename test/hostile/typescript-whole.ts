import type { HostileProgram } from "./hostile-program.ts";
import { attackOn } from "./typescript-attack.ts";

const load = attackOn("import");
const keepBusy = attackOn("cpu");
const print = attackOn("output");
const isWhole = true;

/** Attacks by programs that are run as a whole: modules, which may import, and their event loops. */
export const typescriptWholePrograms: readonly HostileProgram[] = [
  load(
    "whole-import-file",
    "imports files of the host from a module",
    `  return await tryAll([world.canaryPath, "file://" + world.canaryPath, "../../../.." + world.canaryPath, "./../" + world.canaryPath].flatMap((path) => [
    async () => console.log((await import(path)).default),
    async () => console.log((await import(path, { with: { type: "text" } })).default),
    async () => console.log((await import(import.meta.dirname + "/.." + path)).default),
  ]));`,
    { isWhole },
  ),
  load(
    "whole-import-code",
    "imports code from data:, blob: and a server, from a module",
    `  const code = "console.log(Deno.readTextFileSync(" + JSON.stringify(world.canaryPath) + "))";
  const blob = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  return await tryAll([
    () => import("data:text/javascript," + encodeURIComponent(code)), () => import(blob),
    () => import("http://127.0.0.1:" + world.tcpPort + "/" + world.marker + ".js"),
    () => import("npm:left-pad"), () => import("node:child_process").then((all) => all.execSync("echo " + world.marker + " > " + world.writeFolder + "/x")),
    () => import("ext:core/mod.js"), () => import("__proto__"), () => import("constructor"),
  ]);`,
    { isWhole },
  ),
  load(
    "whole-import-meta",
    "learns from import.meta where the runner lies",
    `  for (const name of ["resolve", "url", "filename", "dirname"]) {
    const value = String(import.meta[name]);
    if (/runner|node_modules|home|root|src/.test(value)) console.log("reached " + world.marker);
  }`,
    { isWhole },
  ),
  keepBusy("whole-interval", "keeps a timer for ever", "setInterval(() => {}, 1);", {
    isWhole,
    exhausts: "cpu",
  }),
  keepBusy(
    "whole-idle-prevented",
    "keeps the runner from seeing that nothing is left, or pretends it",
    `  addEventListener("beforeunload", (event) => event.preventDefault());
  for (;;) { dispatchEvent(new Event("beforeunload", { cancelable: true })); await new Promise((resolve) => setTimeout(resolve, 1)); }`,
    { isWhole, exhausts: "cpu" },
  ),
  print(
    "whole-flood",
    "prints from a timer without end",
    'setInterval(() => console.log("x".repeat(10_000)), 0);',
    { isWhole, exhausts: "output" },
  ),
];
