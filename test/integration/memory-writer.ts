/**
 * A process that records skills one after the other and prints each name once it is acknowledged.
 * Arguments: workspace, prefix of the names, how many (0: until it is killed), and which writes
 * are failures instead (4: every fourth, so that kills also hit the archive; 0: none). An error
 * ends it with a line "error CODE".
 */
import { writeSync } from "node:fs";
import { openMemory } from "../../src/memory/memory-json.ts";
import { AgentError } from "../../src/shared/errors.ts";

const [workspaceRoot = "", prefix = "", count = "0", failureEvery = "4"] = process.argv.slice(2);
const memory = openMemory({ workspaceRoot, failuresPerSkill: 12, lockWaitMs: 60_000 });
const last = Number(count) === 0 ? Number.POSITIVE_INFINITY : Number(count);

async function record(index: number, name: string): Promise<void> {
  const at = new Date();
  const goal = `Create ${name}`;
  if (index % Number(failureEvery) !== 3) {
    const skill = { name, status: "working", description: goal, goal, language: "python" } as const;
    await memory.recordSkill(skill, at);
    return;
  }
  await memory.recordFailure({
    skill: prefix,
    error: name,
    code_snippet: "",
    timestamp: at.toISOString(),
    goal,
    attempt: index,
    kind: "case-failed",
    run_id: "",
  });
}

try {
  for (let index = 0; index < last; index += 1) {
    const name = `${prefix}${index}`;
    await record(index, name);
    // Straight to the pipe: what process.stdout still holds would be lost with the process.
    writeSync(1, `${name}\n`);
  }
} catch (error) {
  writeSync(1, `error ${error instanceof AgentError ? error.code : String(error)}\n`);
}
