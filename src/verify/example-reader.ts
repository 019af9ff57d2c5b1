import type { WorkFile } from "../sandbox/sandbox.ts";
import { AgentError } from "../shared/errors.ts";
import { parseExactJson } from "../shared/exact-json.ts";
import type { JsonValue } from "../shared/json.ts";
import { argumentsProblem, countProblem, readArguments } from "./call-arguments.ts";
import type { Contract } from "./contract.ts";
import { describeCase } from "./describe-case.ts";
import type { DraftCase } from "./draft-case.ts";
import { isDeclaredError } from "./error-names.ts";
import { validateValue } from "./json-schema.ts";
import { escapeControls, shorten } from "./show-value.ts";
import { nestsDeeperThan, tagJson } from "./tagged-value.ts";

const maxExampleLength = 64 * 1024;
const maxExampleDepth = 60;
const wanted =
  "ARGS => RESULT is wanted, both JSON (true, false, null, double quotes), for instance '\"{}\" => true', '[1, 2] => 3' or '\"x\" => raises ValueError'";

/**
 * Reads somebody's own example, `ARGS => RESULT`: law that no model overrules. ARGS is one JSON
 * array of positional arguments, or JSON values with commas between them, or the call as a report
 * shows it (`f(1, 2)`); RESULT is JSON, `raises TYPE` or `!TYPE`.
 *
 * An array alone is positional: `[1, 2] => 3` calls with two arguments, `[[1, 2]] => 3` with one
 * list. Given the contract, an array that does not fit positionally but fits the contract's only
 * parameter is that one argument, so `[1, 2] => 3` then also serves a function of one list.
 *
 * @throws {AgentError} USAGE when the line is no example; it names what is wanted.
 */
export function readExample(
  line: string,
  contract?: Contract,
  files: readonly WorkFile[] = [],
): DraftCase {
  if (line.length > maxExampleLength) {
    throw badExample(line, `is longer than ${maxExampleLength / 1024} KiB`);
  }
  const arrow = arrowIndex(line);
  if (arrow < 0) {
    throw badExample(line, "has no => between arguments and result");
  }
  const args = argumentsOf(line, line.slice(0, arrow).trim(), contract);
  const result = line.slice(arrow + 2).trim();
  const base = {
    args: args.map(tagJson),
    files,
    filesAfter: [],
    origin: "example" as const,
    why: "",
  };
  const errorType = /^(?:raises\s+|throws\s+|!\s*)([A-Za-z_][\w.]*)$/.exec(result)?.[1];
  if (errorType !== undefined) {
    const name = errorType.slice(errorType.lastIndexOf(".") + 1);
    return { ...base, kind: "raises", errorType: name };
  }
  const expected = parsed(result);
  if (expected === undefined) {
    throw badExample(line, `has a result that is no JSON: ${shorten(result, 60) || "nothing"}`);
  }
  return { ...base, kind: "returns", expected: tagJson(expected) };
}

/**
 * Why the contract cannot be kept by a skill that meets these examples, in one line for the
 * question that asks the planner to mend it; undefined when it can.
 */
export function exampleProblem(
  examples: readonly DraftCase[],
  contract: Contract,
): string | undefined {
  for (const example of examples) {
    const problem = problemOfExample(example, contract);
    if (problem !== undefined) {
      return `the example ${describeCase(example, contract.entry)} must hold, but ${problem}`;
    }
  }
  return undefined;
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

function argumentsOf(line: string, text: string, contract: Contract | undefined): JsonValue[] {
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
    throw badExample(line, `has arguments that are no JSON: ${shorten(inner, 60)}`);
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

function badExample(line: string, problem: string): AgentError {
  const shown = escapeControls(shorten(line, 120));
  return new AgentError("USAGE", `Reading an example: '${shown}' ${problem}; ${wanted}`, {
    blame: "caller",
  });
}
