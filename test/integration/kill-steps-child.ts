import { closeSync, cpSync, openSync, rmSync, writeSync } from "node:fs";
import fs from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { dirname, join, relative } from "node:path";

/*
 * Runs a goal and kills itself with SIGKILL at one step: before the n-th change of a file, when a model
 * is asked, or has answered, or in the middle of writing a line. With 0 it runs to its end. Told a folder
 * for copies, it leaves there what a kill at each step would have left on disk: a folder a step, `1-before`,
 * and for a line that is written one more, `1-half`.
 */
const [workspaceRoot = "", kind = "", killAt = "0", place = "", goal = "", copies] =
  process.argv.slice(2);
const home = dirname(workspaceRoot);
let steps = 0;

/** True when this step is the one to die at; `half` is what it does before. */
function reached(): boolean {
  steps += 1;
  copyHome("before");
  return steps === Number(killAt);
}

/** At once, so that it is what a kill would leave; only what the threads were at may go on meanwhile. */
function copyHome(part: "before" | "half"): string | undefined {
  if (copies === undefined) {
    return undefined;
  }
  const copy = join(copies, `${steps}-${part}`);
  for (;;) {
    try {
      cpSync(home, copy, { recursive: true });
      return copy;
    } catch (error) {
      if (Object(error).code !== "ENOENT") throw error;
      // A file was renamed under the copying.
      rmSync(copy, { recursive: true, force: true });
    }
  }
}

function die(): never {
  process.kill(process.pid, "SIGKILL");
  throw new Error("SIGKILL came back");
}

function step(): void {
  if (reached()) {
    die();
  }
}

function writeHalf(copy: string, fd: number, bytes: Buffer, position: number): void {
  const path = paths.get(fd);
  if (path === undefined) {
    throw new Error(`file ${fd} was opened in a way that this does not see`);
  }
  const file = openSync(join(copy, relative(home, path)), "r+");
  writeSync(file, bytes, 0, bytes.length, position);
  closeSync(file);
}

const paths = new Map<number, string>();
const changing = ["rename", "unlink", "rm", "mkdir", "copyFile", "link", "writeFile"] as const;
for (const name of changing) {
  const original = fs[name];
  Reflect.set(fs, name, (...args: unknown[]) => {
    step();
    return Reflect.apply(original, fs, args);
  });
}
await fs.mkdir(workspaceRoot, { recursive: true });
const open = fs.open;
Reflect.set(fs, "open", async (...args: Parameters<typeof open>) => {
  const opened = await open(...args);
  paths.set(opened.fd, String(args[0]));
  return opened;
});
const probe = await fs.open(join(home, "probe"), "a");
const handle = Object.getPrototypeOf(probe);
for (const name of ["datasync", "sync", "truncate", "chmod", "writeFile"]) {
  const original = handle[name];
  handle[name] = function (...args: unknown[]) {
    step();
    return Reflect.apply(original, this, args);
  };
}
const write = handle.write;
handle.write = function (bytes: Buffer, offset: number, length: number, position: number) {
  const isLast = reached();
  const half = Math.floor(length / 2);
  const copy = copyHome("half");
  if (copy !== undefined) {
    writeHalf(copy, this.fd, bytes.subarray(offset, offset + half), position);
  }
  if (isLast) {
    if (place === "half") {
      writeSync(this.fd, bytes, offset, half, position);
    }
    die();
  }
  return Reflect.apply(write, this, [bytes, offset, length, position]);
};
await probe.close();
syncBuiltinESMExports();

const { openKillApplication } = await import("./kill-steps-application.ts");
const application = await openKillApplication(workspaceRoot, kind, step);
await (goal === undefined ? application.resumeRun() : application.runDirective(goal)).result;
await application.close();
