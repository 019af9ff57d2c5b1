import { isUtf8 } from "node:buffer";
import { AgentError } from "../shared/errors.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../shared/json.ts";
import type { MemoryFile } from "./memory.ts";
import { toDirectiveRecord, toFailureRecord, toSkillRecord } from "./memory-records.ts";

/** What the file holds; `extra` are top-level fields that are not ours and stay as they are. */
export interface StoredMemory {
  readonly file: MemoryFile;
  readonly extra: JsonObject;
}

const SCHEMA_VERSION = 1;
/** Array members that are no record; kept under this field, since nothing is thrown away. */
const UNREADABLE = "unreadable";
const OWN_FIELDS = new Set(["version", "schemaVersion", "skills", "failures", "directives"]);

/** What a workspace without a memory file remembers. */
export function emptyMemory(): StoredMemory {
  return {
    file: { version: 0, schemaVersion: SCHEMA_VERSION, skills: [], failures: [], directives: [] },
    extra: {},
  };
}

/**
 * The content of a memory file, that of the guide's own program included, whose records are
 * completed; undefined when it is damaged. `writtenAt` stands in for times that are missing.
 *
 * @throws {AgentError} MEMORY_DAMAGED when a newer version of the program wrote the file.
 */
export function parseMemory(bytes: Buffer, writtenAt: Date): StoredMemory | undefined {
  const root = parseObject(bytes);
  if (root === undefined) return undefined;
  refuseNewerSchema(root["schemaVersion"]);
  const skills = arrayOf(root, "skills");
  const failures = arrayOf(root, "failures");
  const directives = arrayOf(root, "directives");
  if (skills === undefined || failures === undefined || directives === undefined) return undefined;
  return toStoredMemory(root, { skills, failures, directives }, writtenAt);
}

interface RawArrays {
  readonly skills: readonly JsonValue[];
  readonly failures: readonly JsonValue[];
  readonly directives: readonly JsonValue[];
}

/** Completes raw records; those that cannot be read are kept in `extra`. */
export function toStoredMemory(root: JsonObject, raw: RawArrays, writtenAt: Date): StoredMemory {
  const fallback = writtenAt.toISOString();
  const unreadable: JsonValue[] = [];
  const records = <Item extends JsonValue, Found>(
    items: readonly Item[],
    read: (item: Item) => Found | undefined,
  ): Found[] => {
    const found: Found[] = [];
    for (const item of items) {
      const record = read(item);
      if (record === undefined) unreadable.push(item);
      else found.push(record);
    }
    return found;
  };
  const skills = records(raw.skills, (item) => toSkillRecord(item, fallback));
  const goals = new Map(skills.map((skill) => [skill.name, skill.goal]));
  const goalOf = (skill: string): string => goals.get(skill) ?? "";
  const version = root["version"];
  return {
    file: {
      version: typeof version === "number" && Number.isSafeInteger(version) ? version : 0,
      schemaVersion: SCHEMA_VERSION,
      skills,
      failures: records(raw.failures, (item) => toFailureRecord(item, fallback, goalOf)),
      directives: records(raw.directives, (item) => toDirectiveRecord(item, fallback)),
    },
    extra: extraFields(root, unreadable),
  };
}

function extraFields(root: JsonObject, unreadable: JsonValue[]): JsonObject {
  const extra: JsonObject = {};
  for (const [field, value] of Object.entries(root)) {
    if (!OWN_FIELDS.has(field)) extra[field] = value;
  }
  if (unreadable.length === 0) return extra;
  const before = extra[UNREADABLE];
  extra[UNREADABLE] = [...(Array.isArray(before) ? before : []), ...unreadable];
  return extra;
}

/** The texts of records, which change seldom while the file is written often. */
const recordTexts = new WeakMap<object, string>();
/** The bytes of whole arrays: a write changes one of the three. */
const arrayBytes = new WeakMap<object, Buffer>();

/** Indented as the guide shows it, so that people can read and compare it. */
export function serializeMemory(memory: StoredMemory): Buffer {
  const { version, schemaVersion, skills, failures, directives } = memory.file;
  const head = [
    `"version": ${version}`,
    `"schemaVersion": ${schemaVersion}`,
    ...Object.entries(memory.extra).map(
      ([field, value]) => `${JSON.stringify(field)}: ${indent(JSON.stringify(value, null, 2), 2)}`,
    ),
  ];
  return Buffer.concat([
    Buffer.from(`{\n  ${head.join(",\n  ")},\n  "skills": `),
    serializeRecords(skills),
    Buffer.from(',\n  "failures": '),
    serializeRecords(failures),
    Buffer.from(',\n  "directives": '),
    serializeRecords(directives),
    Buffer.from("\n}\n"),
  ]);
}

function serializeRecords(records: readonly object[]): Buffer {
  if (records.length === 0) return Buffer.from("[]");
  const knownBytes = arrayBytes.get(records);
  if (knownBytes !== undefined) return knownBytes;
  const texts = records.map((record) => {
    const known = recordTexts.get(record);
    if (known !== undefined) return known;
    const made = indent(JSON.stringify(record, null, 2), 4);
    recordTexts.set(record, made);
    return made;
  });
  const bytes = Buffer.from(`[\n    ${texts.join(",\n    ")}\n  ]`);
  arrayBytes.set(records, bytes);
  return bytes;
}

function indent(json: string, spaces: number): string {
  return json.replaceAll("\n", `\n${" ".repeat(spaces)}`);
}

function parseObject(bytes: Buffer): JsonObject | undefined {
  // A damaged byte inside a string would otherwise pass as a replacement character.
  if (!isUtf8(bytes)) return undefined;
  try {
    const root: JsonValue = JSON.parse(bytes.toString("utf8").replace(/^\uFEFF/, ""));
    return isJsonObject(root) ? root : undefined;
  } catch {
    return undefined;
  }
}

function arrayOf(root: JsonObject, field: string): readonly JsonValue[] | undefined {
  const value = root[field];
  if (value === undefined) return [];
  return Array.isArray(value) ? value : undefined;
}

/** @throws {AgentError} MEMORY_DAMAGED when a newer version of the program wrote the file. */
export function refuseNewerSchema(schemaVersion: JsonValue | undefined): void {
  if (typeof schemaVersion !== "number" || schemaVersion <= SCHEMA_VERSION) return;
  throw new AgentError(
    "MEMORY_DAMAGED",
    `Reading memory.json: it has schemaVersion ${schemaVersion}, written by a newer version of this program; at most ${SCHEMA_VERSION} can be read here; install the newer version, or set workspaceRoot to another folder. The file was not changed.`,
    { blame: "caller" },
  );
}
