import { isJsonObject, type JsonObject, parseJson } from "../shared/json.ts";

/** Records found in the text of a damaged memory file. */
export interface SalvagedRecords {
  /** The version the text names, or 0. */
  readonly version: number;
  /** The schema version the text names, or 1. */
  readonly schemaVersion: number;
  readonly skills: JsonObject[];
  readonly failures: JsonObject[];
  readonly directives: JsonObject[];
}

/**
 * Every whole record that can still be read, in the order of the text. A string that is broken
 * off ends at its line's end (JSON allows no line break in one), so one damaged place costs the
 * records it lies in and no more.
 */
export function salvageRecords(text: string): SalvagedRecords {
  const found: SalvagedRecords = {
    version: Number(/"version":\s*(\d{1,15})/.exec(text)?.[1] ?? 0),
    schemaVersion: Number(/"schemaVersion":\s*(\d{1,9})/.exec(text)?.[1] ?? 1),
    skills: [],
    failures: [],
    directives: [],
  };
  for (const [start, end] of objectSpans(text)) {
    const value = parseJson(text.slice(start, end));
    if (isJsonObject(value)) sortIn(found, value);
  }
  return found;
}

/** Longer objects are no record, but the file itself or what damage has joined. */
const LONGEST_RECORD = 200_000;
/** Records nest less; a text of a million opening braces must not cost a million trials. */
const DEEPEST_RECORD = 8;

/** Where objects begin and end, inner ones before those around them. */
function* objectSpans(text: string): Generator<[number, number]> {
  const starts: number[] = [];
  for (const [mark, index] of braces(text)) {
    if (mark === "{") {
      starts.push(index);
      if (starts.length > DEEPEST_RECORD) starts.shift();
      continue;
    }
    const start = starts.pop();
    if (start !== undefined && index < start + LONGEST_RECORD) yield [start, index + 1];
  }
}

/** The braces outside of strings. */
function* braces(text: string): Generator<["{" | "}", number]> {
  let isInString = false;
  for (const { 0: mark, index } of text.matchAll(/["{}\n]|\\[^\n]/g)) {
    if (mark === "\n") isInString = false;
    else if (mark === '"') isInString = !isInString;
    else if (!isInString && (mark === "{" || mark === "}")) yield [mark, index];
  }
}

function sortIn(found: SalvagedRecords, value: JsonObject): void {
  if (typeof value["skill"] === "string" && "error" in value) found.failures.push(value);
  else if (typeof value["name"] === "string" && "status" in value) found.skills.push(value);
  else if (typeof value["goal"] === "string" && "status" in value) found.directives.push(value);
}
