import { appendFileSync, writeSync } from "node:fs";
import fs from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";

/*
 * Runs a goal, or resumes the newest run, and kills itself with SIGKILL at one step: before the n-th
 * change of a file, when a model is asked, or has answered, or in the middle of writing a line. With 0 it
 * runs to its end. Every step is named in a file beside the workspace, a line each.
 */
const [workspaceRoot = "", kind = "", killAt = "0", place = "", goal] = process.argv.slice(2);
const trace = join(workspaceRoot, "..", "steps.txt");
let steps = 0;

/** True when this step is the one to die at; `half` is what it does before. */
function reached(name: string): boolean {
  steps += 1;
  appendFileSync(trace, `${name}\n`);
  return steps === Number(killAt);
}

function die(): never {
  process.kill(process.pid, "SIGKILL");
  throw new Error("SIGKILL came back");
}

function step(name: string): void {
  if (reached(name)) {
    die();
  }
}

const changing = ["rename", "unlink", "rm", "mkdir", "copyFile", "link", "writeFile"] as const;
for (const name of changing) {
  const original = fs[name];
  Reflect.set(fs, name, (...args: unknown[]) => {
    step(name);
    return Reflect.apply(original, fs, args);
  });
}
await fs.mkdir(workspaceRoot, { recursive: true });
const probe = await fs.open(trace, "a");
const handle = Object.getPrototypeOf(probe);
for (const name of ["datasync", "sync", "truncate", "chmod", "writeFile"]) {
  const original = handle[name];
  handle[name] = function (...args: unknown[]) {
    step(`handle.${name}`);
    return Reflect.apply(original, this, args);
  };
}
const write = handle.write;
handle.write = function (bytes: Buffer, offset: number, length: number, position: number) {
  if (reached("handle.write")) {
    if (place === "half") {
      writeSync(this.fd, bytes, offset, Math.floor(length / 2), position);
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
