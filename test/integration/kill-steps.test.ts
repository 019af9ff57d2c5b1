import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Application } from "../../src/application/application.ts";
import type { JournalEntry } from "../../src/journal/journal.ts";
import { readJournal } from "../../src/journal/read-journal.ts";
import { testSize } from "../support/requirements.ts";
import { openKillApplication } from "./kill-steps-application.ts";
import { type RunKind, runKinds } from "./kill-steps-script.ts";
import { follow, goal } from "./run-support.ts";

const child = fileURLToPath(new URL("./kill-steps-child.ts", import.meta.url));
/** The full form walks every step of every kind; the quick one dies at one of each, late and early. */
const walksAll = testSize(0, 1) === 1;
const quickSteps: Readonly<Record<RunKind, number>> = {
  success: 90,
  retry: 150,
  repair: 60,
  "mutant-round": 200,
  unproven: 120,
  failed: 250,
};

let folder: string;
let runs = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-steps-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Place {
  readonly root: string;
  readonly kind: RunKind;
}

async function newPlace(kind: RunKind): Promise<Place> {
  runs += 1;
  const root = join(folder, String(runs), "workspace");
  await mkdir(join(folder, String(runs)));
  return { root, kind };
}

/** Runs the goal in a process of its own that kills itself at a step; 0 lets it end. */
async function runChild(place: Place, killAt: number, half: boolean): Promise<void> {
  const part = half ? "half" : "before";
  const args = ["--no-warnings", child, place.root, place.kind, String(killAt), part, goal];
  const env = { ...process.env, NODE_COMPILE_CACHE: join(folder, "compiled") };
  const running = spawn(process.execPath, args, { stdio: ["ignore", "inherit", "inherit"], env });
  const [code, signal] = await once(running, "exit");
  expect({ killAt, code, signal }).toEqual(
    killAt === 0 ? { killAt, code: 0, signal: null } : { killAt, code: null, signal: "SIGKILL" },
  );
}

async function stepsOf({ root }: Place): Promise<string[]> {
  return (await readFile(join(root, "..", "steps.txt"), "utf8")).trim().split("\n");
}

async function journalOf({ root }: Place): Promise<readonly JournalEntry[]> {
  const runsFolder = join(root, "runs");
  const names = existsSync(runsFolder) ? await readdir(runsFolder) : [];
  const journals = names.filter((name) => name.endsWith(".jsonl"));
  // A run that was killed before its first line is begun anew, beside an empty journal.
  const read = await Promise.all(journals.map((name) => readJournal(join(runsFolder, name))));
  expect(read.filter((entries) => entries.length > 0).length).toBeLessThanOrEqual(1);
  return read.find((entries) => entries.length > 0) ?? [];
}

function callsOf(entries: readonly JournalEntry[]): string[] {
  return entries.flatMap((entry) =>
    entry.type === "model-answered" ? [`${entry.role} ${entry.order}`] : [],
  );
}

/** Goes on as the next start of the program does; returns the calls that it made. */
async function finish(place: Place): Promise<string[]> {
  const asked: string[] = [];
  const application = await openKillApplication(place.root, place.kind, (name) => {
    if (name.startsWith("asked ")) {
      asked.push(name.slice("asked ".length));
    }
  });
  try {
    await goOn(application, await journalOf(place));
    expect(await application.pendingRuns()).toEqual([]);
  } finally {
    await application.close();
  }
  return asked;
}

async function goOn(application: Application, entries: readonly JournalEntry[]): Promise<void> {
  if (entries.some(({ type }) => type === "run-finished")) {
    return;
  }
  const isBegun = entries.length > 0;
  const run = isBegun ? application.resumeRun() : application.runDirective(goal);
  await follow(run);
}

const changing = new Set([
  ...["runId", "run_id", "id", "issuedAt", "timestamp", "createdAt", "updatedAt", "created_at"],
  ...["updated_at", "models", "cost", "signature", "durationMs", "usage", "slowestCallMs", "at"],
]);

/** What must come out the same however often a run was cut off: no ids, no times. */
async function lastingFacts(place: Place): Promise<unknown> {
  const skills = join(place.root, "skills");
  const files: Record<string, unknown> = {};
  for (const name of (await readdir(skills)).toSorted()) {
    const text = await readFile(join(skills, name), "utf8");
    files[name] = name.endsWith(".json") ? JSON.parse(text) : text;
  }
  // Its version counts the writes, of which a resumed run makes more.
  const { version, ...memory } = JSON.parse(
    await readFile(join(place.root, "memory.json"), "utf8"),
  );
  expect(version).toBeGreaterThan(0);
  const entries = await journalOf(place);
  const steps = entries.flatMap((entry) =>
    entry.type === "step-recorded" && ["verdict", "safety", "vet-cases"].includes(entry.step)
      ? [entry]
      : [],
  );
  const status = entries.flatMap((entry) => (entry.type === "run-finished" ? [entry.status] : []));
  const facts = { files, memory, steps, status, calls: callsOf(entries) };
  return JSON.parse(
    JSON.stringify(facts, (key, value) => (changing.has(key) ? undefined : value)).replaceAll(
      place.root,
      "",
    ),
  );
}

interface KillPoint {
  readonly step: number;
  readonly half: boolean;
}

/** Every step, and every write also in its middle. */
async function killPoints(kind: RunKind): Promise<KillPoint[]> {
  if (!walksAll) {
    return [{ step: quickSteps[kind], half: true }];
  }
  const counted = await newPlace(kind);
  await runChild(counted, 0, false);
  return (await stepsOf(counted)).flatMap((name, index): KillPoint[] => [
    { step: index + 1, half: false },
    ...(name === "handle.write" ? [{ step: index + 1, half: true }] : []),
  ]);
}

describe("a run that kills itself at a step", () => {
  it.each(runKinds)(
    "ends as an unbroken one, and asks for no answer twice, wherever it stood: %s",
    async (kind) => {
      const unbroken = await newPlace(kind);
      const calls = await finish(unbroken);
      const facts = await lastingFacts(unbroken);
      for (const { step, half } of await killPoints(kind)) {
        const place = await newPlace(kind);
        await runChild(place, step, half);
        const answered = callsOf(await journalOf(place));
        const asked = await finish(place);
        expect({ step, half, calls: [...answered, ...asked] }).toEqual({ step, half, calls });
        expect(await lastingFacts(place)).toEqual(facts);
        await rm(join(place.root, ".."), { recursive: true, force: true });
      }
    },
    7_200_000,
  );
});
