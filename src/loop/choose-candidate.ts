import { digestBytes } from "../shared/digest.ts";
import { type RankedProgram, rankPrograms } from "../verify/rank-programs.ts";
import type { Recalled } from "./recall.ts";
import type { Run } from "./run.ts";
import type { Candidate, StateChange } from "./state.ts";
import { type Planned, readForSafety, writeCandidate, writePeerSource } from "./write-candidate.ts";

interface Program extends Pick<Candidate, "source" | "treeDigest"> {
  /** Null for one that only votes. */
  readonly candidate: Candidate | null;
  readonly model: string;
}

/**
 * Asks for as many programs as the settings say, and programs of the peers beside them, and returns the
 * candidate that the others bear out best. All are tried on open cases and on generated inputs. Where
 * one program is asked for, it is that.
 */
export async function chooseCandidate(
  run: Run,
  state: Planned,
  attempt: number,
  recalled: Recalled,
): Promise<StateChange> {
  const first = await writeCandidate(run, state, attempt, recalled);
  const { candidates } = run.settings;
  if (candidates === 1 && run.peers.length === 0) {
    return first;
  }
  // Behind each call: the next model of the chain may have taken over at it.
  const written = [{ ...first, model: run.models.nameOf("coder") }];
  for (let number = 2; number <= candidates; number += 1) {
    const next = await writeCandidate(run, state, attempt, recalled);
    written.push({ ...next, model: run.models.nameOf("coder") });
  }
  const own = written.flatMap(({ candidate, problem, model }): Program[] =>
    candidate === null || problem !== null ? [] : [{ ...candidate, candidate, model }],
  );
  if (own.length === 0) {
    return first;
  }
  const programs = [...own, ...(await askPeers(run, state, recalled))];
  return await compare(run, state, attempt, programs);
}

async function askPeers(run: Run, state: Planned, recalled: Recalled): Promise<readonly Program[]> {
  const programs: Program[] = [];
  for (const peer of run.peers) {
    const source = await writePeerSource(run, state, recalled, peer);
    if (source !== undefined) {
      const { accepted, treeDigest } = await readForSafety(run, state.contract, source);
      if (accepted) {
        programs.push({ source, treeDigest, candidate: null, model: peer.name });
      }
    }
  }
  return programs;
}

async function compare(
  run: Run,
  { contract, suite, witnesses }: Planned,
  attempt: number,
  programs: readonly Program[],
): Promise<StateChange> {
  const sources = programs.map(({ source }) => source);
  const seed = Number.parseInt(digestBytes(sources.join("\0")).slice(-8), 16);
  const observed = await run.journal.step("observe", () =>
    run.prover.observe({ contract, suite, sources, seed }),
  );
  const { language } = run.directive;
  const ranked = observed.flatMap((one, index): RankedProgram[] => {
    const program = programs[index];
    if (program === undefined) {
      return [];
    }
    const { treeDigest, model } = program;
    return [{ ...one, treeDigest, model, language, isCandidate: program.candidate !== null }];
  });
  const openCases = suite.cases.filter(({ sealed }) => !sealed);
  const { best, evidence, isStrict } = rankPrograms(ranked, openCases);
  if (evidence !== undefined) {
    const { sources: _sources, ...counts } = evidence;
    run.emit({ type: "candidates-compared", attempt, ...counts });
  }
  const candidate = programs[best ?? 0]?.candidate ?? null;
  const agreement = evidence === undefined ? null : { evidence, isStrict };
  const seen = ranked.map(({ treeDigest, passed, caseAnswers }) => ({
    treeDigest,
    passed,
    caseAnswers,
  }));
  return { candidate, problem: null, agreement, witnesses: [...witnesses, ...seen] };
}
