import { z } from "zod";
import type { JsonValue } from "../shared/json.ts";
import { configSchema } from "./schema.ts";

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** One setting of the schema, flattened: `safety.patterns` is one. */
export interface Setting {
  /** With dots between the levels. */
  readonly key: string;
  readonly description: string;
  /** `AUTODIDACT_SAFETY_PATTERNS`. */
  readonly environmentName: string;
  /** `json`: written as JSON in variables and flags; `names`: as JSON, or as a text. */
  readonly kind: "text" | "number" | "boolean" | "json" | "names";
  /** For people: `a whole number from 1 to 100`. */
  readonly wanted: string;
  /** Null when there is none. */
  readonly defaultValue: JsonValue;
  accepts(value: JsonValue): boolean;
}

/** Returns every setting in the order of the schema. */
export function listSettings(): readonly Setting[] {
  return flatten(configSchema.shape, "");
}

/** Returns the variable that sets a key: `AUTODIDACT_MAX_ITERATIONS` for `maxIterations`. */
function environmentNameOf(key: string): string {
  const words = key.replaceAll(".", "_").replace(/([a-z0-9])([A-Z])/g, "$1_$2");
  return `AUTODIDACT_${words.toUpperCase()}`;
}

function flatten(shape: z.core.$ZodLooseShape, prefix: string): Setting[] {
  return Object.entries(shape).flatMap(([name, field]) => {
    const key = `${prefix}${name}`;
    if (!(field instanceof z.ZodType)) {
      throw new TypeError(`Reading the configuration schema: ${key} is no zod type.`);
    }
    const inner = unwrap(field);
    return inner instanceof z.ZodObject
      ? flatten(inner.shape, `${key}.`)
      : [describeSetting(key, field)];
  });
}

function unwrap(field: z.ZodType): unknown {
  const isWrapped =
    field instanceof z.ZodDefault ||
    field instanceof z.ZodPrefault ||
    field instanceof z.ZodOptional;
  return isWrapped ? field.unwrap() : field;
}

function describeSetting(key: string, field: z.ZodType): Setting {
  const schema = z.toJSONSchema(field, { io: "input" });
  return {
    key,
    description: schema.description ?? "",
    environmentName: environmentNameOf(key),
    kind: kindOf(schema),
    wanted: describeWanted(schema),
    defaultValue: toJson(schema.default),
    accepts: (value) => field.safeParse(value).success,
  };
}

/** zod gives defaults as they are written: JSON. */
function toJson(value: unknown): JsonValue {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}

function kindOf({ type, anyOf }: JsonSchema): Setting["kind"] {
  if (anyOf !== undefined) {
    return "names";
  }
  if (type === "string") {
    return "text";
  }
  if (type === "integer" || type === "number") {
    return "number";
  }
  return type === "boolean" ? "boolean" : "json";
}

function describeWanted(schema: JsonSchema): string {
  const kind = kindOf(schema);
  switch (kind) {
    case "boolean":
      return "true or false";
    case "text":
      return schema.enum === undefined ? "a text that is not empty" : schema.enum.join(", ");
    case "number":
      return `${schema.type === "integer" ? "a whole number" : "a number"}${describeRange(schema)}`;
    case "json":
      return schema.type === "object" ? "a JSON object by name" : "a JSON list of texts";
    case "names":
      return "a name, names with commas between, or a JSON list of them";
  }
}

function describeRange(schema: JsonSchema): string {
  const { minimum, exclusiveMinimum, maximum } = schema;
  const low = minimum ?? exclusiveMinimum;
  const lowText = exclusiveMinimum === undefined ? `of at least ${low}` : `above ${low}`;
  // zod writes the largest exact integer where no maximum was given.
  const hasMaximum = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER;
  return hasMaximum ? ` from ${low} to ${maximum}` : ` ${lowText}`;
}
