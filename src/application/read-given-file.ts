import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { extname } from "node:path";
import { findJsonSyntaxProblem } from "../config/json-syntax.ts";
import { AgentError, systemErrorCode } from "../shared/errors.ts";
import { parseExactJson } from "../shared/exact-json.ts";
import { fileError } from "../shared/file-error.ts";
import type { JsonValue } from "../shared/json.ts";
import { readCsv } from "../verify/csv-reader.ts";
import type { GivenCases } from "../verify/given-cases.ts";
import { isJsonObject } from "../verify/tagged-value.ts";

const maxFileBytes = 64 * 1024 * 1024;
const wantedOfCases =
  'cases are wanted: a JSON list of {"args": […], "returns": …}, one such object a line, or CSV with a column a parameter and returns or raises';

/**
 * Reads cases from a file: JSON, JSON Lines or CSV, by its extension, else by how it begins.
 *
 * @throws {AgentError} USAGE when there is no such file, or what it holds are no cases; it names the
 * place.
 */
export async function readCasesFile(path: string): Promise<GivenCases> {
  const text = await readText(path, "Reading cases");
  const extension = extname(path).toLowerCase();
  const isJson = /^\s*[[{]/.test(text);
  if (extension === ".csv" || (!isJson && extension !== ".json" && extension !== ".jsonl")) {
    return readTable(path, text);
  }
  const whole = extension === ".jsonl" ? undefined : parseExactJson(text);
  return whole === undefined ? readLines(path, text) : listOf(path, whole);
}

/** Reads a contract that a person wrote. @throws {AgentError} USAGE */
export async function readContractFile(path: string): Promise<JsonValue> {
  const text = await readText(path, "Reading a contract");
  const value = parseExactJson(text);
  if (value === undefined) {
    const found = findJsonSyntaxProblem(text);
    const place =
      found === undefined ? "is nested too deep" : `at line ${found.line}, column ${found.column}`;
    throw given(
      "Reading a contract",
      path,
      `is no JSON ${place}${found === undefined ? "" : `: wanted ${found.wanted}`}`,
      "a JSON object with entry, parameters and result is wanted",
    );
  }
  return value;
}

function listOf(path: string, value: JsonValue): readonly JsonValue[] {
  const list = isJsonObject(value) ? (value["cases"] ?? value) : value;
  if (Array.isArray(list)) {
    return list;
  }
  if (isJsonObject(list)) {
    return [list];
  }
  throw given("Reading cases", path, "holds no list", wantedOfCases);
}

/** One JSON value a line; of a file that is no JSON at all, the first place that says so. */
function readLines(path: string, text: string): readonly JsonValue[] {
  const values: JsonValue[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") {
      continue;
    }
    const value = parseExactJson(line);
    if (value === undefined) {
      // A list over many lines fails as a whole, and its own fault is the one to mend.
      const isList = /^\s*\[/.test(text) || values.length === 0;
      throw notJson(path, isList ? text : line, isList ? 0 : index);
    }
    values.push(value);
  }
  if (values.length === 0) {
    throw given("Reading cases", path, "is empty", wantedOfCases);
  }
  return values;
}

function notJson(path: string, text: string, linesBefore: number): AgentError {
  const problem = findJsonSyntaxProblem(text);
  const place =
    problem === undefined
      ? "is nested too deep"
      : `is no JSON at line ${problem.line + linesBefore}, column ${problem.column}: wanted ${problem.wanted}`;
  const hint = /\b(NaN|Infinity)\b/.test(text)
    ? `; what JSON lacks is written {"$float": "nan"}, "inf" or "-inf"`
    : "";
  return given("Reading cases", path, place, `${wantedOfCases}${hint}`);
}

function readTable(path: string, text: string): GivenCases {
  const reading = readCsv(text);
  if (reading.kind === "unreadable") {
    throw given("Reading cases", path, reading.problem, wantedOfCases);
  }
  const [columns, ...rows] = reading.rows;
  if (columns === undefined) {
    throw given("Reading cases", path, "is empty", wantedOfCases);
  }
  return { columns: columns.map((name) => name.trim()), rows };
}

/** Never waits for a pipe, and never takes a byte that is no text for one that is. */
async function readText(path: string, action: string): Promise<string> {
  try {
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const found = await file.stat();
      if (!found.isFile()) {
        throw given(action, path, "is no regular file", "one is wanted");
      }
      if (found.size > maxFileBytes) {
        throw given(action, path, `has ${found.size} bytes`, `at most ${maxFileBytes} are wanted`);
      }
      const bytes = await file.readFile();
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof AgentError) {
      throw error;
    }
    if (
      error instanceof TypeError &&
      systemErrorCode(error) === "ERR_ENCODING_INVALID_ENCODED_DATA"
    ) {
      throw given(action, path, "is no UTF-8 text", "one is wanted");
    }
    throw systemErrorCode(error) === "ENOENT"
      ? given(action, path, "is not there", "a file is wanted")
      : fileError(action, path, error);
  }
}

function given(action: string, path: string, problem: string, wanted: string): AgentError {
  return new AgentError("USAGE", `${action}: ${path} ${problem}; ${wanted}.`, { blame: "caller" });
}
