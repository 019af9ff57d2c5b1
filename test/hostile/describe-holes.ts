import { expect, it } from "vitest";
import type { BackendName } from "../../src/sandbox/backend.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { quickShare } from "../support/quick-share.ts";
import type { HostileProgram } from "./hostile-program.ts";
import { createHostileWorld, type WatchedWorld } from "./hostile-world.ts";
import { runHostile } from "./run-hostile.ts";

export const holesTimeoutMs = 120_000;

export interface PlantedHole {
  readonly name: string;
  /** Of the hostile programs, those that the hole lets through: at least one of them. */
  readonly programs: readonly string[];
}

export interface HoleTests<Hole extends PlantedHole> {
  readonly holes: readonly Hole[];
  /** All of the language. */
  readonly programs: readonly HostileProgram[];
  /** Without a hole: what the holes are planted in. Whoever asked closes it. */
  readonly open: (hole?: Hole) => Promise<Sandbox>;
  /** A cache folder to attack, for a sandbox that has one of its own. */
  readonly cacheOf?: (hole: Hole) => Promise<string>;
}

/** Two tests: nothing is reached as it is, and something through each hole. */
export function describeHoles<Hole extends PlantedHole>(
  backendName: BackendName,
  { holes, programs, open, cacheOf }: HoleTests<Hole>,
): void {
  it(
    `runHostile() finds nothing when nothing is planted in ${backendName}`,
    async () => {
      const sandbox = await open();
      try {
        // In the quick form a share: that each attacks is seen where its hole is planted.
        const names = quickShare([...new Set(holes.flatMap((hole) => hole.programs))], 3);
        expect(await reachedBy(sandbox, programsNamed(programs, names))).toEqual([]);
      } finally {
        await sandbox.close();
      }
    },
    holesTimeoutMs,
  );

  it.each(holes)(
    `runHostile() finds what is reached in ${backendName} when $name`,
    async (hole) => {
      const sandbox = await open(hole);
      const named = programsNamed(programs, hole.programs);
      try {
        expect(await reachedBy(sandbox, named, await cacheOf?.(hole))).not.toEqual([]);
      } finally {
        await sandbox.close();
      }
    },
    holesTimeoutMs,
  );
}

export function programsNamed(
  programs: readonly HostileProgram[],
  names: readonly string[],
): HostileProgram[] {
  const found = programs.filter(({ name }) => names.includes(name));
  expect(found.map(({ name }) => name).toSorted()).toEqual([...names].toSorted());
  return found;
}

/** What the programs reached, each in a world of its own. */
export async function reachedBy(
  sandbox: Sandbox,
  programs: readonly HostileProgram[],
  cacheDirectory?: string,
): Promise<string[]> {
  const reached: string[] = [];
  for (const program of programs) {
    let world: WatchedWorld | undefined;
    try {
      world = await createHostileWorld(cacheDirectory);
      const { damage, attacked } = await runHostile(sandbox, program, world);
      expect(attacked).toBe(true);
      if (damage !== undefined) {
        reached.push(`${program.name}: ${damage}`);
      }
    } finally {
      await world?.close();
    }
  }
  return reached;
}
