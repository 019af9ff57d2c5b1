import type { HostileProgram } from "./hostile-program.ts";
import { attackOn } from "./typescript-attack.ts";

const start = attackOn("process");
const call = attackOn("system-call");
const signal = attackOn("signal");
const learn = attackOn("environment");
const bare = { reachesBare: true } as const;
const touch = '"echo " + world.marker + " > " + world.writeFolder + "/started"';

/** Attacks that want a process, a signal, native code or what the host knows. */
export const typescriptProcessPrograms: readonly HostileProgram[] = [
  start(
    "command",
    "runs a program and reads its output",
    `return new TextDecoder().decode(new Deno.Command("/bin/cat", { args: [world.canaryPath] }).outputSync().stdout);`,
    bare,
  ),
  start(
    "command-shell",
    "lets a shell write a file",
    `new Deno.Command("/bin/sh", { args: ["-c", ${touch}] }).outputSync();`,
    bare,
  ),
  start(
    "command-detached",
    "starts a process that outlives it",
    `  const child = new Deno.Command("/bin/sleep", { args: ["77"], env: { MARKER: world.marker }, detached: true, stdin: "null", stdout: "null", stderr: "null" }).spawn();
  child.unref();
  return child.pid;`,
    bare,
  ),
  start(
    "deno-run",
    "runs itself anew with every permission",
    `return new TextDecoder().decode(new Deno.Command(Deno.execPath(), { args: ["eval", "console.log(Deno.readTextFileSync(" + JSON.stringify(world.canaryPath) + "))"] }).outputSync().stdout);`,
    bare,
  ),
  start(
    "node-child-process",
    "starts processes by Node's module, in all its forms",
    `  const child = await import("node:child_process");
  const text = ${touch};
  return await tryAll([
    () => child.execSync(text), () => child.spawnSync("/bin/sh", ["-c", text]).error && undefined,
    () => child.execFileSync("/bin/sh", ["-c", text]), () => new Promise((resolve) => child.exec(text, resolve)) && undefined,
    () => child.fork("data:text/javascript,") && undefined, () => process.getBuiltinModule("child_process").execSync(text),
  ]);`,
    bare,
  ),
  start(
    "worker",
    "starts a thread whose pipes and rights are its own",
    `  const code = "Deno.writeTextFileSync(" + JSON.stringify(world.writeFolder + "/worker") + ", 'x'); postMessage(1)";
  const { promise, resolve } = Promise.withResolvers();
  const worker = new Worker("data:text/javascript," + encodeURIComponent(code), { type: "module" });
  worker.onmessage = worker.onerror = resolve;
  await Promise.race([promise, new Promise((done) => setTimeout(done, 1000))]);`,
    bare,
  ),
  start(
    "worker-hidden",
    "finds the Worker class where it was not taken away",
    `  const roads = [
    () => Worker, () => Object.getOwnPropertyDescriptor(Window.prototype, "Worker").value, () => globalThis.constructor.Worker,
    () => self.window.Worker, async () => (await import("node:worker_threads")).Worker,
    () => __modules.util.Worker, () => Object.getPrototypeOf(globalThis).Worker,
  ];
  return await tryAll(roads.map((road) => async () => {
    const Found = await road();
    new Found("data:text/javascript,", { type: "module" });
    console.log("reached " + world.marker);
  }));`,
    bare,
  ),
  start(
    "node-worker-threads",
    "starts a thread by Node's module",
    `  const { Worker: Thread } = await import("node:worker_threads");
  const code = "require('fs').writeFileSync(" + JSON.stringify(world.writeFolder + "/thread") + ", 'x')";
  const thread = new Thread(code, { eval: true });
  await new Promise((resolve) => { thread.on("exit", resolve); thread.on("error", resolve); setTimeout(resolve, 1000); });`,
    bare,
  ),
  start(
    "cluster",
    "forks by Node's cluster module and by a scheduler",
    `  return await tryAll([
    async () => (await import("node:cluster")).default.fork(),
    () => Deno.cron("x", "* * * * *", () => {}),
    () => Deno.spawn("/bin/true"), () => Deno.spawnAndWaitSync("/bin/sh", ["-c", ${touch}]),
    async () => (await import("node:test")).run(),
  ]);`,
  ),
  start(
    "debugger",
    "opens the inspector",
    `  return await tryAll([
    async () => { (await import("node:inspector")).open(world.listenPort, "127.0.0.1", false); await new Promise((done) => setTimeout(done, 300)); },
    async () => { const { Session } = await import("node:inspector"); const s = new Session(); s.connect(); return await new Promise((resolve) => s.post("Runtime.evaluate", { expression: "process.mainModule.require('fs').readFileSync(" + JSON.stringify(world.canaryPath) + ", 'utf8')", includeCommandLineAPI: true }, (error, value) => resolve(JSON.stringify(error ?? value)))); },
    async () => (await import("node:process"))._debugProcess(world.hostPid),
    async () => (await import("node:repl")).start(),
  ]);`,
  ),
  call(
    "library",
    "loads libc and calls it",
    `  const libc = Deno.dlopen("libc.so.6", { system: { parameters: ["buffer"], result: "i32" } });
  return libc.symbols.system(new TextEncoder().encode(${touch} + "\\0"));`,
    bare,
  ),
  call(
    "library-by-process",
    "loads a native addon",
    `  return await tryAll([
    () => process.dlopen({ exports: {} }, "/lib/x86_64-linux-gnu/libc.so.6"),
    async () => (await import("node:module")).createRequire("file:///")("/lib/x86_64-linux-gnu/libc.so.6"),
    async () => (await import("node:ffi")).dlopen("libc.so.6"),
    () => process.binding("spawn_sync").spawn({ file: "/bin/sh", args: ["sh", "-c", ${touch}], stdio: [] }),
  ]);`,
  ),
  call(
    "pointers",
    "reads and calls memory by raw pointers",
    `  return await tryAll([
    () => { const value = Deno.UnsafePointer.value(Deno.UnsafePointer.of(new Uint8Array(8))); console.log("reached " + world.marker); return value; },
    () => Deno.UnsafePointer.create(4096n),
    () => new Deno.UnsafePointerView(Deno.UnsafePointer.create(0x400000n)).getUint8(),
    () => new Deno.UnsafeCallback({ parameters: [], result: "void" }, () => {}),
    () => new Deno.UnsafeFnPointer({}, { parameters: [], result: "void" }).call(),
  ]);`,
    bare,
  ),
  call(
    "permissions-request",
    "asks for permissions to be given back",
    `  const names = ["read", "write", "net", "env", "run", "sys", "ffi", "import"];
  return await tryAll(names.flatMap((name) => [
    async () => { if ((await Deno.permissions.request({ name })).state === "granted") console.log("reached " + world.marker); },
    () => { if (Deno.permissions.querySync({ name }).state === "granted") console.log("reached " + world.marker); },
    () => { if (Deno.permissions.requestSync({ name, path: world.canaryPath }).state === "granted") console.log("reached " + world.marker); },
  ]));`,
    bare,
  ),
  signal("kill", "ends a process of the host", 'Deno.kill(world.victimPid, "SIGKILL");', bare),
  signal(
    "signal-host",
    "sends signals to the host and to its group",
    `  return await tryAll([
    () => Deno.kill(world.hostPid, "SIGUSR2"), () => Deno.kill(Deno.ppid, "SIGUSR2"), () => Deno.kill(world.victimPid, "SIGTERM"),
    () => process.kill(world.hostPid, "SIGUSR2"), () => Deno.kill(-1, "SIGUSR2"), () => Deno.kill(0, "SIGWINCH"),
    async () => (await import("node:process")).kill(world.hostPid, "SIGUSR2"),
    async () => (await import("node:os")).setPriority(world.hostPid, 19),
  ]);`,
  ),
  signal(
    "signal-listeners",
    "listens to signals so that nothing ends it",
    `  return await tryAll([
    () => Deno.addSignalListener("SIGTERM", () => {}), () => Deno.addSignalListener("SIGINT", () => {}),
    async () => (await import("node:process")).on("SIGTERM", () => {}) && undefined,
    () => { globalThis.onunload = (event) => { for (;;); }; },
    () => new Promise(() => setInterval(() => {}, 1)),
  ]);`,
    { exhausts: "cpu" },
  ),
  learn(
    "variable",
    "reads one variable of the environment",
    "return Deno.env.get(world.environmentName);",
    bare,
  ),
  learn(
    "variables",
    "reads the whole environment",
    `  return await tryAll([
    () => Deno.env.toObject(), () => ({ ...process.env }), async () => ({ ...(await import("node:process")).env }),
    () => process.getBuiltinModule("process").env, () => Deno.readTextFileSync("/proc/self/environ"),
    () => Deno.readTextFileSync("/proc/" + world.victimPid + "/environ"), () => Deno.readTextFileSync("/proc/" + world.hostPid + "/environ"),
    () => Deno.env.set("PATH", world.marker), () => Deno.env.delete(world.environmentName),
  ]);`,
    bare,
  ),
  learn(
    "machine",
    "learns the host's name, load, memory, networks and users",
    `  const asked = ["hostname", "osRelease", "osUptime", "loadavg", "networkInterfaces", "systemMemoryInfo", "uid", "gid"];
  return await tryAll([
    ...asked.map((name) => () => { const value = Deno[name](); console.log("reached " + world.marker, name, value); }),
    async () => { const os = await import("node:os"); const value = [os.hostname(), os.userInfo(), os.networkInterfaces(), os.homedir()]; console.log("reached " + world.marker, value); },
    async () => { const p = await import("node:process"); const value = [p.getuid(), p.title, p.execPath]; console.log("reached " + world.marker, value); },
  ]);`,
    bare,
  ),
  learn(
    "paths",
    "learns where the host keeps its files from what names the runner",
    `  const root = world.nearCanaryPath.split("/node_modules/")[0];
  const show = (text) => { if (String(text).includes(root)) console.log("reached " + world.marker, text); };
  return await tryAll([
    () => show(Deno.mainModule), () => show(Deno.execPath()), () => { try { new Deno.Command(Deno.execPath()).outputSync(); } catch (error) { show(error.message); } },
    () => show(Deno.cwd()), () => show(process.argv.join(" ")),
    () => show(process.execPath), () => show(process.cwd()), () => show(Deno.args.join(" ")), () => show(location.href),
    () => show(Deno.noColor), () => show(JSON.stringify(navigator)), () => show(document.baseURI),
    async () => show((await import("node:process")).argv.join(" ")), async () => show((await import("node:process")).execPath),
    async () => show((await import("node:path")).resolve(".")), async () => show((await import("node:url")).pathToFileURL("x")),
    () => show(__modules.path.resolve(".")), () => show(__modules.url.pathToFileURL("x")),
  ]);`,
    bare,
  ),
  learn(
    "stack-paths",
    "learns where the runner lies from the frames of a stack",
    `  const root = world.nearCanaryPath.split("/node_modules/")[0];
  const show = (text) => { if (String(text).includes(root) || /file:\\/\\/|ext:/.test(String(text))) console.log("reached " + world.marker, text); };
  return await tryAll([
    () => show(new Error("x").stack),
    () => { const holder = {}; Error.captureStackTrace(holder); show(holder.stack); },
    () => { Error.stackTraceLimit = 100; show(new Error("x").stack); },
    () => { const deep = () => deep(); try { deep(); } catch (error) { show(error.stack); } },
    () => show(__modules.util.getCallSites().map((site) => site.scriptName).join("\\n")),
    () => { try { __modules.buffer.Buffer.from({}); } catch (error) { show(error.stack.replaceAll("ext:deno_node/", "")); } },
    () => { try { Deno.readTextFileSync(1); } catch (error) { show(error.stack); } },
  ]);`,
    bare,
  ),
  learn(
    "stack-call-sites",
    "walks the call sites of the runner for its functions, values and file names",
    `  const before = Error.prepareStackTrace;
  Error.prepareStackTrace = (_error, sites) => sites;
  try {
    const sites = [].concat(new Error("x").stack);
    for (const site of sites) {
      for (const found of [site.getThis?.(), site.getFunction?.()]) {
        if (found !== undefined && found !== f && found !== globalThis) console.log("found", typeof found);
      }
      if (/^file:|^\\/(?!work)/.test(String(site.getFileName?.()))) console.log("reached " + world.marker, site.getFileName());
    }
  } finally {
    Error.prepareStackTrace = before;
  }`,
    bare,
  ),
];
