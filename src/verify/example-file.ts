import { AgentError } from "../shared/errors.ts";
import { parseExactJson } from "../shared/exact-json.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../shared/json.ts";
import { nestsDeeperThan } from "../shared/nesting.ts";
import type { CaseTable } from "./case-table.ts";
import { readEntryFile } from "./entry-file.ts";
import { maxExamples, readExample } from "./example-reader.ts";
import { jsonText } from "./goal-examples.ts";

const maxEntryDepth = 64;
const resultColumns = ["returns", "result", "expected", "output"];
const errorColumns = ["raises", "throws", "error"];

/**
 * The examples of a file, as lines that `readExample` reads. By the name's ending: `.json` holds a
 * list, an object with the list under `examples` or `cases`, or one entry; `.jsonl` and `.ndjson` one a line;
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
  if (!/\.(json|jsonl|ndjson|csv)$/i.test(fileName)) {
    throw bad(fileName, "its name ends otherwise than in .json, .jsonl or .csv; rename it");
  }
  const reading = readEntryFile(text, fileName);
  switch (reading.kind) {
    case "entries":
      return reading.entries;
    case "table":
      return rowsOf(reading.table, fileName);
    case "unreadable":
      throw bad(fileName, `it ${reading.problem}; a list of examples is wanted`);
  }
}

function rowsOf({ columns, rows }: CaseTable, fileName: string): JsonObject[] {
  const names = columns.map((name) => name.toLowerCase());
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
  if (nestsDeeperThan(entry, maxEntryDepth)) {
    throw bad(place, `it nests deeper than ${maxEntryDepth} levels; make it flatter`);
  }
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
