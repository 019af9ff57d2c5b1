import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { findDenoBinary } from "../../src/sandbox/deno-binary.ts";
import { defaultLimits } from "../../src/sandbox/limits.ts";
import type { CallOutcome } from "../../src/sandbox/sandbox.ts";
import { killProcessTree } from "../../src/shared/process-tree.ts";
import type { HostileProgram } from "./hostile-program.ts";
import type { WatchedWorld } from "./hostile-world.ts";
import { findingOf, type HostileFinding } from "./run-hostile.ts";

const timeoutMs = 15_000;
/** What reaches out once it has answered needs a moment for it. */
const lingerMs = 300;
const doneMark = "\u0001done\u0001";

/** Calls `f`, shows what it returns, and stays until its input ends, as a sandboxed process does. */
const drivers = {
  python: `
import json, sys, traceback
world = json.loads(sys.stdin.readline())
scope = {"__name__": "skill"}
try:
    with open("skill.py", encoding="utf-8") as file:
        exec(compile(file.read(), "skill.py", "exec"), scope)
    print(scope["f"](world))
except BaseException:
    traceback.print_exc(file=sys.stdout)
print("\\x01done\\x01", flush=True)
sys.stdin.readline()
`,
  typescript: `
const lines = Deno.stdin.readable.pipeThrough(new TextDecoderStream()).getReader();
const world = JSON.parse((await lines.read()).value);
try {
  const source = await Deno.readTextFile("skill.js");
  const f = (0, eval)(source + "\\n;f");
  const value = await f(world);
  console.log(typeof value === "string" ? value : JSON.stringify(value) ?? String(value));
} catch (error) {
  console.log(String(error?.stack ?? error));
}
console.log("\\x01done\\x01");
await lines.read();
`,
} as const;

/**
 * Runs a program without any sandbox, in a folder of its own, against the world: the control that
 * shows that what it does is seen. Only for programs that say `reachesBare`.
 */
export async function runBare(
  program: HostileProgram,
  world: WatchedWorld,
): Promise<HostileFinding> {
  const outcomes = [await runOnce(program, world)];
  if (program.twice === true) {
    outcomes.push(await runOnce(program, world));
  }
  return await findingOf(program, outcomes, world, defaultLimits);
}

async function runOnce(program: HostileProgram, world: WatchedWorld): Promise<CallOutcome> {
  const { language, source } = program;
  const folder = join(world.throwawayFolder, program.name);
  await mkdir(folder, { recursive: true });
  const [skill, driver] =
    language === "python" ? ["skill.py", "driver.py"] : ["skill.js", "driver.mjs"];
  await writeFile(join(folder, skill), source);
  await writeFile(join(folder, driver), drivers[language]);
  const [command, args] =
    language === "python"
      ? ["/usr/bin/python3", [driver]]
      : [findDenoBinary().path, ["run", "--allow-all", "--no-config", driver]];
  const child = spawn(command, args, {
    cwd: folder,
    env: { ...process.env, ...world.environment, HOME: folder, NO_COLOR: "1" },
    detached: true,
  });
  const startMs = performance.now();
  try {
    const printed = await readUntilDone(child, JSON.stringify(world.facts));
    if (program.topic === "survival") {
      await delay(lingerMs);
    }
    await world.observe();
    return { kind: "returned", value: null, printed, durationMs: performance.now() - startMs };
  } finally {
    await killProcessTree(child);
  }
}

/** Returns what it wrote until `f` ended, it ended itself, or 15 s went by. */
function readUntilDone(child: ChildProcess, firstLine: string): Promise<string> {
  return new Promise((resolve) => {
    let printed = "";
    const timer = setTimeout(() => resolve(printed), timeoutMs);
    const end = (): void => {
      clearTimeout(timer);
      resolve(printed);
    };
    const take = (chunk: Buffer): void => {
      printed += chunk.toString("utf8");
      if (printed.includes(doneMark)) {
        end();
      }
    };
    child.stdout?.on("data", take);
    child.stderr?.on("data", take);
    child.once("close", end);
    child.once("error", end);
    child.stdin?.on("error", () => {});
    child.stdin?.write(`${firstLine}\n`);
  });
}
