import { readPythonText } from "./python-text.ts";
import type { PythonValue } from "./python-value.ts";

const maxDepth = 60;
const maxRepeatedLength = 20_000;
const maxIntegerDigits = 4_000;

/** The value of an expression made of literals and plain arithmetic; undefined for anything else. */
export function readPythonLiteral(source: string): PythonValue | undefined {
  const reader = new LiteralReader(source);
  const value = reader.sum(0);
  return reader.isAtEnd() ? value : undefined;
}

export interface CallArguments {
  readonly positional: readonly PythonValue[];
  readonly named: ReadonlyMap<string, PythonValue>;
}

/** The arguments between a call's brackets; undefined when one is no literal. */
export function readCallArguments(source: string): CallArguments | undefined {
  const reader = new LiteralReader(source);
  const positional: PythonValue[] = [];
  const named = new Map<string, PythonValue>();
  while (!reader.isAtEnd()) {
    const name = reader.take(/([A-Za-z_]\w*)\s*=(?!=)/y)?.[1];
    const value = reader.sum(0);
    if (value === undefined) {
      return undefined;
    }
    name === undefined ? positional.push(value) : named.set(name, value);
    if (!reader.takeText(",") && !reader.isAtEnd()) {
      return undefined;
    }
  }
  return { positional, named };
}

type NumberValue = Extract<PythonValue, { kind: "integer" | "float" }>;

const wordValues: ReadonlyMap<string, PythonValue> = new Map([
  ["None", { kind: "none" }],
  ["True", { kind: "boolean", value: true }],
  ["False", { kind: "boolean", value: false }],
  ["set", { kind: "set", items: [] }],
  ["frozenset", { kind: "set", items: [] }],
  ["list", { kind: "list", items: [] }],
  ["tuple", { kind: "tuple", items: [] }],
  ["dict", { kind: "dictionary", entries: [] }],
]);

class LiteralReader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  isAtEnd(): boolean {
    this.#skipSpace();
    return this.#at >= this.#source.length;
  }

  take(pattern: RegExp): RegExpExecArray | undefined {
    this.#skipSpace();
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#source);
    this.#at += match?.[0].length ?? 0;
    return match ?? undefined;
  }

  takeText(text: string): boolean {
    this.#skipSpace();
    const isThere = this.#source.startsWith(text, this.#at);
    this.#at += isThere ? text.length : 0;
    return isThere;
  }

  #skipSpace(): void {
    const space = /(?:\s|\\\n|#[^\n]*)*/y;
    space.lastIndex = this.#at;
    this.#at += space.exec(this.#source)?.[0].length ?? 0;
  }

  sum(depth: number): PythonValue | undefined {
    let left = this.#product(depth);
    for (let sign = this.take(/[+-]/y)?.[0]; left && sign; sign = this.take(/[+-]/y)?.[0]) {
      left = add(left, this.#product(depth), sign);
    }
    return left;
  }

  #product(depth: number): PythonValue | undefined {
    let left = this.#signed(depth);
    const next = () => this.take(/\/\/|\*(?!\*)|[/%]/y)?.[0];
    for (let sign = next(); left && sign; sign = next()) {
      left = multiply(left, this.#signed(depth), sign);
    }
    return left;
  }

  #signed(depth: number): PythonValue | undefined {
    const sign = this.take(/[+-]/y)?.[0];
    if (sign === undefined) {
      return this.#power(depth);
    }
    const value = depth > maxDepth ? undefined : this.#signed(depth + 1);
    if (value?.kind === "integer") {
      return sign === "-" ? { kind: "integer", value: -value.value } : value;
    }
    if (value?.kind === "float") {
      return sign === "-" ? { kind: "float", value: -value.value } : value;
    }
    return undefined;
  }

  #power(depth: number): PythonValue | undefined {
    const base = this.#atom(depth);
    if (!this.takeText("**")) {
      return base;
    }
    const exponent = this.#signed(depth + 1);
    const isWhole = base?.kind === "integer" && exponent?.kind === "integer";
    return isWhole && exponent.value >= 0n && exponent.value <= 2_000n
      ? { kind: "integer", value: base.value ** exponent.value }
      : undefined;
  }

  #atom(depth: number): PythonValue | undefined {
    if (depth > maxDepth) {
      return undefined;
    }
    return this.#number() ?? this.#word() ?? this.#text() ?? this.#container(depth);
  }

  #number(): PythonValue | undefined {
    const digits = this.take(
      /0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*)?\.?\d[\d_]*(?:\.(?!\w))?(?:[eE][+-]?\d+)?(?![\w.])/y,
    )?.[0].replaceAll("_", "");
    if (digits === undefined || digits.length > maxIntegerDigits) {
      return undefined;
    }
    const isFloat = /[.eE]/.test(digits) && !/^0[xX]/.test(digits);
    return isFloat
      ? { kind: "float", value: Number(digits) }
      : { kind: "integer", value: BigInt(/^0\d/.test(digits) ? Number(digits) : digits) };
  }

  #word(): PythonValue | undefined {
    const pattern = /(?:None|True|False)\b|(?:set|dict|list|tuple|frozenset)\s*\(\s*\)/y;
    const word = this.take(pattern)?.[0].replace(/\W/g, "");
    return word === undefined ? undefined : wordValues.get(word);
  }

  #text(): PythonValue | undefined {
    let whole: PythonValue | undefined;
    for (;;) {
      this.#skipSpace();
      const read = readPythonText(this.#source, this.#at);
      if (read === undefined) {
        return whole;
      }
      if (whole !== undefined && whole.kind !== read.value.kind) {
        return undefined;
      }
      this.#at = read.end;
      whole = whole === undefined ? read.value : add(whole, read.value, "+");
    }
  }

  #container(depth: number): PythonValue | undefined {
    if (this.takeText("[")) {
      const items = this.#items("]", depth);
      return items && { kind: "list", items: items.values };
    }
    if (this.takeText("(")) {
      const items = this.#items(")", depth);
      const only = items?.values.length === 1 && !items.hasComma ? items.values[0] : undefined;
      return only ?? (items && { kind: "tuple", items: items.values });
    }
    return this.takeText("{") ? this.#braces(depth) : this.#conversion(depth);
  }

  #conversion(depth: number): PythonValue | undefined {
    const name = this.take(/(set|frozenset|list|tuple)\s*\(/y)?.[1];
    const inner = name === undefined ? undefined : this.sum(depth + 1);
    if (inner === undefined || !("items" in inner) || !this.takeText(")")) {
      return undefined;
    }
    const kind = name === "list" || name === "tuple" ? name : "set";
    return { kind, items: inner.items };
  }

  #items(end: string, depth: number): { values: PythonValue[]; hasComma: boolean } | undefined {
    const values: PythonValue[] = [];
    let hasComma = false;
    while (!this.takeText(end)) {
      const value = this.sum(depth + 1);
      if (value === undefined) {
        return undefined;
      }
      values.push(value);
      const isFollowed = this.takeText(",");
      hasComma ||= isFollowed;
      if (!isFollowed) {
        return this.takeText(end) ? { values, hasComma } : undefined;
      }
    }
    return { values, hasComma };
  }

  #braces(depth: number): PythonValue | undefined {
    const entries: [PythonValue, PythonValue][] = [];
    const items: PythonValue[] = [];
    while (!this.takeText("}")) {
      const key = this.sum(depth + 1);
      const value = key !== undefined && this.takeText(":") ? this.sum(depth + 1) : undefined;
      if (key === undefined) {
        return undefined;
      }
      value === undefined ? items.push(key) : entries.push([key, value]);
      if (!this.takeText(",") && !/^\s*\}/.test(this.#source.slice(this.#at))) {
        return undefined;
      }
    }
    if (items.length > 0) {
      return entries.length === 0 ? { kind: "set", items } : undefined;
    }
    return { kind: "dictionary", entries };
  }
}

