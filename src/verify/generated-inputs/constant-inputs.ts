import type { TaggedValue } from "../../sandbox/sandbox.ts";
import { canonicalJson } from "../../shared/digest.ts";
import type { SourceConstants } from "../../syntax/constants/source-constants.ts";
import type { Contract } from "../contract.ts";
import { type ValueForm, valueForm } from "../tagged-value.ts";
import { edgeValues } from "./edge-values.ts";
import { type Arguments, fits, maxInputLength } from "./generate-inputs.ts";
import { asObject } from "./mutate-value.ts";
import { SeededRandom } from "./seeded-random.ts";

const maxTriesAnInput = 8;
const maxDepth = 8;
/** Beyond it a float is the same with one more. */
const largestExact = 2 ** 53 - 1;

/**
 * Calls with literals of a source put where their kind stands: numbers, one more, one less and turned
 * around; texts, whole, as a beginning, a character short, and as keys. They take the branches behind
 * `if x == 4711`, which no other call finds. Each fits the contract, none is among the given calls.
 * The same arguments give the same inputs, and a smaller `count` a prefix of them.
 */
export function constantInputs(
  contract: Contract,
  calls: readonly Arguments[],
  constants: SourceConstants,
  options: { readonly count: number; readonly seed: number },
): readonly Arguments[] {
  const values = valuesOf(constants);
  const random = new SeededRandom(options.seed);
  const bases = calls.filter((args) => fits(args, contract));
  const known = bases.length > 0 ? bases : callsAtEdges(contract);
  const seen = new Set(calls.map((args) => canonicalJson([...args])));
  const inputs: Arguments[] = [];
  const maxTries = values.length === 0 ? 0 : options.count * maxTriesAnInput;
  for (let turn = 0; inputs.length < options.count && turn < maxTries; turn += 1) {
    const args = placed(turn, values, random.pick(known), random);
    const key = args === undefined ? "" : canonicalJson([...args]);
    if (args !== undefined && key.length <= maxInputLength && !seen.has(key)) {
      seen.add(key);
      if (fits(args, contract)) {
        inputs.push(args);
      }
    }
  }
  return inputs;
}

/**
 * Every value once, then once more inside of what stands there; from then on two together, for branches
 * that hang on both.
 */
function placed(
  turn: number,
  values: readonly TaggedValue[],
  base: Arguments | undefined,
  random: SeededRandom,
): Arguments | undefined {
  const value = values[turn % values.length];
  if (base === undefined || value === undefined) {
    return undefined;
  }
  const round = Math.floor(turn / values.length);
  const once = putAnywhere(base, value, round !== 1, random);
  const other = round < 2 ? undefined : random.pick(values);
  return other === undefined ? once : (putAnywhere(once ?? base, other, true, random) ?? once);
}

function callsAtEdges({ parameters }: Contract): readonly Arguments[] {
  const edges = parameters.map(({ schema }) => edgeValues(schema));
  const longest = Math.max(0, ...edges.map((values) => values.length));
  return Array.from({ length: longest }, (_, row) =>
    edges.flatMap((values) => values.slice(row % Math.max(1, values.length)).slice(0, 1)),
  );
}

function valuesOf({ numbers, texts }: SourceConstants): readonly TaggedValue[] {
  const near = inTurn(numbers.map(nearNumber), texts.map(nearText));
  // Each as it stands before what is near it: of many, what is near is left out first.
  const all = [0, 1, 2, 3].flatMap((which) => near.flatMap((values) => values[which] ?? []));
  return [...new Map(all.map((value) => [canonicalJson(value), value])).values()];
}

function inTurn<T>(some: readonly T[], others: readonly T[]): T[] {
  return Array.from({ length: Math.max(some.length, others.length) }, (_, index) => [
    ...some.slice(index, index + 1),
    ...others.slice(index, index + 1),
  ]).flat();
}

function nearNumber(digits: string): TaggedValue[] {
  if (/^\d+$/.test(digits)) {
    const value = BigInt(digits);
    return [value, value + 1n, value - 1n, -value].map(integer);
  }
  const value = Number(digits);
  return [value, value + 1, value - 1, -value].map((near) =>
    Number.isInteger(near) ? { $float: `${near}.0` } : near,
  );
}

function integer(value: bigint): TaggedValue {
  const isExact = value <= largestExact && value >= -largestExact;
  return isExact ? Number(value) : { $integer: value.toString() };
}

function nearText(text: string): TaggedValue[] {
  const short = [...text].slice(0, -1).join("");
  const turned = text === text.toUpperCase() ? text.toLowerCase() : text.toUpperCase();
  return [text, `${text}x`, short, turned];
}

/** Puts the value at one of the places of its kind; undefined where the call has none. */
function putAnywhere(
  args: Arguments,
  value: TaggedValue,
  isWhole: boolean,
  random: SeededRandom,
): Arguments | undefined {
  const path = random.pick(placesFor(value, [...args], []));
  if (path === undefined) {
    return undefined;
  }
  const [first = 0, ...inner] = path;
  const put = (at: TaggedValue) => (isWhole ? whole(at, value) : inserted(at, value, random));
  return args.map((arg, index) => (index === first ? changedAt(arg, inner, put) : arg));
}

type Path = readonly number[];

/** Numbers for a number; texts, and objects that may get a key, for a text. */
function placesFor(value: TaggedValue, at: TaggedValue, path: Path): readonly Path[] {
  const form = valueForm(at);
  const isText = typeof value === "string";
  const isHere = isText ? form.kind === "string" || form.kind === "object" : isNumeric(form.kind);
  const inner = path.length > maxDepth ? [] : itemsOf(at);
  return [
    ...(isHere && path.length > 0 ? [path] : []),
    ...inner.flatMap((item, index) => placesFor(value, item, [...path, index])),
  ];
}

function isNumeric(kind: ValueForm["kind"]): boolean {
  return kind === "number" || kind === "integer";
}

function itemsOf(value: TaggedValue): readonly TaggedValue[] {
  const form = valueForm(value);
  if (form.kind === "array" || form.kind === "set") {
    return form.items;
  }
  return form.kind === "object" ? Object.values(form.value) : [];
}

function changedAt(
  value: TaggedValue,
  [first, ...inner]: Path,
  put: (at: TaggedValue) => TaggedValue,
): TaggedValue {
  if (first === undefined) {
    return put(value);
  }
  const form = valueForm(value);
  const items = itemsOf(value).map((item, index) =>
    index === first ? changedAt(item, inner, put) : item,
  );
  if (form.kind === "object") {
    return asObject(Object.keys(form.value).map((key, index) => [key, items[index] ?? null]));
  }
  return form.kind === "set" ? { $set: items } : items;
}

function whole(at: TaggedValue, value: TaggedValue): TaggedValue {
  const form = valueForm(at);
  if (form.kind !== "object" || typeof value !== "string") {
    return value;
  }
  const [some = 1] = Object.values(form.value);
  return asObject([...Object.entries(form.value), [value, some]]);
}

/** Into a text at its beginning, its end or between. */
function inserted(at: TaggedValue, value: TaggedValue, random: SeededRandom): TaggedValue {
  if (typeof at !== "string" || typeof value !== "string") {
    return whole(at, value);
  }
  const characters = [...at];
  const place = random.pick([0, 0, characters.length, random.below(characters.length + 1)]) ?? 0;
  return characters.toSpliced(place, 0, value).join("");
}
