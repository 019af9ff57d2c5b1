import type { PythonValue } from "./python-value.ts";

/**
 * What JSON loses of an argument and a Python function may look at: tuples, floats without a
 * fraction, keys that are no text. `null`: nothing is lost.
 */
export type PythonShape =
  | null
  | { readonly kind: "float" }
  | { readonly kind: "list" | "tuple"; readonly items: PythonShape }
  | {
      readonly kind: "dictionary";
      readonly keys: "integer" | "float" | null;
      readonly values: PythonShape;
    };

/** The shape that most of the values at one place have. */
export function shapeOf(values: readonly PythonValue[]): PythonShape {
  const sequences = values.filter((value) => "items" in value && value.kind !== "set");
  if (sequences.length > 0) {
    const items = shapeOf(
      sequences.flatMap((sequence) => ("items" in sequence ? sequence.items : [])),
    );
    const tuples = sequences.filter(({ kind }) => kind === "tuple").length;
    const kind = 2 * tuples > sequences.length ? "tuple" : "list";
    return kind === "list" && items === null ? null : { kind, items };
  }
  const entries = values.flatMap((value) => (value.kind === "dictionary" ? value.entries : []));
  if (entries.length > 0) {
    const inner = shapeOf(entries.map(([, value]) => value));
    const keys = keyKind(entries.map(([key]) => key));
    return keys === null && inner === null ? null : { kind: "dictionary", keys, values: inner };
  }
  const numbers = values.filter(({ kind }) => kind === "integer" || kind === "float");
  const areFloats = numbers.length > 0 && numbers.every(({ kind }) => kind === "float");
  return areFloats ? { kind: "float" } : null;
}

function keyKind(keys: readonly PythonValue[]): "integer" | "float" | null {
  const isAll = (kind: PythonValue["kind"]) => keys.every((key) => key.kind === kind);
  return isAll("integer") ? "integer" : isAll("float") ? "float" : null;
}

/** Python source of `restore(value, shape)`, which gives an argument its shape back where it can. */
export const restoreSource = `def _restore(value, shape):
    if shape is None:
        return value
    kind = shape["kind"]
    if kind == "float":
        return float(value) if type(value) is int else value
    if kind in ("list", "tuple") and isinstance(value, list):
        items = [_restore(item, shape["items"]) for item in value]
        return tuple(items) if kind == "tuple" else items
    if kind == "dictionary" and isinstance(value, dict):
        return {_restore_key(key, shape["keys"]): _restore(item, shape["values"])
                for key, item in value.items()}
    return value


def _restore_key(key, kind):
    try:
        return int(key) if kind == "integer" else float(key) if kind == "float" else key
    except ValueError:
        return key
`;

/**
 * A Python expression that gives `name` the shape back, as short as can be, since it becomes part of a
 * program whose every line is tested; `name` itself where nothing needs to be done. Floats stay as they
 * are: a contract's `number` may be whole, and the calls of cases have theirs tagged.
 */
export function restoringExpression(shape: PythonShape, name: string): string {
  if (shape === null || shape.kind === "float") {
    return name;
  }
  const item = `${name}_item`;
  if (shape.kind === "dictionary") {
    const [key, inner] = [`${name}_key`, restoringExpression(shape.values, item)];
    const convert =
      shape.keys === null ? undefined : { integer: "int", float: "float" }[shape.keys];
    const plain = convert === undefined && inner === item;
    const written = convert === undefined ? key : `${convert}(${key})`;
    return plain ? name : `{${written}: ${inner} for ${key}, ${item} in ${name}.items()}`;
  }
  const inner = restoringExpression(shape.items, item);
  if (shape.kind === "tuple") {
    return inner === item ? `tuple(${name})` : `tuple(${inner} for ${item} in ${name})`;
  }
  return inner === item ? name : `[${inner} for ${item} in ${name}]`;
}
