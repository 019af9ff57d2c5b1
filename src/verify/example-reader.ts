import type { WorkFile } from "../sandbox/sandbox.ts";
import { AgentError } from "../shared/errors.ts";
import { parseExactJson } from "../shared/exact-json.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../shared/json.ts";
import { nestsDeeperThan } from "../shared/nesting.ts";
import { argumentsProblem, countProblem, readArguments } from "./call-arguments.ts";
import {
  argumentFields,
  expectationOf,
  filesAfterFields,
  filesBeforeFields,
  lastName,
  readFiles,
} from "./case-reader.ts";
import type { Contract } from "./contract.ts";
import { describeCase } from "./describe-case.ts";
import type { DraftCase } from "./draft-case.ts";
import { isDeclaredError } from "./error-names.ts";
import { validateValue } from "./json-schema.ts";
import { pickField } from "./lenient-fields.ts";
import { escapeControls, shorten } from "./show-value.ts";
import { callKey, expectationKey } from "./suite-reader.ts";
import { tagJson } from "./tagged-value.ts";

const maxExampleLength = 64 * 1024;
const maxExampleDepth = 60;
const wanted =
  "ARGS => RESULT is wanted, both JSON (true, false, null, double quotes), for instance '\"{}\" => true', '[1, 2] => 3' or '\"x\" => raises ValueError'";

/** More would be neither shown nor read; each is called in every test of a candidate. */
export const maxExamples = 1_000;

/**
 * Reads somebody's own example, `ARGS => RESULT`: law that no model overrules. ARGS is one JSON
 * array of positional arguments, or JSON values with commas between them, or the call as a report
 * shows it (`f(1, 2)`); RESULT is JSON, `raises TYPE` or `!TYPE`. `RESULT ± 0.01` lets numbers lie so
 * far apart. A line may also be a JSON object with `args` and `returns` or `raises`, and with
 * `files`, `filesAfter` and `tolerance`.
 *
 * An array alone is positional: `[1, 2] => 3` calls with two arguments, `[[1, 2]] => 3` with one
 * list. Given the contract, an array that does not fit positionally but fits the contract's only
 * parameter is that one argument, so `[1, 2] => 3` then also serves a function of one list.
 *
 * `files` lie in its work folder too, unless it has one of that name itself; `place` says in an
 * error where the line stands.
 *
 * @throws {AgentError} USAGE when the line is no example; it names what is wanted.
 */
export function readExample(
  line: string,
  contract?: Contract,
  files: readonly WorkFile[] = [],
  place?: string,
): DraftCase {
  const fail = (problem: string) => badExample(line, problem, place);
  if (line.length > maxExampleLength) {
    throw fail(`is longer than ${maxExampleLength / 1024} KiB`);
  }
  const arrow = arrowIndex(line);
  if (arrow < 0) {
    const object = parsed(line);
    if (isJsonObject(object)) {
      return exampleOfObject(object, contract, files, fail);
    }
    throw fail("has no => between arguments and result");
  }
  const args = argumentsOf(line.slice(0, arrow).trim(), contract, fail);
  const base = exampleBase(args, files);
  const { result, stated } = splitTolerance(line.slice(arrow + 2).trim());
  const errorType = /^(?:raises\s+|throws\s+|!\s*)([A-Za-z_][\w.]*)$/.exec(result)?.[1];
  if (errorType !== undefined) {
    return { ...base, kind: "raises", errorType: lastName(errorType) };
  }
  const expected = parsed(result);
  if (expected === undefined) {
    throw fail(`has a result that is no JSON: ${shorten(result, 60) || "nothing"}`);
  }
  const tolerance = stated === undefined ? {} : { tolerance: Number(stated) };
  return { ...base, kind: "returns", expected: tagJson(expected), ...tolerance };
}

/** `0.333 ± 0.001`; a text that ends so ends in a quote. */
function splitTolerance(text: string): { result: string; stated: string | undefined } {
  const ending = text.slice(-60);
  const [whole = "", stated] = /\s*(?:±|\+\/?-)\s*(\d+(?:\.\d+)?(?:e-?\d+)?)$/i.exec(ending) ?? [];
  return { result: text.slice(0, text.length - whole.length), stated };
}

type Fail = (problem: string) => AgentError;

function exampleBase(args: readonly JsonValue[], files: readonly WorkFile[]) {
  return { args: args.map(tagJson), files, filesAfter: [], origin: "example" as const, why: "" };
}

/** An example that names its parts, as a file of examples holds it. */
function exampleOfObject(
  object: JsonObject,
  contract: Contract | undefined,
  given: readonly WorkFile[],
  fail: Fail,
): DraftCase {
  const written = pickField(object, argumentFields);
  const expectation = expectationOf(object);
  const files = readFiles(pickField(object, filesBeforeFields));
  const filesAfter = readFiles(pickField(object, filesAfterFields));
  if (written === undefined) {
    throw fail('has no "args"');
  }
  if (typeof expectation === "string") {
    throw fail(expectation);
  }
  if (typeof files === "string" || typeof filesAfter === "string") {
    throw fail(`has ${typeof files === "string" ? files : filesAfter}`);
  }
  const args = objectArguments(written, contract);
  const own = new Set(files.map(({ path }) => path));
  const all = [...given.filter(({ path }) => !own.has(path)), ...files];
  const base = { ...exampleBase(args, all), filesAfter };
  const tolerance = pickField(object, ["tolerance", "within"]);
  switch (expectation.kind) {
    case "raises":
      return { ...base, kind: "raises", errorType: expectation.errorType };
    case "property":
      throw fail("states a property; say what comes back");
    case "returns":
      return {
        ...base,
        kind: "returns",
        expected: tagJson(expectation.value),
        ...(typeof tolerance === "number" && tolerance > 0 ? { tolerance } : {}),
      };
  }
}

