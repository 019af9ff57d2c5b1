import { digestBytes } from "../shared/digest.ts";
import type { JsonValue } from "../shared/json.ts";
import type { Contract } from "../verify/contract.ts";
import { describeCase } from "../verify/describe-case.ts";
import type { Suite } from "../verify/suite.ts";
import { askForCode, type Reading } from "./ask.ts";
import type { Peer } from "./peers.ts";
import { candidatePrompt, candidateRetryPrompt, literalCandidatePrompt } from "./prompts.ts";
import type { Recalled } from "./recall.ts";
import type { Run } from "./run.ts";
import type { AttemptProblem, Candidate, LoopState } from "./state.ts";

export interface WrittenCandidate {
  readonly candidate: Candidate | null;
  readonly problem: AttemptProblem | null;
}

/** Contract and suite stand; only the code is missing. */
export type Planned = LoopState & { readonly contract: Contract; readonly suite: Suite };

/** Asks the coder for a program and reads it before anything else touches it. */
export async function writeCandidate(
  run: Run,
  state: Planned,
  attempt: number,
  recalled: Recalled,
): Promise<WrittenCandidate> {
  const reading = await askCoder(run, state, recalled);
  if (reading.kind === "unreadable") {
    return { candidate: null, problem: { kind: "unreadable-code", detail: reading.problem } };
  }
  const source = reading.value.endsWith("\n") ? reading.value : `${reading.value}\n`;
  const codeDigest = digestBytes(source);
  run.emit({
    type: "candidate-written",
    attempt,
    codeDigest,
    lines: source.split("\n").length - 1,
  });
  const safety = await readForSafety(run, state.contract, source);
  const candidate: Candidate = { source, codeDigest, treeDigest: safety.treeDigest };
  const earlier = state.tried.find((one) => one.treeDigest === candidate.treeDigest);
  if (earlier !== undefined) {
    return { candidate, problem: repeated(earlier.attempt) };
  }
  if (!safety.accepted) {
    const reasons = safety.findings.map((finding) => finding.message);
    const needsApproval = safety.findings.some((finding) => finding.tier === "approval");
    run.emit({ type: "candidate-refused", attempt, reasons, needsApproval });
    return { candidate, problem: { kind: "refused", detail: reasons.join("\n") } };
  }
  return { candidate, problem: null };
}

/** What a source in the contract's language may not do, and the digest of its tree. */
export function readForSafety(run: Run, { capabilities, language }: Contract, source: string) {
  return run.journal.step("safety", async () => {
    const report = await run.safety.read(language, source, capabilities);
    const { accepted, findings, facts } = report;
    const treeDigest = facts.kind === "read" ? facts.value.treeDigest : digestBytes(source);
    return { accepted, findings, treeDigest };
  });
}

/** A peer's program, in the language of the state's contract; undefined when it could not be read. */
export async function writePeerSource(
  run: Run,
  state: Planned,
  recalled: Recalled,
  peer: Peer,
): Promise<string | undefined> {
  const { contract } = state;
  const { entry, language } = contract;
  const { goal } = run.directive;
  const common = promptOptions(run, state, recalled);
  // What was proven here, and what failed, is in the skill's own language.
  const foreign = { ...common, relatedSkills: [], recalledFailures: [] };
  const prompts = {
    "other-model": (contextTokens: number) => candidatePrompt({ ...common, contextTokens }),
    "other-language": (contextTokens: number) => candidatePrompt({ ...foreign, contextTokens }),
    "other-prompt": (contextTokens: number) =>
      literalCandidatePrompt({ goal, contract, contextTokens }),
  };
  const model = peer.kind === "other-model" ? { model: peer.model } : {};
  const question = { role: "coder", prompt: prompts[peer.kind], language, ...model } as const;
  const reading = await askForCode(run, question, entry);
  return reading.kind === "read" ? reading.value : undefined;
}

function repeated(earlier: number): AttemptProblem {
  return {
    kind: "repeated",
    detail: `This is the same program as in attempt ${earlier}, which failed. Solve it in another way.`,
  };
}

function promptOptions(run: Run, { contract, suite }: Planned, recalled: Recalled) {
  return {
    goal: run.directive.goal,
    contract,
    openCases: suite.cases
      .filter((one) => !one.sealed)
      .map((one) => describeCase(one, contract.entry)),
    recalledFailures: recalled.failures.filter((text) => !mentionsSealed(text, suite)),
    relatedSkills: recalled.skills,
  };
}

function askCoder(run: Run, state: Planned, recalled: Recalled): Promise<Reading<string>> {
  const { contract } = state;
  const common = promptOptions(run, state, recalled);
  const prompt = (contextTokens: number) =>
    state.lessons.length === 0
      ? candidatePrompt({ ...common, contextTokens })
      : candidateRetryPrompt({
          ...common,
          contextTokens,
          previousCode: state.previousCode,
          feedback: state.feedback,
          lessons: state.lessons,
          repeated: state.problem?.kind === "repeated",
        });
  return askForCode(run, { role: "coder", prompt }, contract.entry);
}

/** Shorter texts (`true`, `[]`, `12`) stand in any failure and give nothing away. */
const tellingLength = 5;

/**
 * A failure of an earlier run quotes what an open case expected; the same case may be sealed in this
 * run. Such a failure is left out.
 */
function mentionsSealed(text: string, suite: Suite): boolean {
  return suite.cases
    .filter((one) => one.sealed)
    .flatMap((one) => (one.kind === "returns" ? [...one.args, one.expected] : one.args))
    .flatMap(leaves)
    .map((leaf) => JSON.stringify(leaf).replace(/^"|"$/g, ""))
    .some((leaf) => leaf.length >= tellingLength && text.includes(leaf.slice(0, 40)));
}

/** The strings and numbers inside a value. */
function leaves(value: JsonValue): JsonValue[] {
  return value !== null && typeof value === "object"
    ? Object.values(value).flatMap(leaves)
    : [value];
}
