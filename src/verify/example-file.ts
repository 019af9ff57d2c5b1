import { AgentError } from "../shared/errors.ts";
import { parseExactJson } from "../shared/exact-json.ts";
import type { JsonObject, JsonValue } from "../shared/json.ts";
import { readCsv } from "./csv-reader.ts";
import { maxExamples, readExample } from "./example-reader.ts";
import { jsonText } from "./goal-examples.ts";
import { pickField } from "./lenient-fields.ts";
import { isJsonObject, nestsDeeperThan } from "./tagged-value.ts";

const maxFileDepth = 64;
const resultColumns = ["returns", "result", "expected", "output"];
const errorColumns = ["raises", "throws", "error"];

/**
 * The examples of a file, as lines that `readExample` reads. By the name's ending: `.json` holds a
 * list, or an object with the list under `examples` or `cases`; `.jsonl` and `.ndjson` one a line;
 * `.csv` one a row under a header. An entry is a line `ARGS => RESULT`, or an object with `args` and
 * `returns` or `raises`, and with `files`, `filesAfter` and `tolerance` where wanted.
 *
 * In CSV the column `returns` holds results, `raises` error types, and every other column an
 * argument, in order. A cell that is JSON is that value, any other is text; so text that looks like
 * JSON is written as JSON: `"""12"""`.
 *
 * @throws {AgentError} USAGE, naming the entry, what is wrong with it and what is wanted.
 */
export function readExampleFile(text: string, fileName: string): string[] {
  const entries = entriesOf(text, fileName);
  if (entries.length === 0) {
    throw bad(fileName, "it holds no example, at least one is wanted");
  }
  if (entries.length > maxExamples) {
    const count = `it holds ${entries.length} examples, at most ${maxExamples} are wanted`;
    throw bad(fileName, `${count}; give those that differ most`);
  }
  return entries.map((entry, index) => lineOf(entry, `${fileName}, example ${index + 1}`));
}

function entriesOf(text: string, fileName: string): readonly JsonValue[] {
  const ending = /\.([a-z]+)$/i.exec(fileName)?.[1]?.toLowerCase() ?? "";
  switch (ending) {
    case "json":
      return listed(parsed(text, fileName), fileName);
    case "jsonl":
    case "ndjson":
      return text
        .split("\n")
        .map((line, index) => [line.trim(), `${fileName}, line ${index + 1}`] as const)
        .filter(([line]) => line !== "")
        .map(([line, place]) => parsed(line, place));
    case "csv":
      return rowsOf(text, fileName);
    default:
      throw bad(fileName, "its name ends otherwise than in .json, .jsonl or .csv; rename it");
  }
}

function parsed(text: string, place: string): JsonValue {
  const value = parseExactJson(text.replace(/^\ufeff/, ""));
  if (value === undefined || nestsDeeperThan(value, maxFileDepth)) {
    throw bad(place, `it is no JSON that nests at most ${maxFileDepth} levels; correct it`);
  }
  return value;
}

function listed(value: JsonValue, fileName: string): readonly JsonValue[] {
  const list = isJsonObject(value) ? pickField(value, ["examples", "cases"]) : value;
  if (!Array.isArray(list)) {
    throw bad(fileName, 'a list of examples is wanted, or {"examples": [...]}');
  }
  return list;
}

function rowsOf(text: string, fileName: string): JsonObject[] {
  const reading = readCsv(text);
  if (reading.kind === "unreadable") {
    throw bad(fileName, `it is no CSV: ${reading.problem}`);
  }
  const [header = [], ...rows] = reading.rows;
  const names = header.map((name) => name.trim().toLowerCase());
  const results = names.findIndex((name) => resultColumns.includes(name));
  const errors = names.findIndex((name) => errorColumns.includes(name));
  if (results < 0 && errors < 0) {
    throw bad(fileName, 'its header has no column "returns" or "raises"');
  }
  return rows.map((row) => {
    const args = row.filter((_, at) => at !== results && at !== errors).map(cellValue);
    const raises = row[errors]?.trim() ?? "";
    return raises === "" ? { args, returns: cellValue(row[results] ?? "") } : { args, raises };
  });
}

function cellValue(cell: string): JsonValue {
  return parseExactJson(cell) ?? cell;
}

function lineOf(entry: JsonValue, place: string): string {
  const line =
    typeof entry === "string" ? entry : isJsonObject(entry) ? jsonText(entry) : undefined;
  if (line === undefined) {
    throw bad(place, 'an object with "args" and "returns" or "raises", or a line, is wanted');
  }
  readExample(line, undefined, [], place);
  return line;
}

function bad(place: string, problem: string): AgentError {
  return new AgentError("USAGE", `Reading examples from ${place}: ${problem}.`, {
    blame: "caller",
  });
}
