import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, statfs, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { packageRoot } from "../../src/shared/package-root.ts";
import type { HostileWorld } from "./hostile-program.ts";
import { leakedForm } from "./leaked-secret.ts";
import { freePort, isAnswered, type Listener, listenDatagram, listenStream } from "./listeners.ts";
import { processTable } from "./process-table.ts";
import { describeFolder, difference, lockedFile, namesWith } from "./watched-files.ts";

const settleMs = 15;
/** Where a program could leave a file with the marker in its name. */
const sharedFolders = [tmpdir(), "/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", homedir()];
const watchedSignals = ["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGUSR1", "SIGUSR2", "SIGALRM"];

/** Things outside any sandbox, really there, and the look at whether something came to them. */
export interface WatchedWorld {
  readonly facts: HostileWorld;
  /** The host's environment as a program without a sandbox would inherit it. */
  readonly environment: Readonly<Record<string, string>>;
  /** A folder for a program that runs without a sandbox; nobody watches it. */
  readonly throwawayFolder: string;
  /** Looks while the processes of the run still live: what they listen on, what they started. */
  observe(): Promise<void>;
  /**
   * Says what was reached, or undefined. What was seen in `text` (all that came out of the runs) counts
   * as well as what is found outside. Once it said something, it says so for ever: make a new world.
   */
  damage(text: string): Promise<string | undefined>;
  /**
   * Bytes of the disk that are gone since it was asked last, or since the world was made. No damage by
   * itself: anybody on the machine may have written them.
   */
  lostDiskBytes(): Promise<number>;
  /** Ends the listeners and everything that carries the marker; removes the files. */
  close(): Promise<void>;
}

/** What lies outside and every process may read, in a sandbox too. */
const sharedFiles = ["/etc/ld.so.cache"];

/** Makes a world. `cacheDirectory` is the folder of the sandbox that is watched too. */
export async function createHostileWorld(cacheDirectory?: string): Promise<WatchedWorld> {
  const secrets = { file: secret(), name: secret(), variable: secret(), banner: secret() };
  const folders = await makeFolders(secrets);
  const marker = `hostile${secret()}`;
  const environmentName = `AUTODIDACT_HOSTILE_${secret().toUpperCase()}`;
  process.env[environmentName] = secrets.variable;
  const victim = spawn("sleep", ["600"], { stdio: "ignore" });
  victim.on("error", () => {});
  const unixSocketPath = join(folders.canary, "socket");
  const listeners = await listenEverywhere(unixSocketPath, marker, secrets.banner);
  const facts: HostileWorld = {
    ...pathsOf(folders),
    ...portsOf(listeners),
    unixSocketPath,
    abstractSocketName: marker,
    listenPort: await freePort(),
    hostPid: process.pid,
    victimPid: victim.pid ?? 0,
    environmentName,
    marker,
  };
  const watched = [folders.canary, folders.home, folders.near, folders.write];
  if (cacheDirectory !== undefined) {
    watched.push(cacheDirectory);
  }
  const signals = countSignals();
  const observed: string[] = [];
  const changedFolder = await watchFolders(watched);
  let freeBytes = await freeDiskBytes();
  const watches: ((text: string) => Promise<string | undefined> | string | undefined)[] = [
    () => observed[0],
    (text) => leak(text, secrets, marker),
    () => arrivals(listeners),
    () => (signals.seen.length > 0 ? `the host got ${signals.seen[0]}` : undefined),
    () => fate(victim),
    () => changedFolder(),
    () => strayFile(marker),
    () => strayProcess(facts),
  ];
  return {
    facts,
    environment: { [environmentName]: secrets.variable },
    throwawayFolder: folders.throwaway,
    observe: async () => {
      const isListening = await isAnswered(facts.listenPort);
      const stray = isListening ? "it listens on a port of the host" : await strayProcess(facts);
      const locked = await lockedFile([facts.canaryPath, ...sharedFiles]);
      observed.push(...[stray, locked].filter((found) => found !== undefined));
    },
    damage: async (text) => {
      await delay(settleMs);
      return await firstFound(watches.map((watch) => async () => await watch(text)));
    },
    lostDiskBytes: async () => {
      const before = freeBytes;
      freeBytes = await freeDiskBytes();
      return before - freeBytes;
    },
    close: async () => {
      signals.stop();
      delete process.env[environmentName];
      victim.kill("SIGKILL");
      await endMarked(marker);
      await Promise.all(listeners.map((listener) => listener.close()));
      for (const path of [...(await markedFiles(marker)), folders.root, folders.near]) {
        await rm(path, { recursive: true, force: true });
      }
    },
  };
}

