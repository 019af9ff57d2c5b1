import type { HostileProgram } from "./hostile-program.ts";
import { attackOn } from "./typescript-attack.ts";

const read = attackOn("read-outside");
const write = attackOn("write-outside");
const bare = { reachesBare: true } as const;

/** Attacks on the host's disk by names, links, descriptors and the process's own view of it. */
export const typescriptFilePrograms: readonly HostileProgram[] = [
  read(
    "read-text",
    "reads a file by its path",
    "return await Deno.readTextFile(world.canaryPath);",
    bare,
  ),
  read(
    "read-by-url",
    "reads a file by a file: URL",
    'return new TextDecoder().decode(await Deno.readFile(new URL("file://" + world.canaryPath)));',
    bare,
  ),
  read(
    "read-by-handle",
    "opens a file and reads its descriptor",
    `  const file = Deno.openSync(world.canaryPath);
  const bytes = new Uint8Array(4096);
  return new TextDecoder().decode(bytes.subarray(0, file.readSync(bytes)));`,
    bare,
  ),
  read(
    "read-through-symbolic-link",
    "reads a file through a link it makes",
    `  return await tryAll([
    () => Deno.symlinkSync(world.canaryPath, "link"),
    () => Deno.readTextFileSync("link"),
    () => __modules.fs.symlinkSync(world.canaryPath, "/work/link2"),
    () => __modules.fs.readFileSync("/work/link2", "utf8"),
  ]);`,
    bare,
  ),
  read(
    "read-through-hard-link",
    "reads a file through a second name of it",
    `  return await tryAll([
    () => Deno.linkSync(world.canaryPath, "hard"),
    () => Deno.readTextFileSync("hard"),
    () => Deno.renameSync(world.canaryPath, "moved"),
    () => Deno.readTextFileSync("moved"),
  ]);`,
  ),
  read(
    "read-by-dot-dot",
    "climbs out of the work folder",
    `  const up = "../".repeat(40);
  return await tryAll([
    () => Deno.readTextFileSync(up + world.canaryPath),
    () => Deno.readTextFileSync("/work/" + up + world.canaryPath),
    () => Deno.readTextFileSync("./x/../" + up + world.canaryPath.slice(1)),
    () => __modules.fs.readFileSync(up + world.canaryPath, "utf8"),
  ]);`,
    bare,
  ),
  read(
    "read-by-odd-spelling",
    "reads a file by a path that is written oddly",
    `  const path = world.canaryPath;
  const spellings = [
    "//" + path, "/." + path, path + "/", path + "\\0.txt", "/work\\0/.." + path,
    "/work/%2e%2e" + path, new URL("file:///work/%2e%2e" + path), new URL("file:///work/..%2f.." + path),
    "\\\\..\\\\.." + path, "/work/\\u2025" + path, { toString: () => path }, [path], new String(path),
    new Proxy(new URL("file:///work/x"), { get: (url, key) => (key === "pathname" ? path : url[key]) }),
  ];
  let turn = 0;
  spellings.push({ toString: () => (turn++ === 0 ? "/work/x" : path) });
  return await tryAll(spellings.flatMap((spelling) => [
    () => Deno.readTextFileSync(spelling),
    () => __modules.fs.readFileSync(spelling, "utf8"),
  ]));`,
    bare,
  ),
  read(
    "read-by-builtin-module",
    "asks the process for Node's own file module",
    `  return await tryAll([
    () => process.getBuiltinModule("node:fs").readFileSync(world.canaryPath, "utf8"),
    () => process.mainModule.require("fs").readFileSync(world.canaryPath, "utf8"),
    async () => (await import("node:process")).getBuiltinModule("fs").readFileSync(world.canaryPath, "utf8"),
    async () => (await import("node:fs/promises")).readFile(world.canaryPath, "utf8"),
  ]);`,
    bare,
  ),
  read(
    "read-through-proc",
    "reads a file through the root of a process",
    `  const roots = ["/proc/self/root", "/proc/1/root", "/proc/thread-self/root",
    "/proc/" + world.hostPid + "/root", "/proc/self/task/1/root", "/proc/self/fd/../root"];
  return await tryAll(roots.map((root) => () => Deno.readTextFileSync(root + world.canaryPath)));`,
    bare,
  ),
  read(
    "read-inherited-descriptors",
    "reads what stands behind descriptors it inherited",
    `  const numbers = Array.from({ length: 24 }, (_, index) => index + 3);
  return await tryAll(numbers.flatMap((number) => [
    () => Deno.readLinkSync("/proc/self/fd/" + number),
    () => Deno.readTextFileSync("/proc/self/fd/" + number + world.canaryPath),
    () => __modules.fs.readFileSync(number, "utf8"),
    () => new Deno.FsFile(number).readSync(new Uint8Array(8)),
  ]));`,
  ),
  read(
    "list-folder",
    "lists a folder of the host",
    `  const names = [];
  for await (const entry of Deno.readDir(world.canaryFolder)) names.push(entry.name);
  const found = await tryAll(names.map((name) => () => Deno.readTextFileSync(world.canaryFolder + "/" + name)));
  return [names, found];`,
    bare,
  ),
  read(
    "read-home",
    "reads a file of the home folder",
    `  return await tryAll([
    () => Deno.readTextFileSync(world.homeCanaryPath),
    () => Deno.readTextFileSync("~/" + world.homeCanaryPath.split("/").pop()),
  ]);`,
    bare,
  ),
  read(
    "read-after-changing-folder",
    "makes the host's folder its current one and reads by a bare name",
    `  return await tryAll([
    () => Deno.chdir(world.canaryFolder),
    () => process.chdir(world.canaryFolder),
    () => Deno.readTextFileSync(world.canaryPath.split("/").pop()),
  ]);`,
    bare,
  ),
  read(
    "read-by-database",
    "opens a file as a database and attaches another",
    `  const { DatabaseSync } = await import("node:sqlite");
  return await tryAll([
    () => new DatabaseSync(world.canaryPath).prepare("select * from sqlite_master").all(),
    () => new DatabaseSync(":memory:").exec("attach '" + world.writeFolder + "/sqlite.db' as other; create table other.t(a); insert into other.t values('" + world.marker + "')"),
    () => new DatabaseSync(":memory:", { allowExtension: true }).loadExtension(world.canaryPath),
  ]);`,
    bare,
  ),
  read(
    "watch-folder",
    "watches a folder of the host",
    `  return await tryAll([
    async () => {
      const watcher = Deno.watchFs(world.canaryFolder);
      Deno.writeTextFileSync(world.writeFolder + "/watched", world.marker);
      watcher.close();
    },
    async () => (await import("node:fs")).watch(world.canaryFolder, () => {}).close(),
  ]);`,
  ),
  read(
    "compile-from-file",
    "streams a file into the WebAssembly compiler or a stylesheet-like loader",
    `  const url = "file://" + world.canaryPath;
  return await tryAll([
    async () => (await fetch(url)).text(),
    () => WebAssembly.compileStreaming(fetch(url)),
    async () => (await fetch(new Request(url, { mode: "no-cors" }))).text(),
    async () => new Response((await fetch("blob:" + url)).body).text(),
  ]);`,
    bare,
  ),
  write(
    "write-text",
    "writes a file by its path",
    'Deno.writeTextFileSync(world.writeFolder + "/write-text", world.marker);',
    bare,
  ),
  write(
    "write-by-node",
    "writes a file by Node's module",
    `  const path = world.writeFolder + "/write-by-node";
  return await tryAll([
    async () => (await import("node:fs")).writeFileSync(path, world.marker),
    () => process.getBuiltinModule("fs").writeFileSync(path, world.marker),
    () => __modules.fs.writeFileSync(path, world.marker),
    () => __modules.fs.appendFileSync("../../../" + path, world.marker),
  ]);`,
    bare,
  ),
  write(
    "write-beside",
    "makes temporary files, folders, links and copies on the host's disk",
    `  const to = world.writeFolder;
  return await tryAll([
    () => Deno.makeTempFileSync({ dir: to }), () => Deno.makeTempDirSync({ dir: to }),
    () => Deno.makeTempFileSync(), () => Deno.copyFileSync(world.canaryPath, to + "/copy"),
    () => Deno.symlinkSync("/etc", to + "/link"), () => Deno.linkSync(world.canaryPath, to + "/hard"),
    () => Deno.createSync(to + "/created").writeSync(new TextEncoder().encode(world.marker)),
    () => Deno.openSync(to + "/opened", { write: true, create: true }).writeSync(new Uint8Array(9)),
    () => Deno.mkdirSync(to + "/folder", { recursive: true }), () => __modules.fs.mkdirSync(to + "/f2", { recursive: true }),
  ]);`,
    bare,
  ),
  write(
    "change-file",
    "truncates, renames, removes or re-dates the host's files",
    `  const path = world.canaryPath;
  return await tryAll([
    () => Deno.truncateSync(path, 0), () => Deno.chmodSync(path, 0o777), () => Deno.chownSync(path, 1, 1),
    () => Deno.utimeSync(path, 0, 0), () => Deno.renameSync(path, path + ".moved"), () => Deno.removeSync(path),
    () => Deno.removeSync(world.canaryFolder, { recursive: true }),
    () => __modules.fs.rmSync(world.canaryFolder, { recursive: true, force: true }),
  ]);`,
  ),
  write(
    "write-devices",
    "writes to devices, to shared memory and to the kernel's settings",
    `  const text = new TextEncoder().encode(world.marker);
  const paths = ["/dev/shm/" + world.marker, "/tmp/" + world.marker, "/dev/tty", "/dev/console",
    "/proc/self/mem", "/proc/self/oom_score_adj", "/proc/sys/kernel/core_pattern", "/sys/kernel/mm/ksm/run"];
  return await tryAll(paths.map((path) => () => Deno.writeFileSync(path, text)));`,
  ),
  write(
    "write-caches",
    "stores in the caches, the local storage and the key-value store",
    `  return await tryAll([
    async () => (await caches.open("x")).put("http://x/", new Response(world.marker.repeat(1e5))),
    () => localStorage.setItem("x", world.marker),
    () => sessionStorage.setItem("x", world.marker),
    async () => (await Deno.openKv(world.writeFolder + "/kv.db")).set(["x"], world.marker),
    async () => (await Deno.openKv()).set(["x"], world.marker),
    () => new (Object.getPrototypeOf(globalThis).constructor)(),
  ]);`,
  ),
  write(
    "write-sqlite",
    "makes a database, a backup and a log on the host's disk",
    `  const { DatabaseSync, backup } = await import("node:sqlite");
  const path = world.writeFolder + "/made.db";
  return await tryAll([
    () => new DatabaseSync(path).exec("create table t(a)"),
    () => backup(new DatabaseSync(":memory:"), path + ".backup"),
    () => new DatabaseSync(":memory:").exec("vacuum into '" + path + ".vacuum'"),
    () => new DatabaseSync("file:" + path + "?mode=rwc").exec("create table t(a)"),
  ]);`,
    bare,
  ),
  write(
    "write-profiles",
    "makes the engine write heap snapshots, coverage or reports",
    `  return await tryAll([
    async () => (await import("node:v8")).writeHeapSnapshot(world.writeFolder + "/heap"),
    async () => (await import("node:v8")).setFlagsFromString("--logfile=" + world.writeFolder + "/v8.log --log"),
    async () => (await import("node:process")).report.writeReport(world.writeFolder + "/report"),
    async () => (await import("node:trace_events")).createTracing({ categories: ["v8"] }).enable(),
    async () => (await import("node:v8")).setHeapSnapshotNearHeapLimit(1),
  ]);`,
  ),
];
