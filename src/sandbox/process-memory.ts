import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Returns the resident bytes of a process and all below it; 0 when it is gone. */
export async function residentBytes(pid: number): Promise<number> {
  if (process.platform === "linux") {
    return await linuxTree(pid);
  }
  return process.platform === "win32" ? await windowsProcess(pid) : await psTree(pid);
}

async function linuxTree(pid: number): Promise<number> {
  try {
    const paths = [`/proc/${pid}/status`, ...(await childrenFiles(pid))];
    const [status = "", ...children] = await Promise.all(
      paths.map((path) => readFile(path, "utf8")),
    );
    // In kibibytes, where statm counts pages, whose size differs between kernels.
    let total = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
    for (const child of children.join(" ").split(" ").filter(Boolean)) {
      total += await linuxTree(Number(child));
    }
    return total;
  } catch {
    // A process that ends between two readings holds nothing; its exit is reported elsewhere.
    return 0;
  }
}

async function childrenFiles(pid: number): Promise<string[]> {
  const threads = await readdir(`/proc/${pid}/task`);
  return threads.map((thread) => `/proc/${pid}/task/${thread}/children`);
}

/** The sandbox is a process group of its own, so its members are its tree. */
async function psTree(pid: number): Promise<number> {
  try {
    const { stdout } = await run("ps", ["-axo", "pgid=,rss="]);
    let kibibytes = 0;
    for (const line of stdout.split("\n")) {
      const [group, resident] = line.trim().split(/\s+/);
      if (Number(group) === pid) {
        kibibytes += Number(resident);
      }
    }
    return kibibytes * 1024;
  } catch {
    return 0;
  }
}

async function windowsProcess(pid: number): Promise<number> {
  try {
    const filter = ["/FI", `PID eq ${pid}`, "/FO", "CSV", "/NH"];
    const { stdout } = await run("tasklist", filter, { windowsHide: true });
    const kibibytes = /"([\d.,\s]+)[^"]*"\s*$/.exec(stdout)?.[1]?.replaceAll(/\D/g, "");
    return Number(kibibytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}
