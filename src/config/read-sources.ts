import { readFile, stat } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { AgentError, systemErrorCode } from "../shared/errors.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../shared/json.ts";
import { nearestWord } from "../shared/nearest-word.ts";
import type { ConfigSource } from "./config-value.ts";
import { findJsonSyntaxProblem } from "./json-syntax.ts";
import type { Setting } from "./settings.ts";

const maxFileBytes = 1024 * 1024;
/** Read by tests and benchmarks; not settings. */
const otherVariables = ["AUTODIDACT_BENCH_DATA", "AUTODIDACT_TEST_FULL"];

export type Environment = Readonly<Record<string, string | undefined>>;

/** Returns where the user's own configuration lies; the file need not exist. */
export function userConfigPath(
  env: Environment,
  homeDirectory: string,
  platform: NodeJS.Platform,
): string {
  const wanted = platform === "win32" ? env["APPDATA"] : env["XDG_CONFIG_HOME"];
  const fallback =
    platform === "win32"
      ? join(homeDirectory, "AppData", "Roaming")
      : join(homeDirectory, ".config");
  // The XDG specification has relative paths ignored.
  const folder = wanted !== undefined && isAbsolute(wanted) ? wanted : fallback;
  return join(folder, "autodidact", "config.json");
}

/**
 * Returns what a configuration file says; nothing when there is no such file.
 *
 * @throws {AgentError} CONFIG_INVALID when it is unreadable, no JSON object, or names an unknown key.
 */
export async function readFileSource(
  path: string,
  settings: readonly Setting[],
): Promise<ConfigSource> {
  const text = await readIfPresent(path);
  const nameOf = () => path;
  if (text === undefined) {
    return { nameOf, entries: new Map() };
  }
  const withoutMark = text.replace(/^\u{feff}/u, "");
  const problem = findJsonSyntaxProblem(withoutMark);
  if (problem !== undefined) {
    const { line, column, wanted } = problem;
    throw invalid(`${path} is no JSON at line ${line}, column ${column}: wanted ${wanted}`);
  }
  const content: JsonValue = JSON.parse(withoutMark);
  if (!isJsonObject(content)) {
    throw invalid(`${path} holds no JSON object; wanted {"setting": value, …}`);
  }
  const { $schema: _forEditors, ...entries } = content;
  return { nameOf, entries: flattenEntries(entries, path, settings) };
}

/** @throws {AgentError} CONFIG_INVALID when a key is unknown. */
export function readFlagSource(
  flags: JsonObject,
  settings: readonly Setting[],
  nameOf: (key: string) => string,
): ConfigSource {
  return { nameOf, entries: flattenEntries(flags, "the flags", settings) };
}

/**
 * Returns what `AUTODIDACT_…` variables say; an empty one counts as absent. Unknown variables are
 * ignored, but those that look like a misspelt setting are warned of.
 */
export function readEnvironmentSource(
  env: Environment,
  settings: readonly Setting[],
): { source: ConfigSource; warnings: readonly string[] } {
  const byName = new Map(settings.map((setting) => [setting.environmentName, setting]));
  const entries = new Map<string, JsonValue>();
  const warnings: string[] = [];
  for (const [name, text] of Object.entries(env)) {
    if (!name.startsWith("AUTODIDACT_") || text === undefined || text === "") {
      continue;
    }
    const setting = byName.get(name);
    if (setting !== undefined) {
      entries.set(setting.key, parseSettingText(setting, text));
    } else if (!otherVariables.includes(name)) {
      warnings.push(...nearMiss(name, [...byName.keys()]));
    }
  }
  const nameOf = (key: string) =>
    settings.find((setting) => setting.key === key)?.environmentName ?? key;
  return { source: { nameOf, entries }, warnings };
}

/** Returns the value that a variable's or flag's text stands for; the text itself when it is none. */
export function parseSettingText(setting: Setting, text: string): JsonValue {
  switch (setting.kind) {
    case "text":
      return text;
    case "number":
      return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim()) ? Number(text) : text;
    case "boolean":
      return parseBoolean(text);
    case "names":
      return text.trimStart().startsWith("[") && findJsonSyntaxProblem(text) === undefined
        ? JSON.parse(text)
        : text;
    case "json":
      return findJsonSyntaxProblem(text) === undefined ? JSON.parse(text) : text;
  }
}

export function invalid(what: string): AgentError {
  const end = what.endsWith("?") ? "" : ".";
  return new AgentError("CONFIG_INVALID", `Reading the configuration: ${what}${end}`, {
    blame: "caller",
  });
}

function parseBoolean(text: string): JsonValue {
  const word = text.trim().toLowerCase();
  if (["true", "1", "yes", "on"].includes(word)) {
    return true;
  }
  return ["false", "0", "no", "off"].includes(word) ? false : text;
}

function nearMiss(name: string, known: readonly string[]): string[] {
  // Without the prefix that all share, or everything would look near.
  const endings = known.map((each) => each.slice("AUTODIDACT_".length));
  const near = nearestWord(name.slice("AUTODIDACT_".length), endings);
  return near === undefined
    ? []
    : [`${name} is no setting and is ignored; did you mean AUTODIDACT_${near}?`];
}

async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    const { size } = await stat(path);
    if (size > maxFileBytes) {
      throw invalid(`${path} has ${size} bytes; wanted at most ${maxFileBytes}`);
    }
    return await readFile(path, "utf8");
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") {
      return undefined;
    }
    if (code === undefined || error instanceof AgentError) {
      throw error;
    }
    throw invalid(`${path} cannot be read (${code}); make it a readable file or remove it`);
  }
}

function flattenEntries(
  content: JsonObject,
  place: string,
  settings: readonly Setting[],
  prefix = "",
): Map<string, JsonValue> {
  const entries = new Map<string, JsonValue>();
  for (const [name, value] of Object.entries(content)) {
    const key = `${prefix}${name}`;
    const isGroup = settings.some((setting) => setting.key.startsWith(`${key}.`));
    if (isGroup && isJsonObject(value)) {
      for (const [inner, each] of flattenEntries(value, place, settings, `${key}.`)) {
        entries.set(inner, each);
      }
    } else if (isGroup) {
      throw invalid(`${key} in ${place} is ${JSON.stringify(value)}; wanted a JSON object`);
    } else if (settings.some((setting) => setting.key === key)) {
      entries.set(key, value);
    } else {
      throw unknownKey(key, place, settings);
    }
  }
  return entries;
}

/** Names the unknown key, and the nearest known one if there is any. */
export function unknownKey(key: string, place: string, settings: readonly Setting[]): AgentError {
  const near = nearestWord(
    key,
    settings.map((setting) => setting.key),
  );
  const hint =
    near === undefined ? "see `autodidact config` for all settings" : `did you mean ${near}?`;
  return invalid(`${JSON.stringify(key)} in ${place} is no setting; ${hint}`);
}
