import { digestBytes } from "../shared/digest.ts";
import { answerOfKey } from "../verify/observe-programs.ts";
import { type RankedProgram, rankPrograms } from "../verify/rank-programs.ts";
import type { Question } from "./ask-which.ts";
import { askPeers, type PeerProgram } from "./peers.ts";
import type { Recalled } from "./recall.ts";
import type { Run } from "./run.ts";
import type { Candidate, StateChange } from "./state.ts";
import { type Planned, writeCandidate } from "./write-candidate.ts";

interface Program extends PeerProgram {
  /** Null for one that only votes. */
  readonly candidate: Candidate | null;
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
    candidate === null || problem !== null ? [] : [ownProgram(run, candidate, model)],
  );
  if (own.length === 0) {
    return first;
  }
  const peerPrograms = await askPeers(run, state, recalled);
  const programs = [...own, ...peerPrograms.map((one) => ({ ...one, candidate: null }))];
  return { peerPrograms, ...(await compare(run, state, attempt, programs)) };
}

function ownProgram(run: Run, candidate: Candidate, model: string): Program {
  const { source, codeDigest: textDigest, treeDigest } = candidate;
  const { language } = run.directive;
  return { source, textDigest, treeDigest, model, prompt: "", language, candidate };
}

async function compare(
  run: Run,
  { contract, suite, witnesses }: Planned,
  attempt: number,
  programs: readonly Program[],
): Promise<StateChange> {
  const sources = programs.map(({ source }) => source);
  const seed = Number.parseInt(digestBytes(sources.join("\0")).slice(-8), 16);
  const asked = programs.map(({ source, language }) => ({ source, language }));
  const observed = await run.journal.step("observe", () =>
    run.prover.observe({ contract, suite, programs: asked, seed }),
  );
  const ranked = observed.programs.flatMap((one, index): RankedProgram[] => {
    const program = programs[index];
    if (program === undefined) {
      return [];
    }
    const { source: _source, candidate, ...origin } = program;
    return [{ ...one, ...origin, isCandidate: candidate !== null }];
  });
  const openCases = suite.cases.filter(({ sealed }) => !sealed);
  const { best, evidence, isStrict, contested } = rankPrograms(ranked, openCases);
  if (evidence !== undefined) {
    const { sources: _sources, peers: _peers, ...counts } = evidence;
    run.emit({ type: "candidates-compared", attempt, ...counts });
  }
  const candidate = programs[best ?? 0]?.candidate ?? null;
  const questions = contested.map(
    ({ input, own, others }): Question => ({
      args: observed.inputs[input] ?? [],
      answers: [answerOfKey(own), answerOfKey(others)],
    }),
  );
  const agreement = evidence === undefined ? null : { evidence, isStrict, contested: questions };
  const seen = ranked.map(({ treeDigest, passed, caseAnswers }) => ({
    treeDigest,
    passed,
    caseAnswers,
  }));
  return { candidate, problem: null, agreement, witnesses: [...witnesses, ...seen] };
}
