import { parseExactJson } from "../shared/exact-json.ts";
import type { JsonValue } from "../shared/json.ts";
import { jsonProblem, readEntryFile } from "../verify/entry-file.ts";
import type { GivenCases } from "../verify/given-cases.ts";
import { readTextFile, unusable } from "./read-text-file.ts";

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
  const action = "Reading cases";
  const reading = readEntryFile(await readTextFile(path, action, maxFileBytes), path);
  switch (reading.kind) {
    case "entries":
      return reading.entries;
    case "table":
      return reading.table;
    case "unreadable":
      throw unusable(action, path, reading.problem, wantedOfCases);
  }
}

/** Reads a contract that a person wrote. @throws {AgentError} USAGE */
export async function readContractFile(path: string): Promise<JsonValue> {
  const action = "Reading a contract";
  const text = await readTextFile(path, action, maxFileBytes);
  const value = parseExactJson(text);
  if (value === undefined) {
    const wanted = "a JSON object with entry, parameters and result is wanted";
    throw unusable(action, path, jsonProblem(text), wanted);
  }
  return value;
}
