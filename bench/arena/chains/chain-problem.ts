import type { JsonValue } from "../../../src/shared/json.ts";
import type { Behaviour } from "../../../src/verify/agreement/behaviour.ts";
import {
  type AgreementFinding,
  contestedInputs,
  decisiveAgreement,
  decisiveDisagreements,
} from "../../../src/verify/agreement/decisive-agreement.ts";
import { countingCases } from "../../../src/verify/agreement/filter-cases.ts";
import { peersOf } from "../../../src/verify/agreement/peer-weights.ts";
import { readExample } from "../../../src/verify/example-reader.ts";
import { examplesInGoal } from "../../../src/verify/goal-examples.ts";
import type { ArenaCase, Conversion } from "../adapter/adapt-problem.ts";
import { restoringExpression } from "../adapter/python-shape.ts";
import { readDocstring } from "../adapter/read-docstring.ts";
import { type ArenaTools, type ObservedProblem, observeProblem } from "../observe.ts";
import { assertsOf, type ChainRow, type ProblemRow, programText } from "../read-rows.ts";
import type { ChainScript } from "./chain-model.ts";

const maxCases = 60;
/** So many of the tester's own the product wants; some may be dropped as contradictions. */
const fewestCases = 4;

/** A chain with everything that its run needs: what its model answers, and what its peers say. */
export interface ChainProblem {
  readonly chain: ChainRow;
  readonly goal: string;
  readonly script: ChainScript;
  /** Lines `ARGS => RESULT`. */
  readonly examples: readonly string[];
  /** Whether the product may take examples from the goal's text. */
  readonly readsGoal: boolean;
  /** The tester's suite when nobody filters it. */
  readonly everyCase: readonly JsonValue[];
  /** What the peers say of the program of one attempt. */
  agreement(attempt: number): AgreementFinding;
  readonly treeDigests: readonly string[];
  readonly conversion: Conversion;
}

/** As the product is given it. */
function goalOf({ entry_point: entry, prompt }: ChainRow): string {
  return `Write ${entry}: ${prompt}`.slice(0, 1_500);
}

/** Peers are other models' programs for the same problem; their recorded asserts are the suite. */
export async function prepareChain(
  tools: ArenaTools,
  chain: ChainRow,
  row: ProblemRow | undefined,
): Promise<ChainProblem | undefined> {
  const { entry_point: entry, prompt, header, model } = chain;
  const attempts = chain.attempts.map(({ code }) => programText(header, code));
  const others = (row?.candidates ?? []).filter((candidate) => candidate.model !== model);
  const texts = others.map(({ code }) => programText(row?.header, code));
  const sources = [...new Set([...attempts, ...texts])];
  const asserts = [...(row === undefined ? [] : assertsOf(row)), ...chain.tests];
  const lawful = [...new Set([...(row?.sample_io ?? []), ...readDocstring(prompt, entry)])];
  const text = { name: "recorded_problem", entry, prompt, asserts, examples: lawful };
  const observed = await observeProblem(tools, text, sources);
  if (observed === undefined) {
    return undefined;
  }
  const behaviourOf = (source: string, origin: string): Behaviour => {
    const held = observed.behaviours[sources.indexOf(source)];
    const nothing = { textDigest: "", treeDigest: "", outcomes: [], passes: [] };
    return {
      ...(held ?? nothing),
      samples: 1,
      origin: { model: origin, prompt: "", language: "python" },
    };
  };
  const own = attempts.map((source) => behaviourOf(source, model));
  const foreign = others.map((other, index) => behaviourOf(texts[index] ?? "", other.model ?? ""));
  return assemble(chain, observed, { attempts, own, foreign });
}

interface Programs {
  readonly attempts: readonly string[];
  readonly own: readonly Behaviour[];
  readonly foreign: readonly Behaviour[];
}

