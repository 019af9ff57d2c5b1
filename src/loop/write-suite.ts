import { digestJson } from "../shared/digest.ts";
import type { JsonValue } from "../shared/json.ts";
import { suiteFormat } from "../verify/answer-formats.ts";
import type { Contract } from "../verify/contract.ts";
import { summarizeCase } from "../verify/describe-case.ts";
import type { DraftCase } from "../verify/draft-case.ts";
import { readExample } from "../verify/example-reader.ts";
import { splitSuite } from "../verify/split-suite.ts";
import { type DroppedCase, minimumCases, type Suite } from "../verify/suite.ts";
import { readSuite } from "../verify/suite-reader.ts";
import { askForJson, type Reading } from "./ask.ts";
import { suitePrompt } from "./prompts.ts";
import type { Run } from "./run.ts";
import { withInputs } from "./with-inputs.ts";

interface ReadCases {
  readonly cases: readonly DraftCase[];
  readonly dropped: readonly DroppedCase[];
}

function acceptCases(value: JsonValue, contract: Contract): Reading<ReadCases> {
  const read = readSuite(value, contract);
  return read.cases.length >= minimumCases
    ? { kind: "read", value: read }
    : tooFew(read.cases.length, read.dropped);
}

function tooFew(count: number, dropped: readonly DroppedCase[]): Reading<never> {
  const reasons = dropped.slice(0, 5).map(({ text, reason }) => `${text}: ${reason}`);
  return {
    kind: "unreadable",
    problem: `only ${count} usable cases, at least ${minimumCases} are wanted. ${reasons.join("; ")}`,
  };
}

/**
 * Asks the tester for cases, in a conversation that holds goal and contract and never any code,
 * and decides which of them are sealed.
 *
 * @param weakness what a function does that passed the suite before this one and does no work
 */
export async function writeSuite(
  run: Run,
  contract: Contract,
  weakness = "",
): Promise<Reading<Suite>> {
  const { goal, examples, inputs } = run.directive;
  const exampleCases = examples.map((line) => readExample(line, contract, inputs));
  const prompt = (contextTokens: number) =>
    suitePrompt({
      goal,
      contract,
      caseCount: run.settings.suiteCases,
      examples,
      inputs: inputs.map((file) => file.path),
      weakness,
      contextTokens,
    });
  const reading = await askForJson(
    run,
    { role: "tester", prompt, format: suiteFormat(contract) },
    (value) => acceptCases(value, contract),
  );
  if (reading.kind === "unreadable") {
    return reading;
  }
  const written = reading.value.cases.map((one) => withInputs(one, inputs));
  const vetted = await run.journal.step("vet-cases", () =>
    run.vetCases(written, contract, exampleCases),
  );
  const { cases } = vetted;
  const { sealedShare } = run.settings;
  const seed = splitSeed(contract, cases);
  const split = splitSuite(cases, exampleCases, { sealedShare, seed, entry: contract.entry });
  const dropped = [...reading.value.dropped, ...vetted.dropped, ...split.dropped];
  for (const { text, reason } of dropped) {
    run.emit({ type: "case-dropped", text, reason });
  }
  const { suite } = split;
  const kept = suite.cases.filter((one) => one.origin === "model").length;
  if (kept < minimumCases) {
    return tooFew(kept, dropped);
  }
  announce(run, suite, contract);
  return { kind: "read", value: suite };
}

/**
 * The split follows from the cases alone, so that a recorded run asks the same questions again and
 * anyone can repeat it. That it could be computed gives nothing away: whoever mends the code does
 * not hold the cases.
 */
function splitSeed(contract: Contract, cases: readonly DraftCase[]): number {
  const digest = digestJson(JSON.parse(JSON.stringify([contract, cases])));
  return Number.parseInt(digest.slice("sha256:".length, "sha256:".length + 8), 16);
}

function announce(run: Run, suite: Suite, contract: Contract): void {
  const open = suite.cases.filter((one) => !one.sealed);
  run.emit({
    type: "suite-written",
    open: open.length,
    sealed: suite.cases.length - open.length,
    examples: suite.cases.filter((one) => one.origin === "example").length,
    shown: open.slice(0, 3).map((one) => summarizeCase(one, contract.entry)),
  });
}
