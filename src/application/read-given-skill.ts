import { AgentError } from "../shared/errors.ts";
import { isJsonObject } from "../shared/json.ts";
import type { FunctionSignature, SourceFacts } from "../syntax/source-facts.ts";
import type { Contract } from "../verify/contract.ts";
import { readContract } from "../verify/contract-reader.ts";
import { deriveContract, withInferredTypes } from "../verify/derive-contract.ts";
import type { DraftCase } from "../verify/draft-case.ts";
import { errorsOfGiven, readGivenCases } from "../verify/given-cases.ts";
import { pickField } from "../verify/lenient-fields.ts";
import { strictSchemaProblem } from "../verify/strict-schema.ts";
import type { GivenSkill } from "./application.ts";

type PublicFunction = SourceFacts["functions"][number];

export interface ReadSkill {
  readonly contract: Contract;
  readonly cases: readonly DraftCase[];
}

/**
 * The contract of code that was given with its cases, and the cases held against it.
 *
 * @throws {AgentError} USAGE naming what cannot be read, and where.
 */
export function readGivenSkill(
  given: GivenSkill,
  name: string,
  goal: string,
  facts: SourceFacts,
  maxCaseBytes: number,
): ReadSkill {
  const stated = statedContract(given, name);
  const contract = stated ?? derivedContract(given, name, goal, facts);
  if (!facts.functions.some((one) => one.name === contract.entry)) {
    throw usage(name, `the code has no public function ${contract.entry}`, entryRemedy(facts));
  }
  const reading = readGivenCases(given.cases, contract, { maxCaseBytes });
  if (reading.kind === "unreadable") {
    const remedy = stated === undefined ? "mend the case, or state the contract" : "mend the case";
    throw usage(name, reading.problem, remedy);
  }
  const { cases } = reading;
  return { contract: stated ?? withInferredTypes(contract, cases), cases };
}

function statedContract({ contract, language }: GivenSkill, name: string): Contract | undefined {
  if (contract === undefined) {
    return undefined;
  }
  const problem = isJsonObject(contract)
    ? (parametersProblem(pickField(contract, ["parameters"])) ??
      strictSchemaProblem(pickField(contract, ["result", "returns"]), "result"))
    : "it is no JSON object";
  const reading = problem === undefined ? readContract(contract, { name, language }) : undefined;
  if (reading?.kind !== "read") {
    throw usage(name, `the contract: ${reading?.problem ?? problem}`, "mend the contract");
  }
  return reading.contract;
}

function parametersProblem(parameters: unknown): string | undefined {
  if (!Array.isArray(parameters)) {
    return "parameters is no list";
  }
  for (const [index, parameter] of parameters.entries()) {
    const place = `parameters[${index}]`;
    if (!isJsonObject(parameter)) {
      return `${place} is no object with name and schema`;
    }
    const problem = strictSchemaProblem(parameter["schema"], `${place}.schema`);
    if (problem !== undefined) {
      return problem;
    }
  }
  return undefined;
}

function derivedContract(
  given: GivenSkill,
  name: string,
  goal: string,
  facts: SourceFacts,
): Contract {
  const { name: entry, signature } = entryFunction(given, name, facts);
  const reading = deriveContract({
    name,
    language: given.language,
    entry,
    description: goal,
    signature,
    errors: errorsOfGiven(given.cases),
  });
  if (reading.kind === "unreadable") {
    throw usage(name, `no contract can be made of ${entry}: ${reading.problem}`, "state one");
  }
  return reading.contract;
}

/** The one that is named, the only one, or the one called as the skill. */
function entryFunction(given: GivenSkill, name: string, facts: SourceFacts): PublicFunction {
  const { functions } = facts;
  const [only, ...others] = functions;
  const found =
    given.entry === undefined
      ? (functions.find((one) => plain(one.name) === plain(name)) ??
        (others.length === 0 ? only : undefined))
      : functions.find((one) => one.name === given.entry);
  if (found === undefined) {
    const problem =
      given.entry === undefined
        ? `the code has ${functions.length} public functions`
        : `the code has no public function ${given.entry}`;
    throw usage(name, problem, entryRemedy(facts));
  }
  refuseUncallable(name, found.name, found.signature);
  return found;
}

function refuseUncallable(name: string, entry: string, { namedOnly }: FunctionSignature): void {
  if (namedOnly.length > 0) {
    throw usage(
      name,
      `${entry} wants ${namedOnly.join(", ")} by name, and skills are called by place`,
      "give them a default, or take the star away",
    );
  }
}

function entryRemedy({ functions }: SourceFacts): string {
  const names = functions.slice(0, 10).map((one) => one.name);
  return names.length === 0
    ? "define one at the top level, not beginning with _"
    : `name the entry: ${names.join(", ")}`;
}

/** `parseUrl` and `parse_url` are one name. */
function plain(name: string): string {
  return name.replaceAll("_", "").toLowerCase();
}

function usage(name: string, problem: string, remedy: string): AgentError {
  return new AgentError("USAGE", `Adding ${name}: ${problem}; ${remedy}.`, { blame: "caller" });
}