function objectArguments(written: JsonValue, contract: Contract | undefined): readonly JsonValue[] {
  const reading = contract === undefined ? undefined : readArguments(written, contract);
  if (reading?.kind === "read") {
    return reading.args;
  }
  return Array.isArray(written) ? written : [written];
}

/**
 * The lines without those that say the same again.
 *
 * @throws {AgentError} USAGE when a line is no example, when two want different things of one call,
 * or when they are more than `maxExamples`.
 */
export function settleExamples(lines: readonly string[]): string[] {
  if (lines.length > maxExamples) {
    const problem = `there are ${lines.length}, at most ${maxExamples} are wanted; leave out those that test the same.`;
    throw new AgentError("USAGE", `Reading the examples: ${problem}`, { blame: "caller" });
  }
  const byCall = new Map<string, { readonly line: string; readonly example: DraftCase }>();
  for (const line of lines) {
    const example = readExample(line);
    const earlier = byCall.get(callKey(example));
    if (earlier === undefined) {
      byCall.set(callKey(example), { line, example });
    } else if (expectationKey(earlier.example) !== expectationKey(example)) {
      const both = [earlier.line, line].map((one) => `'${escapeControls(shorten(one, 120))}'`);
      throw new AgentError(
        "USAGE",
        `Reading the examples: ${both.join(" and ")} want different things of the same call, and both would be law; leave one of them out.`,
        { blame: "caller" },
      );
    }
  }
  return [...byCall.values()].map(({ line }) => line);
}

/**
 * Why the contract cannot be kept by a skill that meets these examples, in one line for the
 * question that asks the planner to mend it; undefined when it can.
 */
export function exampleProblem(
  examples: readonly DraftCase[],
  contract: Contract,
): string | undefined {
  const byCall = new Map<string, DraftCase>();
  for (const example of examples) {
    const problem =
      problemOfExample(example, contract) ??
      contradiction(example, byCall.get(callKey(example)), contract.entry);
    if (problem !== undefined) {
      return `the example ${describeCase(example, contract.entry)} must hold, but ${problem}`;
    }
    byCall.set(callKey(example), example);
  }
  return undefined;
}

/** Two lines that differ may be one call under a contract: `[1, 2]` and `[[1, 2]]` of one list. */
function contradiction(
  example: DraftCase,
  earlier: DraftCase | undefined,
  entry: string,
): string | undefined {
  return earlier === undefined || expectationKey(earlier) === expectationKey(example)
    ? undefined
    : `with these parameters it is the same call as ${describeCase(earlier, entry)}`;
}

function problemOfExample(example: DraftCase, contract: Contract): string | undefined {
  switch (example.kind) {
    case "returns": {
      const misfit = validateValue(example.expected, contract.result);
      return (
        argumentsProblem(example.args, contract) ??
        (misfit && `its result does not fit the contract's result: ${misfit}`)
      );
    }
    case "raises": {
      const isDeclared = isDeclaredError(example.errorType, contract);
      return (
        countProblem(example.args.length, contract) ??
        (isDeclared ? undefined : `errors does not declare ${example.errorType}`)
      );
    }
    case "property":
      return argumentsProblem(example.args, contract);
  }
}

function argumentsOf(text: string, contract: Contract | undefined, fail: Fail): JsonValue[] {
  const call = /^[A-Za-z_]\w*\s*(\(.*\))$/s.exec(text)?.[1] ?? text;
  const isBracketed = call.startsWith("(") && call.endsWith(")");
  const inner = isBracketed ? call.slice(1, -1).trim() : call;
  if (inner === "") {
    return [];
  }
  const alone = isBracketed ? undefined : parsed(inner);
  if (alone !== undefined && contract !== undefined) {
    const reading = readArguments(alone, contract);
    return reading.kind === "read" ? [...reading.args] : [alone];
  }
  const args = Array.isArray(alone) ? alone : parsed(`[${inner}]`);
  if (!Array.isArray(args)) {
    throw fail(`has arguments that are no JSON: ${shorten(inner, 60)}`);
  }
  return args;
}

function parsed(text: string): JsonValue | undefined {
  const value = parseExactJson(text);
  return value === undefined || nestsDeeperThan(value, maxExampleDepth) ? undefined : value;
}

/** Where the first `=>` outside JSON strings begins; -1 when there is none. */
function arrowIndex(line: string): number {
  let isInString = false;
  for (let index = 0; index < line.length; index += 1) {
    const character = line[index];
    if (isInString && character === "\\") {
      index += 1;
    } else if (character === '"') {
      isInString = !isInString;
    } else if (!isInString && character === "=" && line[index + 1] === ">") {
      return index;
    }
  }
  return -1;
}

function badExample(line: string, problem: string, place: string | undefined): AgentError {
  const shown = escapeControls(shorten(line, 120));
  const what = place === undefined ? "an example" : `examples from ${place}`;
  return new AgentError("USAGE", `Reading ${what}: '${shown}' ${problem}; ${wanted}`, {
    blame: "caller",
  });
}
