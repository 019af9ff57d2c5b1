import { isDeepStrictEqual } from "node:util";
import { aborted } from "./aborted.ts";
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
 * Attacks the sandbox from inside and reports what held. Whatever keeps a probe from being made counts
 * as not held. It proves these attacks only, not that no other exists.
 *
 * @throws {AgentError} ABORTED on abort, and only then: nothing was found out.
 */
export async function selfTest(sandbox: Sandbox, signal?: AbortSignal): Promise<SelfTestReport> {
  const { backend, runtime } = sandbox;
  const findings: ProbeFinding[] = [];
  let world: SelfTestWorld | undefined;
  try {
    world = await createSelfTestWorld();
    await runProbes(sandbox, world, findings, signal);
    const damage = await world.damage();
    findings.push({
      name: "world",
      kind: "control",
      held: damage === undefined,
      detail: damage ?? "nothing came out",
    });
  } catch (error) {
    if (signal?.aborted === true) {
      throw aborted(signal);
    }
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
  signal: AbortSignal | undefined,
): Promise<void> {
  let subject: Subject | undefined;
  try {
    for (const probe of probes[sandbox.language]) {
      subject ??= await startAlive(sandbox, findings, signal);
      const outcome = await subject.call({ args: [probe.name, world.path, world.port] }, signal);
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
async function startAlive(
  sandbox: Sandbox,
  findings: ProbeFinding[],
  signal: AbortSignal | undefined,
): Promise<Subject> {
  const started = await sandbox.start(probeProgram(sandbox.language), limits, signal);
  if (started.kind !== "started") {
    throw new Error(`the control did not start: ${describe(started)}`);
  }
  const outcome = await started.subject.call({ args: ["control", 2, 3] }, signal);
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
