import type { TaggedValue } from "../../../src/sandbox/sandbox.ts";
import type { PythonValue } from "./python-value.ts";

/** The value as it crosses the sandbox's border; keys of dictionaries become texts, as on its way out. */
export function tagPython(value: PythonValue): TaggedValue {
  switch (value.kind) {
    case "none":
      return null;
    case "boolean":
    case "text":
      return value.value;
    case "integer":
      return tagInteger(value.value);
    case "float":
      return tagFloat(value.value);
    case "bytes":
      return { $bytes: Buffer.from(value.value).toString("base64") };
    case "list":
    case "tuple":
      return value.items.map(tagPython);
    case "set":
      return { $set: value.items.map(tagPython) };
    case "dictionary": {
      const entries = value.entries.map(([key, item]) => [keyText(key), tagPython(item)]);
      const object = Object.fromEntries(entries) as { [key: string]: TaggedValue };
      const [only, ...others] = Object.keys(object);
      return only?.startsWith("$") && others.length === 0 ? { $object: object } : object;
    }
  }
}

function tagInteger(value: bigint): TaggedValue {
  const isSafe = Number.isSafeInteger(Number(value));
  return isSafe ? Number(value) : { $integer: value.toString() };
}

function tagFloat(value: number): TaggedValue {
  if (Number.isNaN(value)) {
    return { $float: "nan" };
  }
  if (!Number.isFinite(value)) {
    return { $float: value > 0 ? "inf" : "-inf" };
  }
  if (Object.is(value, -0)) {
    return { $float: "-0" };
  }
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? { $float: `${value}.0` } : value;
}

function keyText(key: PythonValue): string {
  if (key.kind === "none") {
    return "null";
  }
  const isPlain = key.kind === "text" || key.kind === "boolean" || key.kind === "integer";
  return isPlain || key.kind === "float" ? String(key.value) : JSON.stringify(tagPython(key));
}
