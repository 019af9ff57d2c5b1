import { findJsonSyntaxProblem } from "../config/json-syntax.ts";
import { parseExactJson } from "../shared/exact-json.ts";
import { isJsonObject, type JsonValue } from "../shared/json.ts";
import type { CaseTable } from "./case-table.ts";
import { readCsv } from "./csv-reader.ts";
import { pickField } from "./lenient-fields.ts";

/** What a file of cases or examples holds, before anything is known of what they mean. */
export type EntryFile =
  | { readonly kind: "entries"; readonly entries: readonly JsonValue[] }
  | { readonly kind: "table"; readonly table: CaseTable }
  /** Goes on from the file's name: `is no JSON at line 2, column 9: wanted a value`. */
  | { readonly kind: "unreadable"; readonly problem: string };

const lineEndings = [".jsonl", ".ndjson"];

/**
 * Reads JSON (a list, an object with the list under `cases` or `examples`, or one object), JSON Lines or
 * CSV with a header: by the ending of its name, else by how it begins. A byte order mark is allowed.
 */
export function readEntryFile(text: string, fileName: string): EntryFile {
  const ending = /\.[a-z]+$/i.exec(fileName)?.[0].toLowerCase() ?? "";
  const plain = text.replace(/^\ufeff/, "");
  const isLines = lineEndings.includes(ending);
  const isJson = isLines || ending === ".json" || /^\s*[[{]/.test(plain);
  if (ending === ".csv" || !isJson) {
    return readTable(plain);
  }
  const whole = isLines ? undefined : parseExactJson(plain);
  return whole === undefined ? readLines(plain) : listOf(whole);
}

function listOf(value: JsonValue): EntryFile {
  const list = isJsonObject(value) ? (pickField(value, ["cases", "examples"]) ?? [value]) : value;
  return Array.isArray(list)
    ? { kind: "entries", entries: list }
    : { kind: "unreadable", problem: "holds no list" };
}

/** One JSON value a line; of a file that is no JSON at all, the first place that says so. */
function readLines(text: string): EntryFile {
  const entries: JsonValue[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") {
      continue;
    }
    const value = parseExactJson(line);
    if (value === undefined) {
      // A list over many lines fails as a whole, and its own fault is the one to mend.
      const isList = /^\s*\[/.test(text) || entries.length === 0;
      return notJson(isList ? text : line, isList ? 0 : index);
    }
    entries.push(value);
  }
  return entries.length === 0
    ? { kind: "unreadable", problem: "is empty" }
    : { kind: "entries", entries };
}

function notJson(text: string, linesBefore: number): EntryFile {
  const place = jsonProblem(text, linesBefore);
  const hint = /\b(NaN|Infinity)\b/.test(text)
    ? ` (what JSON lacks is written {"$float": "nan"}, "inf" or "-inf")`
    : "";
  return { kind: "unreadable", problem: `${place}${hint}` };
}

/** Why a text that could not be read is no JSON, going on from its name. */
export function jsonProblem(text: string, linesBefore = 0): string {
  const found = findJsonSyntaxProblem(text);
  return found === undefined
    ? "is nested too deep"
    : `is no JSON at line ${found.line + linesBefore}, column ${found.column}: wanted ${found.wanted}`;
}

function readTable(text: string): EntryFile {
  const reading = readCsv(text);
  if (reading.kind === "unreadable") {
    return { kind: "unreadable", problem: `is no CSV: ${reading.problem}` };
  }
  const [columns, ...rows] = reading.rows;
  return columns === undefined
    ? { kind: "unreadable", problem: "is empty" }
    : { kind: "table", table: { columns: columns.map((name) => name.trim()), rows } };
}
