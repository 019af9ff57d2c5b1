import type { TaggedValue } from "../../sandbox/sandbox.ts";
import { canonicalJson } from "../../shared/digest.ts";
import { countProblem } from "../call-arguments.ts";
import type { Contract } from "../contract.ts";
import { validateValue } from "../json-schema.ts";
import { valueForm } from "../tagged-value.ts";
import { edgeValues } from "./edge-values.ts";
import { mutateValue } from "./mutate-value.ts";
import { SeededRandom } from "./seeded-random.ts";

/** Of one call, as JSON. */
export const maxInputLength = 16_000;
const maxTriesAnInput = 12;
const maxMutations = 3;
const maxAlphabetCharacters = 200;

export type Arguments = readonly TaggedValue[];

/**
 * Calls that nobody wrote a case for: the given calls with small changes, arguments of several calls
 * together, and edge values of the contract's schemas, in turn. Each fits the contract, none is among
 * the given calls or said twice (by canonical JSON), none is longer than some 16,000 characters of
 * JSON. Fewer than `count` where there are no more. The same arguments give the same inputs, and a
 * smaller `count` a prefix of them. What no schema says (a text that must be a date) only the given
 * calls can teach, so more and better calls give better inputs.
 */
export function generateInputs(
  contract: Contract,
  calls: readonly Arguments[],
  options: { readonly count: number; readonly seed: number },
): readonly Arguments[] {
  const random = new SeededRandom(options.seed);
  const usable = calls.filter((args) => fits(args, contract));
  const seen = new Set(calls.map((args) => canonicalJson([...args])));
  const makers = inputMakers(contract, usable, random);
  const inputs: Arguments[] = [];
  const maxTries = options.count * maxTriesAnInput + 100;
  for (let turn = 0; inputs.length < options.count && turn < maxTries; turn += 1) {
    const args = makers[turn % makers.length]?.(Math.floor(turn / makers.length));
    const key = args === undefined ? undefined : canonicalJson([...args]);
    if (args !== undefined && key !== undefined && key.length <= maxInputLength) {
      if (!seen.has(key) && fits(args, contract)) {
        inputs.push(args);
      }
      seen.add(key);
    }
  }
  return inputs;
}

/** Whether the arguments fit the contract in number and kind. */
export function fits(args: Arguments, contract: Contract): boolean {
  return (
    countProblem(args.length, contract) === undefined &&
    args.every((value, index) => {
      const parameter = contract.parameters[index];
      return parameter === undefined || validateValue(value, parameter.schema) === undefined;
    })
  );
}

type InputMaker = (round: number) => Arguments | undefined;

function inputMakers(
  contract: Contract,
  calls: readonly Arguments[],
  random: SeededRandom,
): readonly InputMaker[] {
  const edges = contract.parameters.map(({ schema }) => edgeValues(schema));
  const alphabet = alphabetOf(calls);
  const known = contract.parameters.map((_, index) => [
    ...calls.flatMap((args) => args.slice(index, index + 1)),
    ...(edges[index] ?? []),
  ]);
  const mutated: InputMaker = () => mutateCall(random.pick(calls), random, alphabet);
  const edge: InputMaker = (round) => edgeCall(round, random.pick(calls), edges);
  const mixed: InputMaker = () => {
    const length = random.pick(calls)?.length ?? contract.parameters.length;
    const args = known.slice(0, length).map((values) => random.pick(values));
    return args.some((value) => value === undefined)
      ? undefined
      : mutateCall(
          args.filter((value) => value !== undefined),
          random,
          alphabet,
        );
  };
  return calls.length === 0 ? [edge, mixed] : [mutated, edge, mutated, mixed];
}

function mutateCall(
  call: Arguments | undefined,
  random: SeededRandom,
  alphabet: string,
): Arguments | undefined {
  let args = call;
  for (let left = 1 + random.below(maxMutations); args !== undefined && left > 0; left -= 1) {
    const at = random.below(args.length);
    const value = args[at];
    args = value === undefined ? undefined : args.with(at, mutateValue(value, random, alphabet));
  }
  return args;
}

/** A call with one argument at an edge, parameter after parameter; all of them where there is no call. */
function edgeCall(
  round: number,
  call: Arguments | undefined,
  edges: readonly Arguments[],
): Arguments | undefined {
  const at = round % Math.max(1, edges.length);
  const step = Math.floor(round / Math.max(1, edges.length));
  const args = edges.map((values, index) =>
    call === undefined || index === at ? values[(step + index) % values.length] : call[index],
  );
  const isWhole = args.slice(0, call?.length ?? args.length).every((value) => value !== undefined);
  return isWhole ? args.filter((value) => value !== undefined) : undefined;
}

/** The characters that texts anywhere in the calls are made of. */
function alphabetOf(calls: readonly Arguments[]): string {
  const characters = new Set<string>();
  const read = (value: TaggedValue): void => {
    const form = valueForm(value);
    if (form.kind === "string") {
      for (const character of form.value) {
        characters.add(character);
      }
    } else if (form.kind === "array" || form.kind === "set") {
      form.items.forEach(read);
    } else if (form.kind === "object") {
      Object.values(form.value).forEach(read);
    }
  };
  calls.flat().forEach(read);
  return [...characters].slice(0, maxAlphabetCharacters).join("");
}
