import { modelChain } from "../config/model-chain.ts";
import { nestEntries } from "../config/nest-entries.ts";
import { parseSettingText, unknownKey } from "../config/read-sources.ts";
import type { Setting } from "../config/settings.ts";
import { AgentError } from "../shared/errors.ts";
import type { JsonObject, JsonValue } from "../shared/json.ts";

/** Options that every command takes, as commander hands them over. */
export interface GlobalFlags {
  readonly json?: boolean;
  readonly logLevel?: string;
  readonly workspace?: string;
  /** Repeatable options come as lists. */
  readonly model?: readonly string[];
  readonly coder?: readonly string[];
  readonly tester?: readonly string[];
  readonly analyst?: readonly string[];
  readonly maxTokens?: string;
  readonly maxRequests?: string;
  readonly maxTimeMs?: string;
  readonly maxMoney?: string;
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
  { flag: "coder", key: "coder", name: "--coder" },
  { flag: "tester", key: "tester", name: "--tester" },
  { flag: "analyst", key: "analyst", name: "--analyst" },
  { flag: "maxTokens", key: "budget.directive.tokens", name: "--max-tokens" },
  { flag: "maxRequests", key: "budget.directive.requests", name: "--max-requests" },
  { flag: "maxTimeMs", key: "budget.directive.timeMs", name: "--max-time-ms" },
  { flag: "maxMoney", key: "budget.directive.money", name: "--max-money" },
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
    } else if (value !== undefined) {
      const [only, ...others] = value.map((one) => parse(key, one, settings));
      const isOne = only !== undefined && others.length === 0;
      entries.set(key, { value: isOne ? only : [only ?? [], ...others].flatMap(chainOf), name });
    }
  }
  return {
    flags: nestEntries([...entries].map(([key, { value }]) => [key, value])),
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

/** What is no text is a list already, or left to the settings' own check. */
function chainOf(value: JsonValue): readonly JsonValue[] {
  return typeof value === "string" ? modelChain(value) : [value].flat();
}
