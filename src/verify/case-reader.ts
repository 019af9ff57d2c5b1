import type { WorkFile } from "../sandbox/sandbox.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../shared/json.ts";
import {
  argumentsProblem,
  countProblem,
  readArguments,
  taggedArguments,
} from "./call-arguments.ts";
import type { Contract } from "./contract.ts";
import { readTolerance } from "./contract-parts.ts";
import type { DraftCase } from "./draft-case.ts";
import { isDeclaredError } from "./error-names.ts";
import { validateValue } from "./json-schema.ts";
import { pickField, pickText } from "./lenient-fields.ts";
import { tagJson } from "./tagged-value.ts";
import { isWorkPath } from "./work-path.ts";

export type CaseReading =
  | { readonly kind: "read"; readonly case: DraftCase }
  | { readonly kind: "unreadable"; readonly problem: string };

const maxExpressionLength = 500;
const maxWhyLength = 500;
const maxFiles = 16;

/** Names under which a case's parts stand, plain. */
export const argumentFields = ["args", "arguments", "input", "inputs", "params", "parameters"];
export const filesBeforeFields = ["files", "filesbefore"];
export const filesAfterFields = ["filesafter", "makes", "filesmade"];

type Expectation =
  | { readonly kind: "returns"; readonly value: JsonValue }
  | { readonly kind: "raises"; readonly errorType: string }
  | { readonly kind: "property"; readonly expression: string };

/** Reads one case as a model or a person writes it and holds it against the contract. */
export function readCase(
  value: JsonValue,
  contract: Contract,
  origin: DraftCase["origin"],
): CaseReading {
  if (!isJsonObject(value)) {
    return unreadable("is no object with args and what must come back");
  }
  const expectation = expectationOf(value);
  if (typeof expectation === "string") {
    return unreadable(expectation);
  }
  const written = pickField(value, argumentFields) ?? [];
  const reading = readArguments(written, contract);
  if (reading.kind === "unreadable") {
    return reading;
  }
  const problem =
    expectationProblem(expectation, contract) ??
    (expectation.kind === "raises"
      ? countProblem(reading.args.length, contract)
      : argumentsProblem(reading.args, contract));
  if (problem !== undefined) {
    return unreadable(problem);
  }
  const files = readFiles(pickField(value, filesBeforeFields));
  const filesAfter = readFiles(pickField(value, filesAfterFields));
  if (typeof files === "string" || typeof filesAfter === "string") {
    return unreadable(typeof files === "string" ? files : String(filesAfter));
  }
  const why = (pickText(value, ["why", "reason", "description", "name", "comment"]) ?? "").slice(
    0,
    maxWhyLength,
  );
  const base = { args: taggedArguments(reading.args, contract), files, filesAfter, origin, why };
  const tolerance = readTolerance(pickField(value, ["tolerance", "within"]));
  return { kind: "read", case: withExpectation(base, expectation, tolerance) };
}

function withExpectation(
  base: Omit<DraftCase, "kind">,
  expectation: Expectation,
  tolerance: number | undefined,
): DraftCase {
  switch (expectation.kind) {
    case "returns": {
      const expected = tagJson(expectation.value);
      return {
        ...base,
        kind: "returns",
        expected,
        ...(tolerance === undefined ? {} : { tolerance }),
      };
    }
    case "raises":
      return { ...base, kind: "raises", errorType: expectation.errorType };
    case "property":
      return { ...base, kind: "property", expression: expectation.expression };
  }
}

const raisesNames = ["raises", "raise", "error", "throws", "exception", "expectederror"];

/** The error type that a written case wants; undefined when it wants none. */
export function errorTypeOf(value: JsonObject): string | undefined {
  const raises = pickText(value, raisesNames);
  return raises === undefined || isNoError(raises) ? undefined : errorName(raises);
}

function isNoError(raises: string): boolean {
  return /^(none|null|false|no)$/i.test(raises);
}

/** What a case says must come back, or why it says nothing that could be tested. */
export function expectationOf(value: JsonObject): Expectation | string {
  const raises = pickText(value, raisesNames);
  const returns = pickField(value, ["returns", "return", "expected", "result", "output", "expect"]);
  const property = pickText(value, ["property", "check", "assert", "expression", "satisfies"]);
  if (raises !== undefined && !isNoError(raises)) {
    return returns === undefined || returns === null
      ? { kind: "raises", errorType: errorName(raises) }
      : "says both what it returns and what it raises";
  }
  if (property !== undefined && (returns === undefined || returns === null)) {
    return { kind: "property", expression: property };
  }
  return returns === undefined
    ? "says nothing that must come back: returns, raises or property"
    : { kind: "returns", value: returns };
}

/** `json.JSONDecodeError: Expecting value` is JSONDecodeError. */
function errorName(written: string): string {
  return lastName(/^[\w.]+/.exec(written)?.[0] ?? written);
}

/** `json.decoder.JSONDecodeError` is `JSONDecodeError`. */
export function lastName(typeName: string): string {
  return typeName.slice(typeName.lastIndexOf(".") + 1);
}

function expectationProblem(expectation: Expectation, contract: Contract): string | undefined {
  switch (expectation.kind) {
    case "returns": {
      const problem = validateValue(tagJson(expectation.value), contract.result);
      return problem && `what it returns does not fit the contract's result: ${problem}`;
    }
    case "raises":
      return isDeclaredError(expectation.errorType, contract)
        ? undefined
        : `the contract declares no error ${expectation.errorType.slice(0, 60)}`;
    case "property":
      return expressionProblem(expectation.expression);
  }
}

function expressionProblem(expression: string): string | undefined {
  if (expression.length > maxExpressionLength) {
    return `a property longer than ${maxExpressionLength} characters`;
  }
  return /\bresult\b/.test(expression) ? undefined : "a property that does not look at the result";
}

/** Files as `{"name": "text"}`, or as a list of name and content. */
export function readFiles(value: JsonValue | undefined): WorkFile[] | string {
  const entries = Array.isArray(value) ? value.map(listedFile) : Object.entries(value ?? {});
  if (entries.length > maxFiles) {
    return `more than ${maxFiles} files`;
  }
  const files = new Map<string, WorkFile>();
  for (const entry of entries) {
    const [path, text] = entry ?? [];
    if (path === undefined || typeof text !== "string" || !isWorkPath(path)) {
      return "a file that is no text under a relative path";
    }
    files.set(path, { path, contentBase64: Buffer.from(text, "utf8").toString("base64") });
  }
  return [...files.values()];
}

function listedFile(value: JsonValue): [string, JsonValue] | undefined {
  if (!isJsonObject(value)) {
    return undefined;
  }
  const path = pickText(value, ["path", "name", "file", "filename"]);
  const content = pickField(value, ["content", "text", "contents", "data"]);
  return path === undefined || content === undefined ? undefined : [path, content];
}

function unreadable(problem: string): CaseReading {
  return { kind: "unreadable", problem };
}
