import { execFile, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { findDenoBinary } from "../src/sandbox/deno-binary.ts";
import { createProcessMeter } from "../src/sandbox/process-usage.ts";
import { bareScripts } from "./sandbox-skill.ts";

const run = promisify(execFile);

/** One way to run the skill with its cases once, in a process that nobody else used. */
export interface Way {
  readonly name: string;
  /** What an interpreter without any sandbox would be: the floor. */
  readonly kind: "floor" | "peer" | "ours";
  /** Resolves when the run is over and was right; its process is gone. */
  runFresh(): Promise<void>;
  /** Highest resident bytes of one run's processes. */
  peakMemoryBytes(): Promise<number>;
  close(): Promise<void>;
}

/** The system's, as the sandbox takes it; never a version manager's shell script, which is slower. */
export async function findPython(): Promise<string | undefined> {
  for (const command of ["/usr/bin/python3", "python3"]) {
    try {
      const { stdout } = await run(command, ["-c", "import sys; print(sys.executable)"]);
      return stdout.trim();
    } catch {
      // The next one, or none.
    }
  }
  return undefined;
}

/** The peers this machine has; `missing` names the others and what they lack. */
export async function findPeers(): Promise<{ ways: readonly Way[]; missing: readonly string[] }> {
  const python = await findPython();
  const ways = [await bareDeno()];
  const missing: string[] = [];
  ways.push(commandWay("plain Pyodide in Node", "peer", process.execPath, plainPyodideArgs()));
  if (python === undefined) {
    return { ways, missing: ["bare python3", "sandbox-runtime: python3 is not installed"] };
  }
  ways.unshift(commandWay("bare python3", "floor", python, ["-c", bareScripts.python]));
  const lacking = await lackingPrograms(["bwrap", "socat", "rg"]);
  if (lacking.length > 0) {
    missing.push(`sandbox-runtime: ${lacking.join(", ")} not installed`);
  } else {
    ways.push(sandboxRuntimeCommand(python), await sandboxRuntimeLibrary(python));
  }
  return { ways, missing };
}

/** Its script in a file, and whatever it keeps between runs in a folder that lives as long. */
async function bareDeno(): Promise<Way> {
  const folder = await mkdtemp(join(tmpdir(), "autodidact-bench-"));
  const script = join(folder, "skill.js");
  await writeFile(script, bareScripts.typescript);
  const args = ["run", "--no-config", script];
  const way = commandWay("bare deno run", "floor", findDenoBinary().path, args, {
    DENO_DIR: folder,
  });
  return { ...way, close: () => rm(folder, { recursive: true, force: true }) };
}

/** As its documentation shows it: load it, run the code. */
function plainPyodideArgs(): string[] {
  const module = createRequire(import.meta.url).resolve("pyodide");
  const script = `const { loadPyodide } = require(${JSON.stringify(module.replace(/\.mjs$/, ".js"))});
loadPyodide().then((python) => { python.runPython(${JSON.stringify(bareScripts.python)}); });`;
  return ["-e", script];
}

function commandWay(
  name: string,
  kind: Way["kind"],
  command: string,
  args: string[],
  more: Readonly<Record<string, string>> = {},
): Way {
  const env = { ...process.env, ...more };
  return {
    name,
    kind,
    runFresh: async () => {
      await run(command, args, { env });
    },
    peakMemoryBytes: () => peakOf(command, args, env),
    close: async () => {},
  };
}

const noNetwork = {
  network: { allowedDomains: [], deniedDomains: [] },
  filesystem: { denyRead: [], allowWrite: [], denyWrite: [] },
};

/** Its command `srt`, as its documentation shows it: a Node process around each run. */
function sandboxRuntimeCommand(python: string): Way {
  const srt = createRequire(import.meta.url).resolve("@anthropic-ai/sandbox-runtime");
  const cli = srt.replace(/index\.js$/, "cli.js");
  return commandWay("sandbox-runtime (srt)", "peer", process.execPath, [
    cli,
    "-c",
    `${python} -c ${quoted(bareScripts.python)}`,
  ]);
}

/** The same as a library inside a host that keeps its proxies running: its quickest form. */
async function sandboxRuntimeLibrary(python: string): Promise<Way> {
  const { SandboxManager } = await import("@anthropic-ai/sandbox-runtime");
  await SandboxManager.initialize(noNetwork);
  const command = `${python} -c ${quoted(bareScripts.python)}`;
  const wrapped = () => SandboxManager.wrapWithSandbox(command);
  return {
    name: "sandbox-runtime (library)",
    kind: "peer",
    runFresh: async () => {
      await run("/bin/sh", ["-c", await wrapped()]);
    },
    peakMemoryBytes: async () => await peakOf("/bin/sh", ["-c", await wrapped()]),
    close: () => SandboxManager.reset(),
  };
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

async function lackingPrograms(names: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    names.map((name) => run(name, ["--version"]).catch(() => run(name, ["-V"]).catch(() => name))),
  );
  return found.filter((one): one is string => typeof one === "string");
}

/** Sampled every few milliseconds, since a process tells nobody what it used once it is gone. */
async function peakOf(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<number> {
  const child = spawn(command, [...args], { stdio: "ignore", env });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const meter = createProcessMeter(child.pid ?? 0);
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  let peak = 0;
  while (!isOver) {
    peak = Math.max(peak, (await meter.readTree())?.residentBytes ?? 0);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return peak;
}
