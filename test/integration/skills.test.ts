import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openMemory } from "../../src/memory/memory-json.ts";
import { memoryKeys } from "../../src/shared/testing/memory-keys.ts";
import { openDemotionRecords } from "../../src/skills/demotion-records.ts";
import { openSkillLibrary } from "../../src/skills/workspace-library.ts";

const run = promisify(execFile);
const writer = fileURLToPath(new URL("./skills-writer.ts", import.meta.url));
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "skills-"));
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

describe("nameFor() across processes", () => {
  it("nameFor() gives different goals different names when three processes ask at once", async () => {
    // All of these make the same name.
    const goals = ["c", "c#", "c++", "c?!"].flatMap((tail) => [`Parse ${tail}`, `Parse ${tail} $`]);
    const answers = await Promise.all(
      [goals, goals.toReversed(), goals].map((list) =>
        run(process.execPath, [writer, root, ...list]),
      ),
    );
    const memory = openMemory({ workspaceRoot: root, failuresPerSkill: 12 });
    const skills = await openSkillLibrary({
      workspaceRoot: root,
      memory,
      keys: memoryKeys(),
      demotions: openDemotionRecords(join(root, "demoted")),
    }).list();
    memory.close();
    const [first, second, third] = answers.map(({ stdout }) => JSON.parse(stdout) as string[]);
    expect(second?.toReversed()).toEqual(first);
    expect(third).toEqual(first);
    expect(skills.map(({ name }) => name).sort()).toEqual([...new Set(first)].sort());
    // Wordings of one goal share a skill; what a file holds is always a wording of its own goal.
    expect(new Set(first).size).toBeGreaterThanOrEqual(4);
  });
});
