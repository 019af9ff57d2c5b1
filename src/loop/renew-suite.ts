import { suiteFormat } from "../verify/answer-formats.ts";
import type { Contract } from "../verify/contract.ts";
import { describeCase } from "../verify/describe-case.ts";
import type { DraftCase } from "../verify/draft-case.ts";
import type { Case, Suite } from "../verify/suite.ts";
import { callKey, readSuite } from "../verify/suite-reader.ts";
import { askForJson } from "./ask.ts";
import { moreCasesPrompt } from "./prompts.ts";
import type { Run } from "./run.ts";
import { countSealedFailures, replaceSealed, spentCases } from "./sealed-failures.ts";
import type { LoopState } from "./state.ts";
import { withInputs } from "./with-inputs.ts";

/** So often in one run the tester is asked; each costs a model call. */
const maxRenewals = 3;
/** Some answers do not fit the contract, or are there already. */
const spareCases = 2;

export interface RenewedSuite extends Pick<LoopState, "sealedFailures"> {
  readonly suite: Suite;
  readonly renewals?: number;
  /** Longer by the cases that were opened. */
  readonly feedback?: string;
}

/**
 * Counts which sealed cases failed in the last attempt, and replaces those that are spent: as many
 * are opened as the tester, in its own conversation, has fresh ones for; those are sealed. Without a
 * fresh case nothing is opened, so that the sealed share never shrinks. What the code gave or
 * printed in a sealed call stays with the judge also when its case is opened: it may hold another.
 */
export async function renewSuite(
  run: Run,
  state: LoopState & { readonly contract: Contract; readonly suite: Suite },
  attempt: number,
): Promise<RenewedSuite> {
  const { contract, suite, renewals } = state;
  const sealedFailures = countSealedFailures(state.sealedFailures, state.verdict);
  const spent = spentCases(suite, sealedFailures);
  if (spent.length === 0 || renewals >= maxRenewals) {
    return { suite, sealedFailures };
  }
  const fresh = await freshCases(run, contract, suite, spent.length);
  const opened = spent.slice(0, fresh.length);
  run.emit({
    type: "sealed-cases-replaced",
    attempt,
    spent: opened.length,
    replaced: fresh.length,
  });
  const change = { sealedFailures, renewals: renewals + 1 };
  if (opened.length === 0) {
    return { suite, ...change };
  }
  const told = opened.map((one) => `- ${describeCase(one, contract.entry)}`).join("\n");
  return {
    ...change,
    suite: replaceSealed(suite, opened, fresh),
    feedback: `${state.feedback}\n\nHidden until now, and visible from here on, since the code fails it again and again:\n${told}`,
  };
}

async function freshCases(
  run: Run,
  contract: Contract,
  suite: Suite,
  count: number,
): Promise<readonly Case[]> {
  const { goal, inputs } = run.directive;
  const prompt = (contextTokens: number) =>
    moreCasesPrompt({
      goal,
      contract,
      caseCount: count + spareCases,
      existingCases: suite.cases.map((one) => describeCase(one, contract.entry)),
      inputs: inputs.map((file) => file.path),
      contextTokens,
    });
  const reading = await askForJson(
    run,
    { role: "tester", prompt, format: suiteFormat(contract) },
    (value) => ({ kind: "read", value: readSuite(value, contract) }),
  );
  if (reading.kind === "unreadable") {
    run.emit({ type: "warning-raised", message: `further cases: unreadable: ${reading.problem}` });
    return [];
  }
  const written = reading.value.cases.map((one) => withInputs(one, inputs));
  const vetted = await run.journal.step("vet-cases", () => run.vetCases(written, contract, []));
  const known = new Set(suite.cases.map(callKey));
  const drafts = vetted.cases;
  const isNew = (one: DraftCase) => !known.has(callKey(one));
  const repeated = drafts
    .filter((one) => !isNew(one))
    .map((one) => ({
      text: describeCase(one, contract.entry),
      reason: "its call is tested already",
    }));
  for (const { text, reason } of [...reading.value.dropped, ...vetted.dropped, ...repeated]) {
    run.emit({ type: "case-dropped", text, reason });
  }
  return drafts
    .filter(isNew)
    .slice(0, count)
    .map((one, index) => ({ ...one, id: `c${suite.cases.length + index + 1}`, sealed: true }));
}
