import { digestBytes } from "../../src/shared/digest.ts";
import type { Conversion } from "./adapter/adapt-problem.ts";
import { ablateChains } from "./chains/ablate-chains.ts";
import {
  addChain,
  countRefusals,
  countRepeats,
  type RefusalFigures,
  type RepeatFigures,
} from "./chains/chain-figures.ts";
import { type ChainProblem, prepareChain } from "./chains/chain-problem.ts";
import { playChains } from "./chains/play-chains.ts";
import { findAll, type GateFinding, gateCurve, playGate } from "./gate.ts";
import type { ArenaTools } from "./observe.ts";
import { figuresOf, type PolicyFigures } from "./outcomes.ts";
import { type ChainRow, type ProblemRow, programText, readRows } from "./read-rows.ts";
import type { CollectionFigures } from "./report.ts";
import { addConversion, type OutcomeTable, observeCandidates, playSelection } from "./selection.ts";
import { percent } from "./statistics.ts";

export interface ChainRepeats {
  readonly recorded: RepeatFigures;
  readonly stopped: number;
  readonly runAgain: number;
  readonly objections: number;
  readonly refusals: readonly RefusalFigures[];
}

export interface ArenaOptions {
  readonly dataFolder: string;
  readonly limit: number | undefined;
  /** Plays the chains also with one part after the other left out. */
  readonly ablates: boolean;
}

export const collections = [
  "selection-codegen16b",
  "candidates-humaneval",
  "candidates-mbpp",
  "chains",
] as const;
export type Collection = (typeof collections)[number];

/** The loop whose chains are played: one model's Reflexion on HumanEval. */
const playedChains = "mapcoder-reflexion10/HumanEval/";
const nothing: Conversion = { returns: 0, property: 0, unreadable: 0, unfit: 0 };

export async function playCollection(
  tools: ArenaTools,
  collection: Collection,
  options: ArenaOptions,
): Promise<CollectionFigures> {
  return collection === "chains"
    ? await playChainCollection(tools, options)
    : await playCandidates(tools, collection, options);
}

async function playCandidates(
  tools: ArenaTools,
  collection: Collection,
  { dataFolder, limit }: ArenaOptions,
): Promise<CollectionFigures> {
  const startMs = performance.now();
  const table: OutcomeTable = new Map();
  const findings: GateFinding[] = [];
  let conversion = nothing;
  let problems = 0;
  for (const row of await readRows<ProblemRow>(dataFolder, collection, limit)) {
    const problem = await observeCandidates(tools, row);
    if (problem === undefined) {
      continue;
    }
    problems += 1;
    conversion = addConversion(conversion, problem.observed.adapted.conversion);
    playSelection(problem, table);
    if (collection !== "selection-codegen16b") {
      const found = findAll(problem);
      findings.push(...found);
      playGate(problem, found, table);
    }
  }
  const curve = findings.length === 0 ? [] : gateCurve(findings);
  return { collection, ...summary(startMs, problems, conversion, table), curve };
}

async function playChainCollection(
  tools: ArenaTools,
  { dataFolder, limit, ablates }: ArenaOptions,
): Promise<CollectionFigures> {
  const startMs = performance.now();
  const chains = await readRows<ChainRow>(dataFolder, "chains");
  const rows = await readRows<ProblemRow>(dataFolder, "candidates-humaneval");
  const byProblem = new Map(rows.map((row) => [row.problem_id, row]));
  const played = chains.filter(({ chain_id: id }) => id.startsWith(playedChains)).slice(0, limit);
  const problems: ChainProblem[] = [];
  let conversion = nothing;
  for (const chain of played) {
    const problem = await prepareChain(tools, chain, byProblem.get(chain.problem_id));
    if (problem !== undefined) {
      problems.push(problem);
      conversion = addConversion(conversion, problem.conversion);
    }
  }
  const outcomes = await playChains(problems);
  const byChain = new Map(outcomes.map((outcome) => [outcome.chainId, outcome]));
  const table: OutcomeTable = new Map();
  const ended = problems.flatMap(({ chain }) => {
    const outcome = byChain.get(chain.chain_id);
    return outcome === undefined ? [] : [{ chain, outcome }];
  });
  for (const { chain, outcome } of ended) {
    addChain(table, chain, outcome);
  }
  const sum = (key: "repeatsStopped" | "repeatsRunAgain" | "objections") =>
    outcomes.reduce((total, outcome) => total + outcome[key], 0);
  return {
    collection: "chains",
    ...summary(startMs, problems.length, conversion, table),
    curve: [],
    ...(ablates ? { ablation: await ablateChains(problems, outcomes) } : {}),
    repeats: {
      recorded: countRepeats(await treeDigestsOf(tools, chains)),
      stopped: sum("repeatsStopped"),
      runAgain: sum("repeatsRunAgain"),
      objections: sum("objections"),
      refusals: countRefusals(ended),
    },
  };
}

async function treeDigestsOf(
  { reader }: ArenaTools,
  chains: readonly ChainRow[],
): Promise<readonly (readonly string[])[]> {
  const known = new Map<string, string>();
  const digestOf = async (source: string): Promise<string> => {
    const kept = known.get(source);
    if (kept !== undefined) {
      return kept;
    }
    const facts = await reader.facts("python", source);
    const digest = facts.kind === "read" ? facts.value.treeDigest : digestBytes(source);
    known.set(source, digest);
    return digest;
  };
  const all: string[][] = [];
  for (const { attempts, header } of chains) {
    const digests: string[] = [];
    for (const { code } of attempts) {
      digests.push(await digestOf(programText(header, code)));
    }
    all.push(digests);
  }
  return all;
}

function summary(
  startMs: number,
  problems: number,
  conversion: Conversion,
  table: OutcomeTable,
): Omit<CollectionFigures, "collection" | "curve"> {
  const { returns, property, unreadable, unfit } = conversion;
  return {
    problems,
    seconds: Math.round((performance.now() - startMs) / 1_000),
    conversion,
    convertedPercent: percent(returns + property, returns + property + unreadable + unfit),
    policies: [...table].map(([name, outcomes]) => figuresOf(name, kindOf(name), outcomes)),
  };
}

const bounds = [
  "one at random",
  "best of all",
  "any attempt right",
  "first attempt",
  "last attempt",
];

function kindOf(policy: string): PolicyFigures["kind"] {
  return policy.startsWith("ours") ? "ours" : bounds.includes(policy) ? "bound" : "peer";
}
