import type { SafetyReport } from "../safety/safety.ts";
import { AgentError } from "../shared/errors.ts";
import type { Lock } from "../shared/lock.ts";
import type { Skill } from "../skills/library.ts";
import { certify } from "../verify/certify.ts";
import type { Contract } from "../verify/contract.ts";
import { contractSignature } from "../verify/contract-signature.ts";
import type { DraftCase } from "../verify/draft-case.ts";
import { splitSuite } from "../verify/split-suite.ts";
import type { Case, Suite } from "../verify/suite.ts";
import { callKey, expectationKey } from "../verify/suite-reader.ts";
import { vetProperties } from "../verify/vet-properties.ts";
import type { AddOptions, AddResult, GivenSkill, ProofCheck } from "./application.ts";
import { claimSkill } from "./claim-skill.ts";
import { executionLimits, proofPolicy } from "./execution-limits.ts";
import { adviceOn, missingProof } from "./missing-evidence.ts";
import type { Parts } from "./parts.ts";
import { readGivenSkill } from "./read-given-skill.ts";
import { type Reproof, reprove } from "./reprove.ts";

/** Together with the contract they have to fit into a certificate's file. */
const maxSuiteBytes = 12 * 1024 * 1024;

/** Puts code that was given with its cases through the gate; see `Application.addSkill`. */
export async function addSkill(
  parts: Parts,
  given: GivenSkill,
  options: AddOptions,
): Promise<AddResult> {
  await parts.workspace();
  const { name, goal, existing } = await identity(parts, given);
  // Before minutes of proof; once more when it is written, since meanwhile somebody else may write.
  if (!isOnDisk(given, existing)) {
    await (await parts.skills()).refuseTaken(goal, given.language, name);
  }
  const checks: ProofCheck[] = [];
  const tell = (check: ProofCheck) => {
    checks.push(check);
    options.onCheck?.(check);
  };
  const empty = { skill: name, cases: 0, checks, missing: [], advice: [], stepsOff: [] };
  const report = await (await parts.safety()).read(given.language, given.source, []);
  if (!report.accepted || report.facts.kind !== "read") {
    tell({ part: "safety", state: "fails", detail: refusal(report) });
    return { ...empty, status: "refused" };
  }
  const { maxMessageBytes } = parts.config;
  const { contract, cases } = readGivenSkill(
    given,
    name,
    goal,
    report.facts.value,
    maxMessageBytes,
  );
  const suite = await suiteOf(parts, contract, cases, options.signal);
  if (isOnDisk(given, existing)) {
    refuseWeaker(name, existing, !holdsAll(suite, existing?.certificate?.suite));
  }
  options.onRead?.({
    contract: JSON.parse(JSON.stringify(contract)),
    signature: contractSignature(contract),
    cases: suite.cases.length,
  });
  const startedMs = parts.clock.monotonicMs();
  const reproof = await reprove(
    parts,
    { contract, suite, source: given.source, signal: options.signal },
    tell,
  );
  const found = {
    ...{ ...empty, cases: suite.cases.length, advice: adviceOn(suite, contract) },
    stepsOff: reproof.evidence?.stepsOff ?? [],
  };
  if (reproof.verdicts.length === 0 || reproof.verdicts.some(({ passed }) => !passed)) {
    return { ...found, status: "failed" };
  }
  const durationMs = Math.round(parts.clock.monotonicMs() - startedMs);
  const missing = missingProof(suite, reproof.evidence);
  const proven = { given, goal, contract, suite, reproof, missing, durationMs };
  return { ...found, ...(await store(parts, proven, options)), missing };
}

/** The goal that the name has already wins over one that was made up. */
async function identity(
  parts: Parts,
  given: GivenSkill,
): Promise<{ readonly name: string; readonly goal: string; readonly existing: Skill | undefined }> {
  const { name } = given;
  const existing = (await (await parts.skills()).list()).find((one) => one.name === name);
  const own = existing?.goal === "" ? undefined : existing?.goal;
  return { name, goal: given.goal?.trim() || own || name.replaceAll("_", " "), existing };
}

/** Whether this very code lies there already: then only its proof is made anew. */
function isOnDisk({ source, language }: GivenSkill, existing: Skill | undefined): boolean {
  return existing?.source === source && existing.language === language;
}

