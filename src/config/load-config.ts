import { join } from "node:path";
import { fieldOf, type JsonObject, type JsonValue } from "../shared/json.ts";
import { leadsElsewhere } from "../shared/model-destination.ts";
import { parseOllamaHost } from "../shared/ollama-host.ts";
import type { ConfigSource, ConfigValue, LoadedConfig } from "./config-value.ts";
import { modelChain } from "./model-chain.ts";
import { nestEntries } from "./nest-entries.ts";
import {
  type Environment,
  invalid,
  readEnvironmentSource,
  readFileSource,
  readFlagSource,
  userConfigPath,
} from "./read-sources.ts";
import type { Setting } from "./settings.ts";

export interface LoadConfigOptions {
  readonly cwd: string;
  readonly env: Environment;
  /** Settings in the shape of a configuration file. */
  readonly flags: JsonObject;
  readonly homeDirectory: string;
  /** How a flag is called in messages; `flag --max-iterations` unless told. */
  readonly flagName?: (key: string) => string;
  readonly platform?: NodeJS.Platform;
}

/**
 * Returns the settings in force. Where several places give a value, the one nearest to the command
 * wins: flags, then `AUTODIDACT_…` variables, then `autodidact.config.json` of the working folder,
 * then the user's file, then the default. Each setting is taken whole: lists are not joined.
 *
 * Every value is checked, also one that another overrules. `allowRemote: true` is refused in the
 * working folder's file, and so is an `ollamaHost` on another machine: a cloned project must neither
 * consent in its reader's name nor choose who hears what was consented to. `cacheDirectory`, a
 * `sandbox` that may be weaker than `auto`, and settings that prove less than what would hold without
 * that file are refused there too.
 *
 * @throws {AgentError} CONFIG_INVALID naming every wrong value, where it stands and what is wanted.
 * @see docs/decisions/0002-configuration-order.md
 */
export async function loadConfig(options: LoadConfigOptions): Promise<LoadedConfig> {
  // zod takes tens of milliseconds to load; `--help` must not pay for it.
  const [{ configSchema }, { listSettings }] = await Promise.all([
    import("./schema.ts"),
    import("./settings.ts"),
  ]);
  const settings = listSettings();
  const { sources, warnings } = await readSources(options, settings);
  const problems = sources.flatMap((source) => findProblems(source, settings));
  if (problems.length > 0) {
    throw invalid(problems.join("; "));
  }
  const config = configSchema.parse(nestEntries(mergeEntries(sources)));
  const values = settings.map((setting) => explain(setting, sources, config));
  return { config, values, warnings };
}

/** Nearest to the command first. */
async function readSources(
  options: LoadConfigOptions,
  settings: readonly Setting[],
): Promise<{ sources: readonly ConfigSource[]; warnings: readonly string[] }> {
  const { cwd, env, homeDirectory, platform = process.platform } = options;
  const flags = readFlagSource(options.flags, settings, options.flagName ?? defaultFlagName);
  const { source: environment, warnings } = readEnvironmentSource(env, settings);
  const folderPath = join(cwd, "autodidact.config.json");
  const folder = await readFileSource(folderPath, settings);
  if (folder.entries.get("allowRemote") === true) {
    throw invalid(
      `allowRemote in ${folderPath} is true; wanted in your own hands: use --allow-remote, AUTODIDACT_ALLOW_REMOTE=true or ${userConfigPath(env, homeDirectory, platform)}`,
    );
  }
  const host = folder.entries.get("ollamaHost");
  if (typeof host === "string" && !parseOllamaHost(host).isLoopback) {
    throw invalid(
      `ollamaHost in ${folderPath} is ${JSON.stringify(host.slice(0, 200))}, another machine; wanted in your own hands: use OLLAMA_HOST, AUTODIDACT_OLLAMA_HOST or ${userConfigPath(env, homeDirectory, platform)}`,
    );
  }
  const user = await readFileSource(userConfigPath(env, homeDirectory, platform), settings);
  const ownHands = [
    ...settingsOfOwnHands(folder.entries),
    ...insistedOtherwise(folder.entries, user.entries),
    ...weakenedProof(folder.entries, user.entries, settings),
    ...spendingOfOwnHands(folder.entries, user.entries),
  ];
  for (const { key, why } of ownHands) {
    const variable = settings.find((setting) => setting.key === key)?.environmentName ?? key;
    throw invalid(
      `${key} in ${folderPath} ${why}; wanted in your own hands: use --set ${key}=…, ${variable} or ${userConfigPath(env, homeDirectory, platform)}`,
    );
  }
  return { sources: [flags, environment, folder, user], warnings };
}

/**
 * A cloned project must not choose what its own proofs are made on: Python starts from a snapshot in the
 * cache folder, and a weaker sandbox than the machine offers is a person's choice. Nor may it choose who
 * hears what was consented to, or which file of its reader's is sent there as a key.
 */
