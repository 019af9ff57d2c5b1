import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { type RecordingSource, readRecordingSource } from "../scripts/recordings-source.ts";
import { createScriptedModel } from "../scripts/scripted-model.ts";
import type { Application } from "../src/application/application.ts";
import { configSchema } from "../src/config/schema.ts";
import type { ChatModel } from "../src/model/chat-model.ts";
import type { Phase } from "../src/shared/events.ts";
import type { Language } from "../src/shared/json.ts";
import { packageRoot } from "../src/shared/package-root.ts";
import { openApplication } from "../src/wiring.ts";
import { findPython } from "./sandbox-peers.ts";
import { median, rounded } from "./statistics.ts";

const run = promisify(execFile);
const phases: readonly Phase[] = ["plan", "write", "test", "analyze"];

interface LoopFigures {
  readonly rounds: number;
  /** Median of starting `python3` and nothing else; null without Python. */
  readonly barePythonMs: number | null;
  /** Medians of one attempt's milliseconds outside the model, by phase. */
  readonly phases: Readonly<Record<Language, Readonly<Record<Phase, number>>>>;
  /** Median of making and trying the mutants, a part of `analyze`. */
  readonly mutantsMs: Readonly<Record<Language, number>>;
}

/**
 * Milliseconds of each phase without those in which the model was asked. The model takes a few
 * seconds for its code, as a fast one does, in which the sandbox gets its processes ready. The peer,
 * a bare `python3` start, is all that the guide's own program pays for a test: no sandbox, no judge.
 */
async function measureLoop(rounds: number): Promise<LoopFigures> {
  const python = await measurePhases("base64-encoder-python", rounds);
  const typescript = await measurePhases("json-validator-typescript", rounds);
  const bare = [...python.bare, ...typescript.bare];
  return {
    rounds,
    barePythonMs: bare.length === 0 ? null : median(bare),
    phases: { python: python.medians, typescript: typescript.medians },
    mutantsMs: { python: python.mutantsMs, typescript: typescript.mutantsMs },
  };
}

async function measurePhases(name: string, rounds: number) {
  const path = join(packageRoot(), "recordings", "source", `${name}.md`);
  const source = readRecordingSource(await readFile(path, "utf8"));
  const workspaceRoot = await mkdtemp(join(tmpdir(), "autodidact-bench-"));
  const application = await openApplication({
    config: configSchema.parse({ workspaceRoot, language: source.language }),
    chatModel: slowModel(source),
  });
  const samples: Record<Phase, number[]> = { plan: [], write: [], test: [], analyze: [] };
  const interpreter = await findPython();
  const bare: number[] = [];
  const mutantsMs: number[] = [];
  try {
    await measureRun(application, source, () => {});
    for (let round = 0; round < rounds; round += 1) {
      bare.push(...(await measureBarePython(interpreter)));
      const note = (phase: Phase, durationMs: number) => samples[phase].push(durationMs);
      mutantsMs.push(await measureRun(application, source, note));
    }
  } finally {
    await application.close();
    await rm(workspaceRoot, { recursive: true, force: true });
  }
  const medians = { plan: 0, write: 0, test: 0, analyze: 0 };
  for (const phase of phases) {
    medians[phase] = median(samples[phase]);
  }
  return { medians, bare, mutantsMs: median(mutantsMs) };
}

/** Returns the milliseconds that the mutants took. */
async function measureRun(
  application: Application,
  source: RecordingSource,
  onPhase: (phase: Phase, durationMs: number) => void,
): Promise<number> {
  const directive = application.runDirective(source.goal, { again: true });
  let askedMs = 0;
  let modelMs = 0;
  let repeatedMs = 0;
  let mutantsMs = 0;
  for await (const event of directive) {
    if (event.type === "model-called") {
      askedMs = performance.now();
    } else if (event.type === "model-answered") {
      modelMs += performance.now() - askedMs;
    } else if (event.type === "suite-repeated") {
      repeatedMs = performance.now();
    } else if (event.type === "mutants-tried") {
      mutantsMs = performance.now() - repeatedMs;
    } else if (event.type === "phase-finished") {
      onPhase(event.phase, event.durationMs - modelMs);
      modelMs = 0;
    }
  }
  const { status } = await directive.result;
  if (status !== "completed") {
    throw new Error(`the run ended ${status}`);
  }
  return mutantsMs;
}

/** Nothing where there is no Python. */
async function measureBarePython(interpreter: string | undefined): Promise<number[]> {
  if (interpreter === undefined) {
    return [];
  }
  const startMs = performance.now();
  await run(interpreter, ["-c", "pass"]);
  return [performance.now() - startMs];
}

function slowModel(source: RecordingSource): ChatModel {
  const scripted = createScriptedModel(source);
  return {
    ...scripted,
    chat: async (request, options) => {
      await setTimeout(request.role === "coder" ? 4_000 : 0);
      return scripted.chat(request, options);
    },
  };
}

function ratio(valueMs: number, bareMs: number | null): string {
  return bareMs === null ? "?" : String(rounded(valueMs / bareMs));
}

function lines(figures: LoopFigures): string[] {
  const { barePythonMs } = figures;
  const row = (language: Language) => {
    const cells = phases.map((phase) => `${phase} ${figures.phases[language][phase]}`);
    const mutants = `of analyze, mutants ${figures.mutantsMs[language]}`;
    return `${language}: ${cells.join(" · ")} (test: ${ratio(figures.phases[language].test, barePythonMs)} of a bare start; ${mutants})`;
  };
  return [
    `milliseconds of one attempt outside the model, medians of ${figures.rounds} rounds`,
    `bare python3 start: ${barePythonMs ?? "not installed"} ms`,
    row("python"),
    row("typescript"),
  ];
}

const figures = await measureLoop(12);
console.log(process.argv.includes("--json") ? JSON.stringify(figures) : lines(figures).join("\n"));
