import type { JsonValue } from "../shared/json.ts";
import type { Config } from "./schema.ts";

/** One setting in force and where it came from. */
export interface ConfigValue {
  /** `safety.patterns`. */
  readonly key: string;
  /** Null when the setting is not set and has no default. */
  readonly value: JsonValue;
  /** `default`, `flag --model`, `AUTODIDACT_MODEL`, or the path of a configuration file. */
  readonly source: string;
  readonly description: string;
}

export interface LoadedConfig {
  readonly config: Config;
  /** Every setting, in the order of the schema. */
  readonly values: readonly ConfigValue[];
  /** Things that are probably mistakes but stop nothing, a misspelt variable say. */
  readonly warnings: readonly string[];
}

/** What one place says: a value for some settings, by dotted key. */
export interface ConfigSource {
  /** Named in messages and by `config`, for the given key. */
  readonly nameOf: (key: string) => string;
  readonly entries: ReadonlyMap<string, JsonValue>;
}
