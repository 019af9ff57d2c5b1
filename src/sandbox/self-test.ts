import { isDeepStrictEqual } from "node:util";
import { defaultLimits } from "./limits.ts";
import type { CallOutcome, Sandbox, Subject } from "./sandbox.ts";
import {
  attackMark,
  controlAnswer,
  type Probe,
  type ProbeKind,
  probeProgram,
  probes,
} from "./self-test-probes.ts";
import { createSelfTestWorld, type SelfTestWorld } from "./self-test-world.ts";

export interface ProbeFinding {
  readonly name: string;
  readonly kind: ProbeKind | "control";
  /** The attack was made and came to nothing; for the control: it was answered. */
  readonly held: boolean;
  readonly detail: string;
}

export interface SelfTestReport {
  readonly backend: string;
  readonly runtime: string;
  readonly passed: boolean;
  readonly findings: readonly ProbeFinding[];
}

const limits = { ...defaultLimits, timeoutMs: 10_000 };

/**
 * Attacks the sandbox from inside and reports what held. Never throws: whatever keeps a probe from
 * being made counts as not held. It proves these attacks only, not that no other exists.
 */
export async function selfTest(sandbox: Sandbox): Promise<SelfTestReport> {
  const { backend, runtime } = sandbox;
  const findings: ProbeFinding[] = [];
  let world: SelfTestWorld | undefined;
  try {
    world = await createSelfTestWorld();
    await runProbes(sandbox, world, findings);
    const damage = await world.damage();
    findings.push({
      name: "world",
      kind: "control",
      held: damage === undefined,
      detail: damage ?? "nothing came out",
    });
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    findings.push({ name: "self-test", kind: "control", held: false, detail });
  } finally {
    await world?.close();
  }
  const passed = findings.length > 0 && findings.every((finding) => finding.held);
  return { backend, runtime, passed, findings };
}

async function runProbes(
  sandbox: Sandbox,
  world: SelfTestWorld,
  findings: ProbeFinding[],
): Promise<void> {
  let subject: Subject | undefined;
  try {
    for (const probe of probes[sandbox.language]) {
      subject ??= await startAlive(sandbox, findings);
      const outcome = await subject.call({ args: [probe.name, world.path, world.port] });
      findings.push(findingOf(probe, outcome));
      if (outcome.kind === "died") {
        await subject.close();
        subject = undefined;
      }
    }
  } finally {
    await subject?.close();
  }
}

/** @throws {Error} when a harmless call is not answered: then no probe means anything. */
async function startAlive(sandbox: Sandbox, findings: ProbeFinding[]): Promise<Subject> {
  const started = await sandbox.start(probeProgram(sandbox.language), limits);
  if (started.kind !== "started") {
    throw new Error(`the control did not start: ${describe(started)}`);
  }
  const outcome = await started.subject.call({ args: ["control", 2, 3] });
  const isAlive =
    outcome.kind === "returned" && isDeepStrictEqual(outcome.value, { ...controlAnswer });
  const detail = describe(outcome);
  findings.push({ name: "control", kind: "control", held: isAlive, detail });
  if (!isAlive) {
    await started.subject.close();
    throw new Error(`the control was not answered: ${detail}`);
  }
  return started.subject;
}

function findingOf({ name, kind }: Probe, outcome: CallOutcome): ProbeFinding {
  const isAttacked = outcome.printed.includes(attackMark);
  // Anything but a refusal is suspicious: a probe that runs out of time was not refused.
  const isRefused =
    outcome.kind === "raised" ||
    (outcome.kind === "died" &&
      (outcome.reason === "crashed" || outcome.reason === "process-limit"));
  const detail = isAttacked ? describe(outcome) : `it never attacked: ${describe(outcome)}`;
  return { name, kind, held: isAttacked && isRefused, detail };
}

function describe(outcome: CallOutcome): string {
  switch (outcome.kind) {
    case "returned":
      return `returned ${JSON.stringify(outcome.value).slice(0, 200)}`;
    case "raised":
      return `${outcome.errorType}: ${outcome.message.slice(0, 200)}`;
    case "died":
      return `${outcome.reason}: ${outcome.detail}`;
  }
}
