/**
 * Adding a skill to a memory of 10, 1,000 and 10,000: ours (atomic, durable, locked) beside the
 * guide's way (read, append, write in place), both measured in this run.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { SkillRecord } from "../src/memory/memory.ts";
import { openMemory } from "../src/memory/memory-json.ts";

const SIZES = [10, 1_000, 10_000];
const ADDITIONS = 30;

interface Row {
  readonly skills: number;
  readonly guideMs: number;
  /** The program stays up, as in a REPL, a batch or a run of several attempts. */
  readonly warmMs: number;
  /** The memory is opened anew for each addition, as the guide's program does. */
  readonly coldMs: number;
}

interface Peer {
  readonly name: string;
  add(path: string, additions: number): number[];
}

const PYTHON_PEER = `
import json, sys, time
path, additions = sys.argv[1], int(sys.argv[2])
times = []
for index in range(additions):
    start = time.perf_counter()
    with open(path) as file:
        memory = json.load(file)
    memory["skills"].append({
        "name": f"added_{index}", "status": "working", "description": "Create an added skill",
        "created_at": "2026-02-07T10:30:00", "updated_at": "2026-02-07T10:30:00",
    })
    with open(path, "w") as file:
        json.dump(memory, file, indent=2)
    times.append((time.perf_counter() - start) * 1000)
print(json.dumps(times))
`;

function findPeer(folder: string): Peer {
  const version = spawnSync("python3", ["--version"], { encoding: "utf8" });
  if (version.status !== 0) {
    return { name: "the guide's way, in Node (no python3 here)", add: addInNode };
  }
  const script = join(folder, "guide_memory.py");
  writeFileSync(script, PYTHON_PEER);
  return {
    name: `the guide's way, ${version.stdout.trim()}`,
    add: (path, additions) => {
      const result = spawnSync("python3", [script, path, String(additions)], { encoding: "utf8" });
      if (result.status !== 0) throw new Error(`Running the peer: ${result.stderr}`);
      return JSON.parse(result.stdout);
    },
  };
}

function addInNode(path: string, additions: number): number[] {
  return Array.from({ length: additions }, (_, index) => {
    const start = performance.now();
    const memory = JSON.parse(readFileSync(path, "utf8"));
    memory.skills.push(skillRecord(`added_${index}`));
    writeFileSync(path, JSON.stringify(memory, null, 2));
    return performance.now() - start;
  });
}

function skillRecord(name: string): SkillRecord {
  const time = "2026-02-07T10:30:00.000Z";
  const goal = `Create a skill named ${name}`;
  return {
    ...{ name, status: "working", description: goal, created_at: time, updated_at: time },
    ...{ goal, language: "python" },
  };
}

function writeMemory(path: string, count: number): void {
  const skills = Array.from({ length: count }, (_, index) => skillRecord(`skill_${index}`));
  const memory = { version: 1, schemaVersion: 1, skills, failures: [], directives: [] };
  writeFileSync(path, JSON.stringify(memory, null, 2));
}

async function measureOurs(folder: string, count: number, isWarm: boolean): Promise<number> {
  const workspaceRoot = mkdtempSync(join(folder, "ours-"));
  writeMemory(join(workspaceRoot, "memory.json"), count);
  const open = () => openMemory({ workspaceRoot, failuresPerSkill: 12 });
  const kept = open();
  if (isWarm) await kept.recordSkill(skillRecord("first"), new Date());
  const times: number[] = [];
  for (let index = 0; index < ADDITIONS; index += 1) {
    const memory = isWarm ? kept : open();
    const start = performance.now();
    await memory.recordSkill(skillRecord(`added_${index}`), new Date());
    times.push(performance.now() - start);
    memory.close();
  }
  return median(times);
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

async function measure(folder: string, peer: Peer): Promise<Row[]> {
  const rows: Row[] = [];
  for (const skills of SIZES) {
    const path = join(folder, `guide-${skills}.json`);
    writeMemory(path, skills);
    rows.push({
      skills,
      guideMs: median(peer.add(path, ADDITIONS)),
      warmMs: await measureOurs(folder, skills, true),
      coldMs: await measureOurs(folder, skills, false),
    });
  }
  return rows;
}

function print(rows: readonly Row[], peer: string): void {
  console.log(`Adding a skill, median of ${ADDITIONS}; milliseconds.`);
  console.log(`Peer: ${peer}: neither atomic nor durable nor locked; ours is all three.\n`);
  console.log("  skills     peer   ours   ours/peer   ours, opened anew   ours/peer");
  for (const { skills, guideMs, warmMs, coldMs } of rows) {
    const cells = [
      skills.toLocaleString("en").padStart(8),
      guideMs.toFixed(2).padStart(9),
      warmMs.toFixed(2).padStart(7),
      (warmMs / guideMs).toFixed(2).padStart(12),
      coldMs.toFixed(2).padStart(20),
      (coldMs / guideMs).toFixed(2).padStart(12),
    ];
    console.log(cells.join(""));
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { json: { type: "boolean", default: false } } });
  const folder = mkdtempSync(join(tmpdir(), "autodidact-bench-memory-"));
  try {
    const peer = findPeer(folder);
    const rows = await measure(folder, peer);
    if (values.json) {
      const withRatios = rows.map((row) => ({
        ...row,
        warmRatio: row.warmMs / row.guideMs,
        coldRatio: row.coldMs / row.guideMs,
      }));
      console.log(
        JSON.stringify({
          benchmark: "memory",
          peer: peer.name,
          additions: ADDITIONS,
          rows: withRatios,
        }),
      );
    } else print(rows, peer.name);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
