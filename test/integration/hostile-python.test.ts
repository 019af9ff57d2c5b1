import { describe, expect, it } from "vitest";
import { bareSample } from "../hostile/hostile-sample.ts";
import { createHostileWorld } from "../hostile/hostile-world.ts";
import { pythonPrograms } from "../hostile/python-programs.ts";
import { runBare } from "../hostile/run-bare.ts";
import { describeWith } from "../support/requirements.ts";

const laneCount = 2;
const timeoutMs = 900_000;

describe("pythonPrograms", () => {
  it("pythonPrograms holds at least 125 attacks, each with a name of its own", () => {
    expect(new Set(pythonPrograms.map(({ name }) => name)).size).toBe(pythonPrograms.length);
    expect(pythonPrograms.length).toBeGreaterThanOrEqual(125);
    expect(pythonPrograms.filter(({ reachesBare }) => reachesBare).length).toBeGreaterThan(35);
  });
});

describeWith("python3", "the hostile programs in Python without a sandbox", () => {
  it("runBare() sees what each program reaches when nothing holds it", {
    timeout: timeoutMs,
  }, async () => {
    const waiting = [...bareSample(pythonPrograms)];
    expect(waiting).not.toEqual([]);
    const unseen: string[] = [];
    const lane = async (): Promise<void> => {
      for (let program = waiting.shift(); program !== undefined; program = waiting.shift()) {
        const world = await createHostileWorld();
        try {
          const { damage, outcome } = await runBare(program, world);
          if (damage === undefined) {
            unseen.push(`${program.name}: ${outcome.printed}`);
          }
        } finally {
          await world.close();
        }
      }
    };
    await Promise.all(Array.from({ length: laneCount }, lane));
    expect(unseen).toEqual([]);
  });
});
