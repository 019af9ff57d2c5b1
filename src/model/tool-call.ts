import { isJsonObject, type JsonObject, type JsonValue } from "../shared/json.ts";
import { readWholeJson } from "./json-text.ts";

const nameKeys = ["name", "tool", "action", "tool_name", "recipient_name"] as const;
const argumentKeys = [
  "arguments",
  "parameters",
  "args",
  "input",
  "tool_input",
  "action_input",
] as const;
const otherKeys = ["type", "id", "index", "call_id"] as const;
const callKeys: ReadonlySet<string> = new Set([...nameKeys, ...argumentKeys, ...otherKeys]);
const wrapperKeys = ["function", "function_call", "tool_call"] as const;

/** The arguments of a value that is nothing but a tool call; any other value as it is. */
export function unwrapToolCall(value: JsonValue): JsonValue {
  return argumentsOf(value) ?? value;
}

/** Undefined for what is no tool call. */
function argumentsOf(value: JsonValue): JsonObject | undefined {
  if (Array.isArray(value)) {
    const [only] = value;
    return value.length === 1 && only !== undefined ? argumentsOf(only) : undefined;
  }
  if (!isJsonObject(value)) return undefined;
  const keys = Object.keys(value);
  const wrapper = wrapperKeys.find((key) => isJsonObject(value[key]));
  const isWrapped = keys.every((key) => key === wrapper || callKeys.has(key));
  if (wrapper !== undefined && isWrapped) return argumentsOf(value[wrapper] ?? null);
  if (Array.isArray(value["tool_calls"]) && keys.every((key) => plainMessageKeys.has(key))) {
    return argumentsOf(value["tool_calls"]);
  }
  return argumentsOfCall(value, keys);
}

const plainMessageKeys: ReadonlySet<string> = new Set(["tool_calls", "role", "content"]);

function argumentsOfCall(value: JsonObject, keys: readonly string[]): JsonObject | undefined {
  const isCall =
    keys.every((key) => callKeys.has(key)) &&
    nameKeys.some((key) => typeof value[key] === "string");
  const key = argumentKeys.find((one) => value[one] !== undefined);
  if (!isCall || key === undefined) return undefined;
  const args = value[key];
  if (isJsonObject(args)) return args;
  if (typeof args !== "string") return undefined;
  const inner = readWholeJson(args);
  return inner.kind === "parsed" && isJsonObject(inner.value) ? inner.value : undefined;
}
