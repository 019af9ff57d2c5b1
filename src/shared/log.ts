import type { Clock } from "./clock.ts";
import type { JsonObject, JsonValue } from "./json.ts";

export type LogLevel = "silent" | "error" | "warn" | "info" | "debug";
export type LogSeverity = Exclude<LogLevel, "silent">;

export interface LogRecord {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly level: LogSeverity;
  readonly message: string;
  readonly fields: JsonObject;
}

/** Where records go. A sink never throws: a log must not stop the work it tells of. */
export type LogSink = (record: LogRecord) => void;

/** Writes records of at least the configured level; values that look like secrets are blanked. */
export interface Log {
  readonly level: LogLevel;
  error(message: string, fields?: JsonObject): void;
  warn(message: string, fields?: JsonObject): void;
  info(message: string, fields?: JsonObject): void;
  debug(message: string, fields?: JsonObject): void;
}

const order: readonly LogLevel[] = ["silent", "error", "warn", "info", "debug"];

/** Returns a log that gives every record of at least `level` to each sink, redacted. */
export function createLog(level: LogLevel, sinks: readonly LogSink[], clock: Clock): Log {
  const write =
    (severity: LogSeverity) =>
    (message: string, fields: JsonObject = {}) => {
      if (order.indexOf(severity) > order.indexOf(level)) {
        return;
      }
      const record: LogRecord = {
        at: clock.now().toISOString(),
        level: severity,
        message: redactText(message),
        fields: redactObject(fields),
      };
      for (const sink of sinks) {
        sink(record);
      }
    };
  return {
    level,
    error: write("error"),
    warn: write("warn"),
    info: write("info"),
    debug: write("debug"),
  };
}

/** A log that keeps nothing. */
export const silentLog: Log = {
  level: "silent",
  error: () => {},
  warn: () => {},
  info: () => {},
  debug: () => {},
};

const blank = "[redacted]";
const secretName =
  /(?:^|[^a-z])(?:api[-_ ]?key|secret|password|passwd|authorization|cookie|credential|private[-_ ]?key|(?:access|auth|bearer|refresh|session|id)[-_ ]?token|token)s?$/i;

/**
 * Returns the value with everything blanked that looks like a secret: fields named like one
 * (`apiKey`, `authorization`, `token`; not `outputTokens`), passwords in addresses, bearer tokens
 * and keys of well-known shapes. It does not find a secret that looks like ordinary text.
 */
export function redact(value: JsonValue): JsonValue {
  if (typeof value === "string") {
    return redactText(value);
  }
  if (Array.isArray(value)) {
    return value.map(redact);
  }
  return typeof value === "object" && value !== null ? redactObject(value) : value;
}

function redactObject(fields: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      const spaced = name.replace(/([a-z0-9])([A-Z])/g, "$1-$2");
      const isSecret = typeof value !== "number" && value !== null && secretName.test(spaced);
      return [name, isSecret ? blank : redact(value)];
    }),
  );
}

/** {@link redact} for one text. */
export function redactText(text: string): string {
  return text
    .replace(/([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@:]{0,256}:[^\s/@]{1,256}@/gi, `$1${blank}@`)
    .replace(/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${blank}`)
    .replace(/\b(?:sk|pk|rk|ghp|gho|ghs|glpat|hf|xox[abp]|lsv2)[-_][\w-]{10,}/g, blank)
    .replace(/\bgithub_pat_\w{10,}|\bAKIA[0-9A-Z]{16}\b/g, blank)
    .replace(
      /\b([\w-]*(?:api[-_]?key|secret|password|token))(["']?\s*[=:]\s*["']?)[^\s"'&,;]{6,}/gi,
      `$1$2${blank}`,
    );
}
