import { availableParallelism } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { backendNames } from "../../src/sandbox/backend.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { isPlain } from "../../src/sandbox/typescript/plain-program.ts";
import { openSourceReader } from "../../src/syntax/source-reader.ts";
import {
  type AttackedSandboxes,
  attack,
  openAttackedSandboxes,
  strongestOf,
} from "../hostile/attacked-sandboxes.ts";
import { bareSample, hostileSample } from "../hostile/hostile-sample.ts";
import { createHostileWorld } from "../hostile/hostile-world.ts";
import { runBare } from "../hostile/run-bare.ts";
import { describeOutcome, runHostile } from "../hostile/run-hostile.ts";
import { typescriptModules } from "../hostile/typescript-modules.ts";
import { typescriptPrograms } from "../hostile/typescript-programs.ts";
import { quickShare } from "../support/quick-share.ts";

const timeoutMs = 600_000;
const laneCount = availableParallelism();
/** Of the scripts that are tried as modules too. */
const moduleStep = 6;
/** Of the plain ones, run where Node's layer was made ready while the process waited. */
const waitedStep = 3;
const waitedMs = 1_000;

/** The same program as a skill's module, as the agent hands it on. */
function asModule(source: string): string {
  return source.replace("async function f(", "export async function f(");
}

describe("the hostile TypeScript programs", () => {
  let sandboxes: AttackedSandboxes;
  beforeAll(async () => {
    sandboxes = await openAttackedSandboxes("typescript", laneCount);
  }, timeoutMs);
  afterAll(async () => {
    expect(await sandboxes.close()).toEqual([]);
  });

  it("typescriptPrograms holds at least 80 attacks, each under a name of its own", () => {
    expect(new Set(typescriptPrograms.map(({ name }) => name)).size).toBe(
      typescriptPrograms.length,
    );
    expect(typescriptPrograms.length).toBeGreaterThanOrEqual(80);
  });

  it("isPlain() is true of each attack on a process without Node's layer, and of no other that says so", () => {
    const plain = typescriptPrograms.filter((program) => program.isPlain === true);
    expect(plain.length).toBeGreaterThanOrEqual(9);
    const asked = plain.map(({ name, source }) => [
      name,
      isPlain({ source, entry: "f", fileName: "skill.ts" }),
    ]);
    expect(asked).toEqual(plain.map(({ name }) => [name, true]));
  });

  it("openSandbox() opens at least one backend to attack", () => {
    expect(sandboxes.backends.filter(({ sandbox }) => sandbox !== undefined)).not.toEqual([]);
  });

  it.each(backendNames)(
    "call() reaches nothing when a hostile script runs in %s",
    async (name) => {
      const backend = sandboxes.backends.find((candidate) => candidate.name === name);
      if (backend?.sandbox === undefined) {
        // Whether a backend must serve here is for its own tests; the one above wants at least one.
        expect(backend?.problem).toBeTypeOf("string");
        return;
      }
      const isStrongest = backend === strongestOf(sandboxes);
      const programs = hostileSample(typescriptPrograms, name, isStrongest);
      expect(programs).not.toEqual([]);
      const findings = await attack(backend.sandbox, programs, sandboxes.cacheDirectory, laneCount);
      expect(findings).toHaveLength(programs.length);
      expect(
        findings
          .filter(({ attacked, damage }) => !attacked || damage !== undefined)
          .map(({ name: program, damage, outcome }) => [program, damage, describeOutcome(outcome)]),
      ).toEqual([]);
    },
    timeoutMs,
  );

  it(
    "call() reaches nothing when a plain script runs in a process that has waited",
    async () => {
      const sandbox = sandboxes.backends.findLast(
        (backend) => backend.sandbox !== undefined,
      )?.sandbox;
      const plain = typescriptPrograms.filter((program) => program.isPlain === true);
      const reached: unknown[] = [];
      for (const program of quickShare(plain, waitedStep)) {
        await sandbox?.warm();
        await delay(waitedMs);
        const world = await createHostileWorld(sandboxes.cacheDirectory);
        try {
          const { attacked, damage } = await runHostile(sandbox as Sandbox, program, world);
          if (!attacked || damage !== undefined) {
            reached.push([program.name, attacked, damage]);
          }
        } finally {
          await world.close();
        }
      }
      expect(reached).toEqual([]);
    },
    timeoutMs,
  );

  it(
    "prepareTypeScript() refuses a hostile module, or leaves a script that reaches nothing",
    async () => {
      const sandbox = sandboxes.backends.findLast(
        (backend) => backend.sandbox !== undefined,
      )?.sandbox;
      const reader = openSourceReader();
      const world = await createHostileWorld(sandboxes.cacheDirectory);
      const modules = [
        ...typescriptModules.map(({ name, source }) => ({ name, source: source(world.facts) })),
        ...quickShare(
          typescriptPrograms.filter(
            ({ exhausts, twice }) => exhausts === undefined && twice === undefined,
          ),
          moduleStep,
        ).map(({ name, source }) => ({ name, source: asModule(source) })),
      ];
      const held: string[] = [];
      const reached: unknown[] = [];
      try {
        for (const { name, source } of modules) {
          const prepared = await reader.prepareTypeScript(source);
          if (prepared.kind !== "read" || sandbox === undefined) {
            held.push(name);
            continue;
          }
          const program = {
            name,
            language: "typescript",
            topic: "import",
            goal: "",
            source: prepared.value,
          } as const;
          const { damage, outcome } = await runHostile(sandbox, program, world);
          (damage === undefined ? held : reached).push(
            `${name}: ${damage ?? ""} ${describeOutcome(outcome)}`,
          );
        }
      } finally {
        await world.close();
        await reader.close();
      }
      expect(reached).toEqual([]);
      expect(held).toHaveLength(modules.length);
    },
    timeoutMs,
  );

  it(
    "damage() sees what each control reaches when no sandbox holds it",
    async () => {
      const waiting = [...bareSample(typescriptPrograms)];
      const count = waiting.length;
      const unseen: unknown[] = [];
      let seen = 0;
      const lane = async (): Promise<void> => {
        for (let program = waiting.shift(); program !== undefined; program = waiting.shift()) {
          const world = await createHostileWorld();
          try {
            const { attacked, damage, outcome } = await runBare(program, world);
            if (attacked && damage !== undefined) {
              seen += 1;
            } else {
              unseen.push([program.name, attacked, damage, outcome.printed.slice(0, 300)]);
            }
          } finally {
            await world.close();
          }
        }
      };
      await Promise.all(Array.from({ length: laneCount }, lane));
      expect(unseen).toEqual([]);
      expect(seen).toBe(count);
    },
    timeoutMs,
  );
});
