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
/** A step of each kind, late and early. */
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

/** Runs the goal in a process of its own that kills itself in the middle of a step; 0 lets it end. */
async function runChild(place: Place, killAt: number, ...copies: string[]): Promise<void> {
  const told = [place.root, place.kind, String(killAt), "half", goal, ...copies];
  const args = ["--no-warnings", child, ...told];
  const env = { ...process.env, NODE_COMPILE_CACHE: join(folder, "compiled") };
  const running = spawn(process.execPath, args, { stdio: ["ignore", "inherit", "inherit"], env });
  const [code, signal] = await once(running, "exit");
  expect({ killAt, code, signal }).toEqual(
    killAt === 0 ? { killAt, code: 0, signal: null } : { killAt, code: null, signal: "SIGKILL" },
  );
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

/** What every run of a kind comes to, and the calls it makes. */
async function unbroken(kind: RunKind): Promise<{ calls: string[]; facts: unknown }> {
  const place = await newPlace(kind);
  const calls = await finish(place);
  return { calls, facts: await lastingFacts(place) };
}

type Unbroken = Awaited<ReturnType<typeof unbroken>>;

/** Ends what was cut off there, holds it against an unbroken run, and removes it. */
async function expectSameEnd(place: Place, { calls, facts }: Unbroken, at: string): Promise<void> {
  const answered = callsOf(await journalOf(place));
  const asked = await finish(place);
  expect({ at, calls: [...answered, ...asked] }).toEqual({ at, calls });
  expect({ at, facts: await lastingFacts(place) }).toEqual({ at, facts });
  await rm(join(place.root, ".."), { recursive: true, force: true });
}

describe("a run that kills itself at a step", () => {
  it.each(runKinds)(
    "ends as an unbroken one, and asks for no answer twice, wherever it stood: %s",
    async (kind) => {
      const whole = await unbroken(kind);
      const place = await newPlace(kind);
      await runChild(place, quickSteps[kind]);
      await expectSameEnd(place, whole, `killed at ${quickSteps[kind]}`);
    },
  );

  // Every step, and every write also in its middle; where each leaves the disk, without the kill itself.
  it.each(runKinds.slice(0, testSize(1, runKinds.length)))(
    "ends as an unbroken one from what each step leaves on disk: %s",
    async (kind) => {
      const whole = await unbroken(kind);
      const copies = join(folder, `${kind}-copies`);
      await runChild(await newPlace(kind), 0, copies);
      const points = (await readdir(copies)).toSorted((a, b) => parseInt(a, 10) - parseInt(b, 10));
      const every = testSize(40, 1);
      for (const point of points.filter((_, index) => index % every === 0)) {
        const place = { root: join(copies, point, "workspace"), kind };
        await expectSameEnd(place, whole, point);
      }
    },
    7_200_000,
  );
});
