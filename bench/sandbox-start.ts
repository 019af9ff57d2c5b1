import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { defaultLimits } from "../src/sandbox/limits.ts";
import { openSandbox } from "../src/sandbox/open-sandbox.ts";
import type { Program, Sandbox, TaggedValue } from "../src/sandbox/sandbox.ts";
import type { Language } from "../src/shared/json.ts";
import { median, rounded } from "./statistics.ts";

const run = promisify(execFile);

export interface SandboxStartFigures {
  readonly rounds: number;
  /** Median of a bare `python3 -c` of the same skill and test, no sandbox; null without Python. */
  readonly barePythonMs: number | null;
  readonly python: LanguageFigures;
  readonly typescript: LanguageFigures;
}

export interface LanguageFigures {
  readonly backend: string;
  /** Median of loading the skill into a ready process and making its three calls. */
  readonly warmMs: number;
  /** The same with nothing ready: the process is started first. */
  readonly coldMs: number;
  /** Median of ending the process and waiting until it is gone. */
  readonly closeMs: number;
  readonly warmOfBarePython: number | null;
  readonly coldOfBarePython: number | null;
}

const pythonSource = `import json

def validate(text):
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
`;

const skills: Readonly<Record<Language, Program>> = {
  python: { language: "python", source: pythonSource, entry: "validate", fileName: "validate.py" },
  typescript: {
    language: "typescript",
    source:
      "function validate(text) { try { JSON.parse(text); return true; } catch { return false; } }",
    entry: "validate",
    fileName: "validate.ts",
  },
};
const cases: readonly (readonly [TaggedValue, boolean])[] = [
  ["{}", true],
  ["[1, 2", false],
  ['{"a": [null]}', true],
];
const bareScript = `${pythonSource}
for text, expected in ${JSON.stringify(cases).replaceAll("true]", "True]").replaceAll("false]", "False]")}:
    assert validate(text) is expected
`;

/** Measures one small skill with its test in each sandbox and, interleaved, without any. */
export async function measureSandboxStart(rounds = 12): Promise<SandboxStartFigures> {
  const interpreter = await findPython();
  const bare: number[] = [];
  const samples = { python: newSamples(), typescript: newSamples() };
  const backends = { python: "", typescript: "" };
  for (const language of ["python", "typescript"] as const) {
    const warm = openSandbox(language);
    const cold = openSandbox(language);
    backends[language] = warm.backend;
    await warm.warm();
    // The first of each fills caches of the disk and proves the sandbox; it is not counted.
    await measureOnce(cold, newSamples().cold, []);
    for (let round = 0; round < rounds; round += 1) {
      if (interpreter !== undefined) {
        bare.push(await timed(() => run(interpreter, ["-c", bareScript])));
      }
      await measureOnce(cold, samples[language].cold, []);
      await warm.warm();
      await measureOnce(warm, samples[language].warm, samples[language].close);
    }
    await Promise.all([warm.close(), cold.close()]);
  }
  const barePythonMs = interpreter === undefined ? null : median(bare);
  const figures = (language: Language): LanguageFigures => {
    const { warm, cold, close } = samples[language];
    const [warmMs, coldMs, closeMs] = [median(warm), median(cold), median(close)];
    return {
      backend: backends[language],
      warmMs,
      coldMs,
      closeMs,
      warmOfBarePython: barePythonMs === null ? null : rounded(warmMs / barePythonMs),
      coldOfBarePython: barePythonMs === null ? null : rounded(coldMs / barePythonMs),
    };
  };
  return { rounds, barePythonMs, python: figures("python"), typescript: figures("typescript") };
}

interface Samples {
  readonly warm: number[];
  readonly cold: number[];
  readonly close: number[];
}

function newSamples(): Samples {
  return { warm: [], cold: [], close: [] };
}

async function measureOnce(sandbox: Sandbox, runs: number[], closes: number[]): Promise<void> {
  const startMs = performance.now();
  const started = await sandbox.start(skills[sandbox.language], defaultLimits);
  if (started.kind !== "started") {
    throw new Error(`the skill did not load: ${JSON.stringify(started)}`);
  }
  for (const [text, expected] of cases) {
    const outcome = await started.subject.call({ args: [text] });
    if (outcome.kind !== "returned" || outcome.value !== expected) {
      throw new Error(`the skill answered ${JSON.stringify(outcome)}`);
    }
  }
  runs.push(performance.now() - startMs);
  closes.push(await timed(() => started.subject.close()));
}

/** Past a version manager's shell script, which would make the peer slower than it is. */
export async function findPython(): Promise<string | undefined> {
  try {
    const { stdout } = await run("python3", ["-c", "import sys; print(sys.executable)"]);
    return stdout.trim();
  } catch {
    return undefined;
  }
}

async function timed(action: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await action();
  return performance.now() - startMs;
}

function lines(figures: SandboxStartFigures): string[] {
  const { barePythonMs, rounds } = figures;
  const line = (name: string, { warmMs, coldMs, closeMs, ...of }: LanguageFigures): string =>
    `${name}: warm ${warmMs} ms (${of.warmOfBarePython ?? "?"} of bare), ` +
    `cold ${coldMs} ms (${of.coldOfBarePython ?? "?"} of bare), end ${closeMs} ms`;
  return [
    `one small skill with its test, medians of ${rounds} interleaved rounds`,
    `bare python3, no sandbox: ${barePythonMs ?? "not installed"} ms`,
    line("Python (Pyodide in Deno)", figures.python),
    line("TypeScript (Deno)", figures.typescript),
  ];
}

if (import.meta.main) {
  const figures = await measureSandboxStart();
  const text = process.argv.includes("--json")
    ? JSON.stringify(figures)
    : lines(figures).join("\n");
  process.stdout.write(`${text}\n`);
}
