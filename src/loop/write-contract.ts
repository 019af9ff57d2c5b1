import { isAgentsOwn } from "../shared/agents-own-files.ts";
import { contractFormat } from "../verify/answer-formats.ts";
import type { Contract } from "../verify/contract.ts";
import { readContract } from "../verify/contract-reader.ts";
import { contractSignature } from "../verify/contract-signature.ts";
import { exampleProblem, readExample } from "../verify/example-reader.ts";
import { askForJson, type Reading } from "./ask.ts";
import { contractPrompt } from "./prompts.ts";
import type { Recalled } from "./recall.ts";
import type { Run } from "./run.ts";

/** Somebody's own examples are law: a contract that they do not fit is refused. */
function accept(contract: Contract, examples: readonly string[]): Reading<Contract> {
  const own = contract.files.makes.find(isAgentsOwn);
  if (own !== undefined) {
    return {
      kind: "unreadable",
      problem: `a skill cannot make ${own}; give the file another name`,
    };
  }
  const cases = examples.map((line) => readExample(line, contract));
  const problem = exampleProblem(cases, contract);
  return problem === undefined
    ? { kind: "read", value: contract }
    : { kind: "unreadable", problem };
}

/** Asks the planner for the contract; the host gives it its name. */
export async function writeContract(run: Run, recalled: Recalled): Promise<Reading<Contract>> {
  const { goal, language, examples, inputs, skill } = run.directive;
  const prompt = (contextTokens: number) =>
    contractPrompt({
      goal,
      language,
      recalledFailures: recalled.failures,
      relatedSkills: recalled.skills,
      examples,
      inputs: inputs.map((file) => file.path),
      contextTokens,
    });
  const reading = await askForJson(
    run,
    { role: "planner", prompt, format: contractFormat },
    (value) => {
      const contract = readContract(value, { name: skill, language });
      return contract.kind === "read" ? accept(contract.contract, examples) : contract;
    },
  );
  if (reading.kind === "read") {
    const contract = reading.value;
    run.emit({
      type: "contract-written",
      contract: JSON.parse(JSON.stringify(contract)),
      signature: contractSignature(contract),
      description: contract.description,
    });
  }
  return reading;
}