function settingsOfOwnHands(entries: ReadonlyMap<string, JsonValue>): RefusedSetting[] {
  const found: RefusedSetting[] = [];
  if (entries.has("cacheDirectory")) {
    found.push({ key: "cacheDirectory", why: "is set" });
  }
  const sandbox = entries.get("sandbox");
  if (sandbox === "deno" || sandbox === "deno-seccomp") {
    const why = `is ${JSON.stringify(sandbox)}, which may be weaker than auto`;
    found.push({ key: "sandbox", why });
  }
  for (const key of ["openaiKeyFile", "anthropicKeyFile", "compatibleKeyFiles"]) {
    if (entries.has(key)) found.push({ key, why: "is set" });
  }
  for (const key of ["model", "coder", "tester", "analyst", "peers"]) {
    const value = entries.get(key);
    const names = [value].flat().filter((name) => typeof name === "string");
    const remote = modelChain(typeof value === "string" ? value : names).find(leadsElsewhere);
    if (remote !== undefined) {
      const why = `names ${JSON.stringify(remote.slice(0, 200))}, which is not on this machine`;
      found.push({ key, why });
    }
  }
  return found;
}

/** What its reader insists on stays: a way of holding skills, and whose programs are compared. */
function insistedOtherwise(
  folder: ReadonlyMap<string, JsonValue>,
  user: ReadonlyMap<string, JsonValue>,
): RefusedSetting[] {
  const found: RefusedSetting[] = [];
  const sandbox = user.get("sandbox") ?? "auto";
  if (folder.get("sandbox") === "auto" && sandbox !== "auto") {
    found.push({ key: "sandbox", why: `is "auto" where your own file insists on ${sandbox}` });
  }
  const [peers, own] = [folder.get("peers"), user.get("peers")];
  const left = Array.isArray(own) ? own.filter((peer) => ![peers].flat().includes(peer)) : [];
  if (peers !== undefined && left.length > 0) {
    found.push({ key: "peers", why: `leaves out ${left.join(", ")} of your own file` });
  }
  return found;
}

interface RefusedSetting {
  readonly key: string;
  readonly why: string;
}

/** Of each, less proves less. */
const proofSettings = [
  "analysis",
  "suiteCases",
  "sealedShare",
  "flakeRuns",
  "maxMutants",
  "minMutationScore",
  "candidates",
];

/** A third may be written 0.33. */
const roundingError = 0.005;

/** A cloned project may ask for more than its reader would, and never have less proven unseen. */
function weakenedProof(
  folder: ReadonlyMap<string, JsonValue>,
  user: ReadonlyMap<string, JsonValue>,
  settings: readonly Setting[],
): RefusedSetting[] {
  return settings
    .filter(({ key }) => proofSettings.includes(key) && folder.has(key))
    .flatMap(({ key, defaultValue, accepts }): RefusedSetting[] => {
      const value = folder.get(key) ?? null;
      const own = user.get(key);
      const without = own !== undefined && accepts(own) ? own : defaultValue;
      // A value of the wrong kind is reported as that.
      return accepts(value) && Number(value) < Number(without) - roundingError
        ? [{ key, why: `is ${value} and would prove less than ${without}, which holds without it` }]
        : [];
    });
}

/** Nor may it raise what its reader is ready to spend, or say that a model costs less than it does. */
function spendingOfOwnHands(
  folder: ReadonlyMap<string, JsonValue>,
  user: ReadonlyMap<string, JsonValue>,
): RefusedSetting[] {
  const raised = [...folder].flatMap(([key, value]): RefusedSetting[] => {
    const own = user.get(key);
    const isRaised = typeof value === "number" && typeof own === "number" && value > own;
    return key.startsWith("budget.") && isRaised
      ? [{ key, why: `is ${value}, more than the ${own} of your own file` }]
      : [];
  });
  const models = folder.get("models");
  const isPriced =
    models !== undefined && /"(?:in|out)putPricePerMillion"/.test(JSON.stringify(models));
  return isPriced ? [...raised, { key: "models", why: "says what models cost" }] : raised;
}

function defaultFlagName(key: string): string {
  return `flag --${key.replace(/([a-z0-9])([A-Z])/g, "$1-$2").toLowerCase()}`;
}

function findProblems(source: ConfigSource, settings: readonly Setting[]): string[] {
  return settings.flatMap((setting) => {
    const value = source.entries.get(setting.key);
    if (value === undefined || setting.accepts(value)) {
      return [];
    }
    const found = JSON.stringify(value).slice(0, 200);
    return [
      `${setting.key} from ${source.nameOf(setting.key)} is ${found}; wanted ${setting.wanted}`,
    ];
  });
}

function mergeEntries(sources: readonly ConfigSource[]): Map<string, JsonValue> {
  return new Map(sources.toReversed().flatMap((source) => [...source.entries]));
}

function explain(
  setting: Setting,
  sources: readonly ConfigSource[],
  config: LoadedConfig["config"],
): ConfigValue {
  const source = sources.find((each) => each.entries.has(setting.key));
  let value: unknown = config;
  for (const name of setting.key.split(".")) {
    value = fieldOf(value, name);
  }
  return {
    key: setting.key,
    value: toJson(value),
    source: source?.nameOf(setting.key) ?? "default",
    description: setting.description,
  };
}

function toJson(value: unknown): JsonValue {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}
