import { isJsonObject, type JsonValue } from "../shared/json.ts";
import { nestsDeeperThan } from "../shared/nesting.ts";
import { errorTypeOf, readCase } from "./case-reader.ts";
import { type CaseTable, casesOfTable, columnProblem } from "./case-table.ts";
import type { Contract } from "./contract.ts";
import type { DraftCase } from "./draft-case.ts";
import { callKey, expectationKey } from "./suite-reader.ts";

/** Cases that somebody gave; each an object with args and what must come back, or a table's row. */
export type GivenCases = readonly JsonValue[] | CaseTable;

export type GivenCasesReading =
  | { readonly kind: "read"; readonly cases: readonly DraftCase[] }
  /** One line that names the case by its place, from 1. */
  | { readonly kind: "unreadable"; readonly problem: string };

const maxGivenCases = 10_000;
const maxCaseDepth = 60;

export interface GivenCaseLimits {
  /** Of one case as JSON. */
  readonly maxCaseBytes: number;
}

/** The error types that the cases want, each once. */
export function errorsOfGiven(given: GivenCases): string[] {
  const values = isTable(given)
    ? given.rows.map((row) => ({ raises: row[given.columns.indexOf("raises")] ?? "" }))
    : given;
  const found = values.map((value) => (isJsonObject(value) ? errorTypeOf(value) : undefined));
  return [...new Set(found.filter((type) => type !== undefined))];
}

/**
 * Reads cases as law: one that cannot be read, does not fit the contract or contradicts another is an
 * error and not left out. One that is said twice counts once.
 */
export function readGivenCases(
  given: GivenCases,
  contract: Contract,
  { maxCaseBytes }: GivenCaseLimits,
): GivenCasesReading {
  const count = isTable(given) ? given.rows.length : given.length;
  if (count === 0) {
    return unreadable("there is no case");
  }
  if (count > maxGivenCases) {
    return unreadable(`there are ${count}, at most ${maxGivenCases} are wanted`);
  }
  const stranger = isTable(given) ? columnProblem(given, contract) : undefined;
  if (stranger !== undefined) {
    return unreadable(stranger);
  }
  const values = isTable(given) ? casesOfTable(given, contract) : given;
  const seen = new SeenCases();
  const cases: DraftCase[] = [];
  for (const [index, value] of values.entries()) {
    const place = index + 1;
    const reading = readOne(value, contract, maxCaseBytes);
    if (typeof reading === "string") {
      return unreadable(`case ${place}: ${reading}`);
    }
    const told = seen.add(reading, place);
    if (told.kind === "contradicts") {
      return unreadable(
        `case ${place} contradicts case ${told.place}: the same call, another result`,
      );
    }
    if (told.kind === "new") {
      cases.push(reading);
    }
  }
  return { kind: "read", cases };
}

type Told = { kind: "new" } | { kind: "said" } | { kind: "contradicts"; place: number };

/** What was said of each call; the time for one case does not grow with their number. */
class SeenCases {
  readonly #byCall = new Map<string, { exact?: [string, number]; wanted: Set<string> }>();

  add(one: DraftCase, place: number): Told {
    const call = callKey(one);
    const wanted = expectationKey(one);
    const same = this.#byCall.get(call) ?? { wanted: new Set<string>() };
    this.#byCall.set(call, same);
    if (one.kind !== "property") {
      same.exact ??= [wanted, place];
      if (same.exact[0] !== wanted) {
        return { kind: "contradicts", place: same.exact[1] };
      }
    }
    const isSaid = same.wanted.has(wanted);
    same.wanted.add(wanted);
    return { kind: isSaid ? "said" : "new" };
  }
}

function readOne(value: JsonValue, contract: Contract, maxBytes: number): DraftCase | string {
  if (nestsDeeperThan(value, maxCaseDepth)) {
    return `it is nested deeper than ${maxCaseDepth} levels`;
  }
  const bytes = Buffer.byteLength(JSON.stringify(value) ?? "");
  if (bytes > maxBytes) {
    return `it has ${bytes} bytes, a call may have ${maxBytes} (maxMessageBytes)`;
  }
  const reading = readCase(value, contract, "example");
  return reading.kind === "read" ? reading.case : reading.problem;
}

function isTable(given: GivenCases): given is CaseTable {
  return "columns" in given;
}

function unreadable(problem: string): GivenCasesReading {
  return { kind: "unreadable", problem };
}