async function firstFound(
  looks: readonly (() => Promise<string | undefined>)[],
): Promise<string | undefined> {
  for (const look of looks) {
    const found = await look();
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

/** Says what was made, changed or removed in the folders. */
async function watchFolders(
  folders: readonly string[],
): Promise<() => Promise<string | undefined>> {
  const describe = async (): Promise<string[]> =>
    (await Promise.all(folders.map(describeFolder))).flat();
  const before = await describe();
  return async () => difference(before, await describe());
}

function pathsOf({ canary, home, near, write }: Folders) {
  return {
    canaryPath: join(canary, "canary.txt"),
    canaryFolder: canary,
    homeCanaryPath: join(home, "canary.txt"),
    nearCanaryPath: join(near, "canary.txt"),
    writeFolder: write,
  };
}

function portsOf(listeners: readonly Listener[]) {
  const portOf = (name: string): number => listeners.find((one) => one.name === name)?.port ?? 0;
  return { tcpPort: portOf("TCP"), udpPort: portOf("UDP"), dnsPort: portOf("DNS") };
}

function secret(): string {
  return randomBytes(12).toString("hex");
}

interface Secrets {
  readonly file: string;
  readonly name: string;
  readonly variable: string;
  readonly banner: string;
}

interface Folders {
  readonly root: string;
  readonly canary: string;
  readonly home: string;
  readonly near: string;
  readonly write: string;
  readonly throwaway: string;
}

/** The one in `near` stands where Deno is allowed to read a neighbour of it. */
async function makeFolders(secrets: Secrets): Promise<Folders> {
  const root = await mkdtemp(join(tmpdir(), "autodidact-hostile-"));
  const near = await mkdtemp(join(packageRoot(), "node_modules", ".hostile-"));
  const named = ["canary", "home", "write", "throwaway"].map((name) => join(root, name));
  const [canary = "", home = "", write = "", throwaway = ""] = named;
  for (const folder of named) {
    await mkdir(folder);
  }
  for (const folder of [canary, home, near]) {
    await writeFile(join(folder, "canary.txt"), `${secrets.file}\n`);
  }
  await writeFile(join(canary, "canary.py"), `text = "${secrets.file}"\n`);
  await writeFile(join(canary, "canary.json"), JSON.stringify(secrets.file));
  await writeFile(join(canary, "canary.js"), `export const text = "${secrets.file}";\n`);
  await writeFile(join(canary, secrets.name), "");
  return { root, canary, home, near, write, throwaway };
}

async function listenEverywhere(
  unixSocketPath: string,
  marker: string,
  banner: string,
): Promise<Listener[]> {
  const listeners = [
    await listenStream("TCP", { port: 0, host: "127.0.0.1" }, banner),
    await listenDatagram("UDP"),
    await listenDatagram("DNS"),
  ];
  if (process.platform !== "win32") {
    listeners.push(await listenStream("unix socket", { path: unixSocketPath }, banner));
  }
  if (process.platform === "linux") {
    listeners.push(await listenStream("abstract socket", { path: `\0${marker}` }, banner));
  }
  return listeners;
}

function arrivals(listeners: readonly Listener[]): string | undefined {
  const reached = listeners.find((listener) => listener.arrived() > 0);
  return reached === undefined ? undefined : `${reached.name}: ${reached.arrived()} arrived`;
}

function leak(text: string, secrets: Secrets, marker: string): string | undefined {
  for (const [name, value] of Object.entries(secrets)) {
    const form = leakedForm(text, value);
    if (form !== undefined) {
      return `the secret of the ${name} came out, ${form}`;
    }
  }
  return text.includes(`reached ${marker}`) ? "the program says that it got through" : undefined;
}

function fate(victim: ChildProcess): string | undefined {
  const { exitCode, signalCode } = victim;
  return exitCode === null && signalCode === null
    ? undefined
    : `the victim ended (${signalCode ?? exitCode})`;
}

function countSignals(): { readonly seen: string[]; stop(): void } {
  const seen: string[] = [];
  const listener = (signal: string): void => {
    seen.push(signal);
  };
  for (const signal of watchedSignals) {
    process.on(signal, listener);
  }
  return {
    seen,
    stop: () => {
      for (const signal of watchedSignals) {
        process.off(signal, listener);
      }
    },
  };
}

async function markedFiles(marker: string): Promise<string[]> {
  const found = await Promise.all(
    [...sharedFolders, process.cwd()].map((folder) => namesWith(marker, folder)),
  );
  return [...new Set(found.flat())];
}

async function strayFile(marker: string): Promise<string | undefined> {
  const [path] = await markedFiles(marker);
  return path === undefined ? undefined : `${path} was made`;
}

async function strayProcess({
  marker,
  hostPid,
  victimPid,
}: HostileWorld): Promise<string | undefined> {
  const stray = (await processTable()).find(
    ({ pid, text }) => pid !== hostPid && pid !== victimPid && text.includes(marker),
  );
  return stray === undefined
    ? undefined
    : `a process runs: ${stray.text.slice(0, 100).replaceAll("\0", " ")}`;
}

async function endMarked(marker: string): Promise<void> {
  for (const { pid, text } of await processTable()) {
    if (text.includes(marker) && pid !== process.pid) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It has just ended by itself.
      }
    }
  }
}

async function freeDiskBytes(): Promise<number> {
  const { bavail, bsize } = await statfs(tmpdir());
  return bavail * bsize;
}
