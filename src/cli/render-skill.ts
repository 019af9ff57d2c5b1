import type { Application } from "../application/application.ts";
import { describeUnanswered } from "../application/describe-unanswered.ts";
import { formatMoney } from "./format.ts";
import { count } from "./run-memory.ts";
import { safeLine, safeText, shorten } from "./safe-text.ts";
import { type Line, type Screen, type Verbatim, verbatim } from "./screen.ts";

type Skill = Awaited<ReturnType<Application["showSkill"]>>;
type Certificate = NonNullable<Skill["certificate"]>;
type Mutant = NonNullable<NonNullable<Certificate["evidence"]>["mutation"]>["survived"][number];

/** Of each kind; a certificate may hold two hundred. */
const mostMutants = 10;

/** Returns what a person wants to know of a skill: facts first, then its code. */
export function renderSkill(skill: Skill, style: Screen["style"]): Line[] {
  return [
    `${style("bold", safeLine(skill.name))} (${skill.status}, ${skill.language})`,
    `  Goal: ${shorten(safeLine(skill.goal), 300)}`,
    ...(skill.description === skill.goal
      ? []
      : [`  ${shorten(safeLine(skill.description), 1_000)}`]),
    `  File: ${safeLine(skill.path)}`,
    ...renderProof(skill, style),
    "",
    renderCode(skill.source),
  ];
}

export function renderCode(source: string): Verbatim {
  return verbatim(safeText(source.trimEnd()));
}

function renderProof({ certificate, problem }: Skill, style: Screen["style"]): string[] {
  if (certificate === undefined) {
    const why = problem === undefined ? "no certificate matches its bytes" : safeLine(problem);
    return [`  Not proven: ${why}.`];
  }
  const { contract, proofs, strength } = certificate;
  const parameters = contract.parameters.map(({ name }) => safeLine(name)).join(", ");
  const lines = [
    `  Contract: ${safeLine(contract.entry)}(${parameters})`,
    ...contract.errors.map(
      ({ type, when }) => `    raises ${safeLine(type)}: ${shorten(safeLine(when), 200)}`,
    ),
    ...proofs.map(
      (proof) =>
        `  ${strength === "proven strictly" ? "Proven strictly" : "Proven"} to its contract on ${safeLine(proof.runtime)}: ${count(proof.openPassed, "open case")} and ${count(proof.sealedPassed, "sealed case")}${yours(proof.examplesPassed)}`,
    ),
    ...renderEvidence(certificate),
    ...renderStepsOff(certificate),
    renderOrigin(certificate),
    ...renderCost(certificate),
  ];
  if (certificate.recordingLabel !== undefined) {
    const label = `  📼 Recorded answers: ${safeLine(certificate.recordingLabel)}`;
    lines.push(style("yellow", label));
  }
  return lines;
}

/** What tested the suite itself; nothing where no such step ran. */
function renderEvidence({ evidence }: Certificate): string[] {
  if (evidence === undefined) {
    return [];
  }
  const { stubs, flakiness, mutation, agreement } = evidence;
  const failing = stubs.filter(({ failedCases }) => failedCases > 0).length;
  const found = [
    ...(stubs.length === 0 ? [] : [`${failing} of ${count(stubs.length, "stub")} fail it`]),
    ...(flakiness.runs < 2 ? [] : [`the same verdicts in ${flakiness.runs} runs`]),
    ...(mutation === undefined
      ? []
      : [
          `${mutation.killed} of ${count(mutation.killed + mutation.survived.length, "mutant")} noticed`,
          ...(mutation.unknown.length === 0 ? [] : [`${mutation.unknown.length} unknown`]),
        ]),
    ...(agreement === undefined ? [] : [`${count(agreement.programs, "program")} compared`]),
  ];
  const tested = found.length === 0 ? [] : [`  Its suite was tested: ${found.join(", ")}`];
  const { unanswered } = mutation ?? {};
  return [
    ...tested,
    ...(unanswered === undefined ? [] : [`    • ${safeLine(describeUnanswered(unanswered))}`]),
    ...listMutants(mutation?.survived ?? [], "no case notices"),
    ...listMutants(mutation?.unknown ?? [], "nothing that was tried tells it from the code"),
  ];
}

function listMutants(mutants: readonly Mutant[], what: string): string[] {
  const shown = mutants.slice(0, mostMutants).map(({ line, before, after }) => {
    const change = `${oneLine(after) || "nothing"} in place of ${oneLine(before)}`;
    return `    • line ${line} with ${change}: ${what}`;
  });
  const hidden = mutants.length - shown.length;
  return hidden > 0 ? [...shown, `    • and ${hidden} more; --json shows all`] : shown;
}

function oneLine(text: string): string {
  return shorten(safeLine(text.replace(/\s+/g, " ").trim()), 120);
}

function renderStepsOff({ stepsOff }: Certificate): string[] {
  return stepsOff.length === 0 ? [] : [`  Left out: ${stepsOff.map(safeLine).join(", ")}`];
}

/** How the skill came to be, and whose word that is. */
function renderOrigin(certificate: Certificate): string {
  const { attempts, analysis, models, issuedAt, runId, origin } = certificate;
  const way =
    runId === undefined
      ? "with code and cases that were given"
      : `after ${count(attempts, "attempt")}, run ${safeLine(runId)}, model ${models.map(safeLine).join(", ")}, analysis ${analysis}`;
  if (origin === undefined) {
    return `  Admitted ${safeLine(issuedAt)}${runId === undefined ? "," : ""} ${way}`;
  }
  const teller =
    origin.claimedBy === null
      ? "a certificate that nobody signed"
      : `the certificate of another installation (key ${shorten(safeLine(origin.claimedBy), 24)})`;
  return `  Proven again here ${safeLine(issuedAt)}. How it came to be is the word of ${teller}: ${way}`;
}

/** Nothing where no model was asked. */
function renderCost({ cost, modelSwitches = [] }: NonNullable<Skill["certificate"]>): string[] {
  const { modelCalls, requests = modelCalls, promptTokens, outputTokens, money } = cost;
  if (modelCalls === 0) {
    return [];
  }
  // More than calls where a model was down.
  const sent = requests === modelCalls ? "" : ` (${count(requests, "request")})`;
  const price = money === undefined || money === 0 ? "" : `, ${formatMoney(money)}`;
  const spent = `  Cost: ${count(modelCalls, "model call")}${sent}, ${promptTokens} + ${outputTokens} tokens${price}`;
  const switched = modelSwitches.map(
    ({ role, from, to, why }) =>
      `  Model switched: ${safeLine(from)} → ${safeLine(to)} (${why}), ${role}`,
  );
  return [spent, ...switched];
}

function yours(examples: number): string {
  return examples === 0 ? "" : `, ${examples} of them yours`;
}
