import { parseSettingText, unknownKey } from "../config/read-sources.ts";
import type { Setting } from "../config/settings.ts";
import { AgentError } from "../shared/errors.ts";
import type { JsonObject, JsonValue } from "../shared/json.ts";

/** Options that every command takes, as commander hands them over. */
export interface GlobalFlags {
  readonly json?: boolean;
  readonly logLevel?: string;
  readonly workspace?: string;
  readonly model?: string;
  readonly language?: string;
  readonly maxIterations?: string;
  readonly timeoutMs?: string;
  readonly sandbox?: string;
  readonly allowRemote?: boolean;
  readonly analysis?: boolean;
  readonly set?: readonly string[];
}

const named: readonly { flag: keyof GlobalFlags; key: string; name: string }[] = [
  { flag: "logLevel", key: "logLevel", name: "--log-level" },
  { flag: "workspace", key: "workspaceRoot", name: "--workspace" },
  { flag: "model", key: "model", name: "--model" },
  { flag: "language", key: "language", name: "--language" },
  { flag: "maxIterations", key: "maxIterations", name: "--max-iterations" },
  { flag: "timeoutMs", key: "executionTimeoutMs", name: "--timeout-ms" },
  { flag: "sandbox", key: "sandbox", name: "--sandbox" },
  { flag: "allowRemote", key: "allowRemote", name: "--allow-remote" },
  { flag: "analysis", key: "analysis", name: "--no-analysis" },
];

/**
 * Returns what the flags set, in the shape of a configuration file, and how to call each flag.
 *
 * @throws {AgentError} USAGE when `--set` is no `KEY=VALUE`; CONFIG_INVALID for an unknown key.
 */
export function readSettingFlags(
  flags: GlobalFlags,
  settings: readonly Setting[],
): { flags: JsonObject; flagName: (key: string) => string } {
  const entries = new Map<string, { value: JsonValue; name: string }>();
  for (const text of flags.set ?? []) {
    const { key, value } = splitAssignment(text);
    entries.set(key, { value: parse(key, value, settings), name: `--set ${key}` });
  }
  for (const { flag, key, name } of named) {
    const value = flags[flag];
    if (typeof value === "string") {
      entries.set(key, { value: parse(key, value, settings), name });
    } else if (typeof value === "boolean") {
      entries.set(key, { value, name });
    }
  }
  return {
    flags: nestEntries(entries),
    flagName: (key) => `flag ${entries.get(key)?.name ?? key}`,
  };
}

function splitAssignment(text: string): { key: string; value: string } {
  const at = text.indexOf("=");
  if (at < 1) {
    throw new AgentError(
      "USAGE",
      `Reading --set: it is ${JSON.stringify(text)}; wanted KEY=VALUE, as in --set suiteCases=12.`,
      { blame: "caller" },
    );
  }
  return { key: text.slice(0, at).trim(), value: text.slice(at + 1) };
}

function parse(key: string, text: string, settings: readonly Setting[]): JsonValue {
  const setting = settings.find((each) => each.key === key);
  if (setting === undefined) {
    throw unknownKey(key, "the flags", settings);
  }
  return parseSettingText(setting, text);
}

function nestEntries(entries: ReadonlyMap<string, { value: JsonValue }>): JsonObject {
  const content: JsonObject = {};
  for (const [key, { value }] of entries) {
    const [group = key, name] = key.split(".");
    content[group] = name === undefined ? value : { [name]: value };
  }
  return content;
}