function refuseWeaker(name: string, existing: Skill | undefined, isWeaker: boolean): void {
  if (existing?.status === "working" && isWeaker) {
    throw usage(
      name,
      "it is proven by a stronger suite already, and these cases would prove less",
      "give more, or leave it as it is",
    );
  }
}

function refusal({ findings }: SafetyReport): string {
  const messages = findings.slice(0, 3).map(({ message }) => message);
  return `${messages.join("; ") || "its source cannot be read"}; nothing was run`;
}

/** All open: whoever gave them knows them, and they are law. */
async function suiteOf(
  parts: Parts,
  contract: Contract,
  cases: readonly DraftCase[],
  signal: AbortSignal | undefined,
): Promise<Suite> {
  const { entry, name } = contract;
  const vetted = await vetProperties(cases, {
    checker: await parts.referenceSandbox(contract.language),
    limits: executionLimits(parts.config),
    contract,
    ...(signal === undefined ? {} : { signal }),
  });
  const [dropped] = vetted.dropped;
  if (dropped !== undefined) {
    throw usage(name, `${dropped.text}: ${dropped.reason}`, "mend the case");
  }
  const { suite } = splitSuite([], cases, { sealedShare: 0, seed: 0, entry });
  const bytes = Buffer.byteLength(JSON.stringify(suite, undefined, 2));
  if (bytes > maxSuiteBytes) {
    throw usage(name, `the cases take ${bytes} bytes, at most ${maxSuiteBytes}`, "give fewer");
  }
  return suite;
}

interface ProvenSkill {
  readonly given: GivenSkill;
  readonly goal: string;
  readonly contract: Contract;
  readonly suite: Suite;
  readonly reproof: Reproof;
  readonly missing: readonly string[];
  readonly durationMs: number;
}

/** Writes the skill, then its certificate. */
async function store(
  parts: Parts,
  { given, goal, contract, suite, reproof, missing, durationMs }: ProvenSkill,
  options: AddOptions,
): Promise<Pick<AddResult, "status" | "path" | "certificate">> {
  const { name, language } = contract;
  const { source } = given;
  const skills = await parts.skills();
  const claim = await claimName(parts, name, options.signal);
  try {
    const at = parts.clock.now();
    const existing = (await skills.list()).find((one) => one.name === name);
    const isWeaker = missing.length > 0 || !holdsAll(suite, existing?.certificate?.suite);
    if (isOnDisk(given, existing)) {
      refuseWeaker(name, existing, isWeaker);
    } else {
      await skills.nameFor(goal, language, name);
      const { description } = contract;
      await skills.write({ name, language, goal, description, source }, at);
    }
    const certificate = await skills.admit(
      certify({
        ...{ goal, contract, suite, source, missing },
        verdicts: reproof.verdicts,
        policy: proofPolicy(parts.config),
        ...(reproof.evidence === undefined ? {} : { evidence: reproof.evidence }),
        ...{ analysis: "off", models: [], attempts: 0 },
        cost: { modelCalls: 0, promptTokens: 0, outputTokens: 0, durationMs },
        issuedAt: at.toISOString(),
      }),
      at,
    );
    const { path, status } = await skills.get(name);
    return { path, certificate, status: statusOf(status) };
  } finally {
    claim.release();
  }
}

/** Whether the new suite says everything that the old one said; what it lacked would be lost. */
function holdsAll(suite: Suite, old: Suite | undefined): boolean {
  const keyOf = (one: Case) => `${callKey(one)} ${expectationKey(one)}`;
  const held = new Set(suite.cases.map(keyOf));
  return (old?.cases ?? []).every((one) => held.has(keyOf(one)));
}

function statusOf(status: Skill["status"]): AddResult["status"] {
  return status === "working" ? "working" : "untested";
}

/** Waits for a run that works on this name. */
async function claimName(
  parts: Parts,
  name: string,
  signal: AbortSignal | undefined,
): Promise<Lock> {
  for (;;) {
    const claim = await claimSkill(parts, name, signal, () => {});
    if (claim !== undefined) {
      return claim;
    }
  }
}

function usage(name: string, problem: string, remedy: string): AgentError {
  return new AgentError("USAGE", `Adding ${name}: ${problem}; ${remedy}.`, { blame: "caller" });
}