function assemble(chain: ChainRow, observed: ObservedProblem, programs: Programs): ChainProblem {
  const { adapted, cases, agreementInputs, inputs } = observed;
  const { own, foreign } = programs;
  const nobody = { outcomes: [] };
  const counts = countingCases(cases, foreign);
  const agreement = (attempt: number): AgreementFinding => {
    const program = own[attempt];
    const peers = program === undefined ? [] : peersOf(program, foreign);
    return decisiveAgreement(program ?? nobody, peers, cases, agreementInputs);
  };
  const used = new Set<number>();
  const doubt: ChainScript["doubt"] = (attempt) => {
    const program = own[attempt];
    if (program === undefined) {
      return undefined;
    }
    const peers = peersOf(program, foreign);
    const all = contestedInputs(program, peers, cases, agreementInputs);
    const next = all.find(({ input }) => !used.has(input.index));
    if (next === undefined) {
      return undefined;
    }
    used.add(next.input.index);
    return { args: [...(inputs[next.input.index] ?? [])], returns: JSON.parse(next.answer) };
  };
  return {
    chain,
    goal: goalOf(chain),
    readsGoal: true,
    everyCase: suiteOf(goalOf(chain), observed, foreign, () => true),
    agreement,
    conversion: adapted.conversion,
    treeDigests: own.map(({ treeDigest }) => treeDigest),
    examples: adapted.cases.flatMap(({ isExample, args, check }) =>
      isExample && check.kind === "returns"
        ? [`${JSON.stringify(args)} => ${JSON.stringify(check.expected)}`]
        : [],
    ),
    script: {
      contract: JSON.parse(JSON.stringify(adapted.contract)),
      cases: suiteOf(goalOf(chain), observed, foreign, (index) => counts[index] === true),
      programs: programs.attempts.map((source) => withShapes(source, observed)),
      doubt,
    },
  };
}

/**
 * The wanted cases, each once and none that an example says already; where they are fewer than a suite needs, what peers decisively answer on inputs like theirs.
 */
function suiteOf(
  goal: string,
  observed: ObservedProblem,
  peers: readonly Behaviour[],
  isWanted: (index: number) => boolean,
): JsonValue[] {
  const { adapted, cases, inputs } = observed;
  const keyOf = ({ args, check }: Pick<ArenaCase, "args" | "check">) =>
    JSON.stringify([args, check]);
  const examples = new Set([
    ...adapted.cases.filter(({ isExample }) => isExample).map(keyOf),
    ...goalCases(goal, observed).map(keyOf),
  ]);
  const counting = adapted.cases.filter(
    (one, index) => isWanted(index) && !examples.has(keyOf(one)),
  );
  const distinct = [...new Map(counting.map((one) => [keyOf(one), one])).values()];
  const written = distinct.slice(0, maxCases).map(writtenCase);
  const nobody = { outcomes: [] };
  const decisive = decisiveDisagreements(nobody, peers, cases, observed.agreementInputs);
  const answered = decisive
    .filter(({ input }) => input.isFamiliar)
    .slice(0, Math.max(0, fewestCases - written.length))
    .map(({ input, answer }) => ({
      args: [...(inputs[input.index] ?? [])],
      returns: JSON.parse(answer),
    }));
  return [...written, ...answered];
}

/** What the product reads from the goal's own text: no case of the tester's may say it once more. */
function goalCases(
  goal: string,
  { adapted }: ObservedProblem,
): Pick<ArenaCase, "args" | "check">[] {
  return examplesInGoal(goal).flatMap(({ line }) => {
    const example = readExample(line, adapted.contract);
    return example.kind === "returns"
      ? [{ args: example.args, check: { kind: "returns" as const, expected: example.expected } }]
      : [];
  });
}

function writtenCase({ args, check }: ArenaCase): JsonValue {
  return check.kind === "returns"
    ? { args: [...args], returns: check.expected }
    : { args: [...args], property: check.expression };
}

/** The program, called with tuples and keys that are numbers where the recorded calls have them. */
function withShapes(source: string, { adapted }: ObservedProblem): string {
  const { entry, parameters } = adapted.contract;
  const all = parameters.map((_, index) => {
    const name = `argument_${index}`;
    return { name, restored: restoringExpression(adapted.shapes[index] ?? null, name) };
  });
  const needed = all.findLastIndex(({ name, restored }) => restored !== name) + 1;
  if (needed === 0) {
    return source;
  }
  const rest = needed < all.length ? ["*rest"] : [];
  const names = [...all.slice(0, needed).map(({ name }) => name), ...rest];
  const restored = [...all.slice(0, needed).map((one) => one.restored), ...rest];
  return `${source}

_plain_entry = ${entry}


def ${entry}(${names.join(", ")}):
    return _plain_entry(${restored.join(", ")})
`;
}
