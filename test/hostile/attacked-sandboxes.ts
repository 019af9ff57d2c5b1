import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type BackendName, backendNames } from "../../src/sandbox/backend.ts";
import { openSandbox } from "../../src/sandbox/open-sandbox.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { defaultCacheDirectory } from "../../src/shared/cache-directory.ts";
import { AgentError } from "../../src/shared/errors.ts";
import type { Language } from "../../src/shared/json.ts";
import type { HostileProgram } from "./hostile-program.ts";
import { createHostileWorld, type WatchedWorld } from "./hostile-world.ts";
import { descendantsOf, processTable, type TableEntry } from "./process-table.ts";
import { type HostileFinding, runHostile } from "./run-hostile.ts";

/** A backend of this machine under attack, or why it cannot be attacked. */
export type AttackedBackend =
  | { readonly name: BackendName; readonly sandbox: Sandbox; readonly problem?: undefined }
  | { readonly name: BackendName; readonly sandbox?: undefined; readonly problem: string };

export interface AttackedSandboxes {
  readonly backends: readonly AttackedBackend[];
  /** The folder that no run may change. */
  readonly cacheDirectory: string;
  /** Ends all; returns the command lines of processes that are left nevertheless. */
  close(): Promise<string[]>;
}

/** Opens every backend of a language that this machine has, with a cache folder of their own. */
export async function openAttackedSandboxes(
  language: Language,
  warmProcesses: number,
  names: readonly BackendName[] = backendNames,
): Promise<AttackedSandboxes> {
  const cacheDirectory = await mkdtemp(join(tmpdir(), "autodidact-hostile-cache-"));
  const earlier = new Set(
    descendantsOf(process.pid, await processTable()).map(
      ({ pid, startedAt }) => `${pid} ${startedAt}`,
    ),
  );
  const backends: AttackedBackend[] = [];
  for (const name of names) {
    try {
      // Fills the usual folder, whose content comes along: to make it anew takes as long as many attacks.
      await (await openSandbox(language, { backend: name, warmProcesses: 0 })).close();
      await copyCache(cacheDirectory, language);
      const options = { backend: name, cacheDirectory, warmProcesses };
      const sandbox = await openSandbox(language, options);
      backends.push({ name, sandbox });
    } catch (error) {
      if (!(error instanceof AgentError) || error.code !== "SANDBOX_UNAVAILABLE") {
        throw error;
      }
      backends.push({ name, problem: error.message });
    }
  }
  return {
    backends,
    cacheDirectory,
    close: async () => {
      const living = descendantsOf(process.pid, await processTable());
      await Promise.all(
        backends.map(async ({ sandbox }) => {
          await sandbox?.close();
        }),
      );
      const ours = living.filter(
        (entry) =>
          !earlier.has(`${entry.pid} ${entry.startedAt}`) &&
          /deno|bwrap|python/.test(entry.text.split("\0")[0] ?? ""),
      );
      const left = await stillThere(ours);
      await rm(cacheDirectory, { recursive: true, force: true });
      return left.map(({ pid, text }) => `${pid} ${text.slice(0, 100)}`);
    },
  };
}

/** The kernel ends a namespace after its first process, not with it: a busy machine takes a moment. */
async function stillThere(entries: readonly TableEntry[]): Promise<readonly TableEntry[]> {
  let left = entries;
  for (let round = 0; round < 50 && left.length > 0; round += 1) {
    const table = await processTable();
    left = left.filter((entry) =>
      table.some(({ pid, startedAt }) => pid === entry.pid && startedAt === entry.startedAt),
    );
    if (left.length > 0) await delay(100);
  }
  return left;
}

/** The first backend that can be attacked, if there is one. */
export function strongestOf({ backends }: AttackedSandboxes): AttackedBackend | undefined {
  return backends.find(({ sandbox }) => sandbox !== undefined);
}

export interface NamedFinding extends HostileFinding {
  readonly name: string;
}

/**
 * Runs the programs in as many lanes as are asked for, each with a world of its own, so that what
 * is found belongs to one program. A world to which something came is replaced.
 */
export async function attack(
  sandbox: Sandbox,
  programs: readonly HostileProgram[],
  cacheDirectory: string,
  laneCount: number,
): Promise<NamedFinding[]> {
  const waiting = [...programs];
  const findings: NamedFinding[] = [];
  const lane = async (): Promise<void> => {
    let world: WatchedWorld | undefined;
    try {
      for (let program = waiting.shift(); program !== undefined; program = waiting.shift()) {
        world ??= await createHostileWorld(cacheDirectory);
        const finding = await runHostile(sandbox, program, world);
        findings.push({ name: program.name, ...finding });
        if (finding.damage !== undefined) {
          await world.close();
          world = undefined;
        }
      }
    } finally {
      await world?.close();
    }
  };
  await Promise.all(Array.from({ length: laneCount }, lane));
  const order = new Map(programs.map(({ name }, index) => [name, index]));
  return findings.toSorted((one, two) => (order.get(one.name) ?? 0) - (order.get(two.name) ?? 0));
}

/**
 * Memory snapshots, whose digest is compared where they are used, and the self-tests' results; not what
 * somebody else is writing just now.
 */
async function copyCache(cacheDirectory: string, language: Language): Promise<void> {
  const wanted =
    language === "python"
      ? /\.(?:snapshot|json)$|[\\/](?:autodidact|Cache|python)$/
      : /\.json$|[\\/](?:autodidact|Cache)$/;
  await cp(defaultCacheDirectory(), cacheDirectory, {
    recursive: true,
    // What came with the backend before is there.
    force: false,
    filter: (path) => wanted.test(path),
  });
}
