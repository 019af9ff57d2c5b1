import { safeText } from "../../src/cli/safe-text.ts";
import { defaultLimits } from "../../src/sandbox/limits.ts";
import type { CallOutcome, ExecutionLimits, Sandbox } from "../../src/sandbox/sandbox.ts";
import type { HostileProgram } from "./hostile-program.ts";
import type { WatchedWorld } from "./hostile-world.ts";

const mebibyte = 1024 ** 2;
/** Between two looks of the watch on memory, and what the measuring itself misses. */
const memorySlackBytes = 512 * mebibyte;
/** Killing, and a busy machine. */
const timeSlackMs = 20_000;
/** An attack on the disk wants more than this. */
const maxDiskLossBytes = 1024 ** 3;
/** Others use the disk too: only a program that takes as much every time took it. */
const diskLookCount = 3;
/** What a terminal obeys or shows in another order: control characters, marks of direction. */
const terminalControls = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** Limits of one hostile run: what is meant to exhaust them gets little. */
export function hostileLimits({ exhausts }: HostileProgram): ExecutionLimits {
  const timeoutMs = exhausts === "cpu" ? 2_000 : 20_000;
  return { ...defaultLimits, timeoutMs, maxMemoryBytes: 640 * mebibyte };
}

export interface HostileFinding {
  /** Whether it got to the point where it reaches out; one that did not has proved nothing. */
  readonly attacked: boolean;
  /** The last run's. */
  readonly outcome: CallOutcome;
  /** What was reached, in words. */
  readonly damage: string | undefined;
}

/** Runs one program in a fresh process, twice where it says so, and looks at the world afterwards. */
export async function runHostile(
  sandbox: Sandbox,
  program: HostileProgram,
  world: WatchedWorld,
): Promise<HostileFinding> {
  let finding = await runAndLook(sandbox, program, world);
  for (let look = 1; finding.damage === undefined; look += 1) {
    const lostBytes = await world.lostDiskBytes();
    if (lostBytes <= maxDiskLossBytes) {
      return finding;
    }
    if (look === diskLookCount) {
      return { ...finding, damage: `${lostBytes} bytes of the disk were used` };
    }
    finding = await runAndLook(sandbox, program, world);
  }
  return finding;
}

async function runAndLook(
  sandbox: Sandbox,
  program: HostileProgram,
  world: WatchedWorld,
): Promise<HostileFinding> {
  const limits = hostileLimits(program);
  const outcomes = [await runOnce(sandbox, program, world, limits)];
  if (program.twice === true) {
    outcomes.push(await runOnce(sandbox, program, world, limits));
  }
  return await findingOf(program, outcomes, world, limits);
}

/** Judges what runs left, inside a sandbox or, for the control, without one. */
export async function findingOf(
  program: HostileProgram,
  outcomes: readonly [CallOutcome, ...CallOutcome[]] | CallOutcome[],
  world: WatchedWorld,
  limits: ExecutionLimits,
): Promise<HostileFinding> {
  const [first, second] = outcomes;
  if (first === undefined) {
    throw new Error(`Judging ${program.name}: no run is there, one is wanted; run it.`);
  }
  const outcome = second ?? first;
  const damage =
    (await world.damage(outcomes.map(textOf).join("\n"))) ??
    survival(program, second) ??
    excess(program, outcome, limits) ??
    terminal(program, outcome);
  return {
    attacked: outcomes.every((each) => saidBy(program, each).includes("attacking")),
    outcome,
    damage,
  };
}

/** In one line, for a table or a failed test. */
export function describeOutcome(outcome: CallOutcome): string {
  switch (outcome.kind) {
    case "returned":
      return `returned ${JSON.stringify(outcome.value).slice(0, 120)}`;
    case "raised":
      return `raised ${outcome.errorType}: ${outcome.message.slice(0, 120)}`;
    case "died":
      return `${outcome.reason}: ${outcome.detail.slice(0, 120)}`;
  }
}

async function runOnce(
  sandbox: Sandbox,
  { language, source, isWhole }: HostileProgram,
  world: WatchedWorld,
  limits: ExecutionLimits,
): Promise<CallOutcome> {
  const fileName = language === "python" ? "skill.py" : "skill.ts";
  if (isWhole === true) {
    return await runWhole(sandbox, `${source}\nawait f(${JSON.stringify(world.facts)});`, limits);
  }
  const started = await sandbox.start({ language, source, entry: "f", fileName }, limits);
  if (started.kind !== "started") {
    return started;
  }
  try {
    const outcome = await started.subject.call({ args: [{ ...world.facts }], collectFiles: true });
    await world.observe();
    return outcome;
  } finally {
    await started.subject.close();
  }
}

/** One that ran to its end has returned nothing. */
async function runWhole(
  sandbox: Sandbox,
  source: string,
  limits: ExecutionLimits,
): Promise<CallOutcome> {
  const { language } = sandbox;
  const started = await sandbox.start({ language, source, fileName: "skill.ts" }, limits);
  if (started.kind !== "started") {
    return started;
  }
  await started.subject.close();
  return { printed: "", durationMs: 0, ...started.loading, kind: "returned", value: null };
}

/** Everything that came out, files and their content included. */
function textOf(outcome: CallOutcome): string {
  if (outcome.kind === "died") {
    return [outcome.printed, outcome.detail].join("\n");
  }
  const files = (outcome.files ?? []).map(
    ({ path, contentBase64 }) => `${path}\n${Buffer.from(contentBase64, "base64").toString()}`,
  );
  const said =
    outcome.kind === "returned"
      ? [JSON.stringify(outcome.value)]
      : [outcome.errorType, outcome.message, outcome.trace];
  return [outcome.printed, ...said, ...files].join("\n");
}

/** Where a program says that it attacks. */
function saidBy({ isSilent }: HostileProgram, outcome: CallOutcome): string {
  return isSilent === true && outcome.kind === "returned"
    ? JSON.stringify(outcome.value)
    : outcome.printed;
}

function survival({ twice }: HostileProgram, second: CallOutcome | undefined): string | undefined {
  return twice === true && second !== undefined && textOf(second).includes("survived")
    ? "something of the first run was there in the second"
    : undefined;
}

/** A run must end within its limits, and one that takes without end must be ended, or refused. */
function excess(
  { exhausts }: HostileProgram,
  outcome: CallOutcome,
  limits: ExecutionLimits,
): string | undefined {
  if (outcome.durationMs > limits.timeoutMs + timeSlackMs) {
    return `it ran for ${Math.round(outcome.durationMs)} ms`;
  }
  const peakBytes = outcome.usage?.peakMemoryBytes ?? 0;
  if (peakBytes > limits.maxMemoryBytes + memorySlackBytes) {
    return `it held ${peakBytes} bytes of memory`;
  }
  // Printed text may be cut anywhere, but never counts more than a limit and what marks the cut.
  if (Buffer.byteLength(outcome.printed) > limits.maxOutputBytes + 1024) {
    return "it printed more than its limit";
  }
  return exhausts !== undefined && outcome.kind === "returned"
    ? `it took all it wanted of ${exhausts}`
    : undefined;
}

/** What the command line would show of it holds nothing that a terminal obeys. */
function terminal({ topic }: HostileProgram, outcome: CallOutcome): string | undefined {
  return topic === "terminal" &&
    terminalControls.test(safeText(textOf(outcome)).replaceAll(/[\n\t]/g, ""))
    ? "a terminal would obey what is shown"
    : undefined;
}
