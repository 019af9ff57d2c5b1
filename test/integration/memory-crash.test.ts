import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openMemory } from "../../src/memory/memory-json.ts";
import { testSize } from "../support/requirements.ts";

const KILLS = testSize(6, 200, 50);
const SKILLS_EACH = testSize(60, 200, 200);
const SKILLS_BEFORE = 10_000;
/** Several writes take this long; the instant of the kill is drawn from it. */
const KILL_WINDOW_MS = 150;

const writer = fileURLToPath(new URL("./memory-writer.ts", import.meta.url));
let root = "";

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "memory-crash-"));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

interface Writer {
  readonly child: ChildProcess;
  acknowledged(): string[];
  readonly firstAcknowledged: Promise<unknown>;
}

function startWriter(prefix: string, count: number): Writer {
  const child = spawn(process.execPath, [writer, root, prefix, String(count)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  return {
    child,
    // A name without its line's end may have been cut by the kill.
    acknowledged: () => output.split("\n").slice(0, -1),
    firstAcknowledged: once(child.stdout, "data"),
  };
}

function writeSkills(count: number): Promise<void> {
  const time = "2026-01-01T00:00:00.000Z";
  const skills = Array.from({ length: count }, (_, index) => ({
    ...{ name: `skill_${index}`, status: "working", description: "d", goal: "g" },
    ...{ created_at: time, updated_at: time, language: "python" },
  }));
  return writeFile(join(root, "memory.json"), JSON.stringify({ version: 1, skills }, null, 2));
}

/** Names of skills and texts of failures that a fresh reader finds. */
async function remembered(prefixes: readonly string[]): Promise<Set<string>> {
  const warnings: string[] = [];
  const memory = openMemory({
    workspaceRoot: root,
    failuresPerSkill: 12,
    onWarning: (message) => warnings.push(message),
  });
  const { skills } = await memory.read();
  const names = new Set(skills.map((skill) => skill.name));
  for (const skill of prefixes) {
    const recalled = await memory.recallFailures({ goal: "", skill }, 10_000);
    for (const { failure } of recalled) names.add(failure.error);
  }
  memory.close();
  expect(warnings).toEqual([]);
  return names;
}

describe("memory under kill -9", () => {
  it(`openMemory() stays readable and keeps every acknowledged write when killed at ${KILLS} random instants at ${SKILLS_BEFORE} skills`, async () => {
    await writeSkills(SKILLS_BEFORE);
    const acknowledged: string[] = [];
    const prefixes: string[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      const prefix = `kill_${kill}_`;
      prefixes.push(prefix);
      const process = startWriter(prefix, 0);
      const exited = once(process.child, "exit");
      await process.firstAcknowledged;
      await sleep(Math.random() * KILL_WINDOW_MS);
      process.child.kill("SIGKILL");
      await exited;
      acknowledged.push(...process.acknowledged());
      // What is on disk at this instant, without recovery: whole JSON with all that was acknowledged.
      const file = JSON.parse(await readFile(join(root, "memory.json"), "utf8"));
      expect(file.skills.length).toBeGreaterThanOrEqual(SKILLS_BEFORE);
      const names = new Set(file.skills.map((skill: { name: string }) => skill.name));
      const lost = process.acknowledged().filter((name) => !isFailure(name) && !names.has(name));
      expect(lost).toEqual([]);
    }
    const names = await remembered(prefixes);
    expect(acknowledged.filter((name) => !names.has(name))).toEqual([]);
    expect(acknowledged.length).toBeGreaterThan(KILLS);
    // A crash leaves at most the one half-written file, never one a crash.
    const files = await readdir(root);
    expect(files.filter((name) => name.endsWith(".writing")).length).toBeLessThanOrEqual(2);
    expect(files.filter((name) => name.includes("damaged"))).toEqual([]);
  }, 900_000);

  it(`openMemory() keeps ${2 * SKILLS_EACH} of ${2 * SKILLS_EACH} writes when two processes write ${SKILLS_EACH} each`, async () => {
    const writers = ["left_", "right_"].map((prefix) => startWriter(prefix, SKILLS_EACH));
    const exits = await Promise.all(writers.map(({ child }) => once(child, "close")));
    expect(exits.map(([code]) => code)).toEqual([0, 0]);
    const wanted = writers.flatMap((one) => one.acknowledged());
    expect(wanted).toHaveLength(2 * SKILLS_EACH);
    const names = await remembered(["left_", "right_"]);
    expect(wanted.filter((name) => !names.has(name))).toEqual([]);
    const file = JSON.parse(await readFile(join(root, "memory.json"), "utf8"));
    expect(file.version).toBe(2 * SKILLS_EACH);
    expect((await stat(join(root, "memory.lock"))).size).toBe(0);
  }, 120_000);
});

function isFailure(name: string): boolean {
  return Number(name.slice(name.lastIndexOf("_") + 1)) % 4 === 3;
}