function isNumber(value: PythonValue | undefined): value is NumberValue {
  return value?.kind === "integer" || value?.kind === "float";
}

function add(
  left: PythonValue,
  right: PythonValue | undefined,
  sign: string,
): PythonValue | undefined {
  if (isNumber(left) && isNumber(right)) {
    if (left.kind === "integer" && right.kind === "integer") {
      const value = sign === "-" ? left.value - right.value : left.value + right.value;
      return { kind: "integer", value };
    }
    const [a, b] = [Number(left.value), Number(right.value)];
    return { kind: "float", value: sign === "-" ? a - b : a + b };
  }
  if (sign === "+" && left.kind === "text" && right?.kind === "text") {
    return { kind: "text", value: left.value + right.value };
  }
  if (sign === "+" && left.kind === "list" && right?.kind === "list") {
    return { kind: "list", items: [...left.items, ...right.items] };
  }
  return undefined;
}

function multiply(
  left: PythonValue,
  right: PythonValue | undefined,
  sign: string,
): PythonValue | undefined {
  if (isNumber(left) && isNumber(right)) {
    return arithmetic(left, right, sign);
  }
  if (sign !== "*" || right?.kind !== "integer" || right.value > BigInt(maxRepeatedLength)) {
    return undefined;
  }
  const times = Math.max(0, Number(right.value));
  if (left.kind === "text" && left.value.length * times <= maxRepeatedLength) {
    return { kind: "text", value: left.value.repeat(times) };
  }
  if (left.kind === "list" && left.items.length * times <= maxRepeatedLength) {
    return { kind: "list", items: Array.from({ length: times }, () => left.items).flat() };
  }
  return undefined;
}

function arithmetic(left: NumberValue, right: NumberValue, sign: string): PythonValue | undefined {
  const areWhole = left.kind === "integer" && right.kind === "integer";
  if (sign === "*") {
    return areWhole
      ? { kind: "integer", value: left.value * right.value }
      : { kind: "float", value: Number(left.value) * Number(right.value) };
  }
  // Floor division and remainder round otherwise than here below zero; nobody writes them.
  return sign === "/" && Number(right.value) !== 0
    ? { kind: "float", value: Number(left.value) / Number(right.value) }
    : undefined;
}
