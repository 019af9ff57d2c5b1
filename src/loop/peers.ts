import type { ChatModel } from "../model/chat-model.ts";
import { digestBytes } from "../shared/digest.ts";
import type { Language } from "../shared/json.ts";
import { contractIn, otherLanguage } from "../verify/contract-in-language.ts";
import type { Recalled } from "./recall.ts";
import type { Run } from "./run.ts";
import { type Planned, readForSafety, writePeerSource } from "./write-candidate.ts";

/** Whom to ask for a program that votes and is never admitted. */
export type Peer =
  | { readonly kind: "other-model"; readonly model: ChatModel }
  /** The run's own model, shown the contract alone and asked to follow it sentence by sentence. */
  | { readonly kind: "other-prompt" }
  /** The run's own model, asked for the same contract in the other language. */
  | { readonly kind: "other-language" };

/** A peer's program, and what tells how independent it is. */
export interface PeerProgram {
  readonly source: string;
  readonly textDigest: string;
  readonly treeDigest: string;
  readonly model: string;
  /** Empty for the usual one. */
  readonly prompt: string;
  readonly language: Language;
}

/**
 * A program of each of the run's peers, asked for once a run: the contract stays, and a second answer of
 * the same peer would say little. Whatever cannot be read or may not run is left out.
 */
export async function askPeers(
  run: Run,
  state: Planned,
  recalled: Recalled,
): Promise<readonly PeerProgram[]> {
  if (state.peerPrograms !== null) {
    return state.peerPrograms;
  }
  const programs: PeerProgram[] = [];
  for (const peer of run.peers) {
    const program = await askPeer(run, state, recalled, peer);
    if (program !== undefined) {
      programs.push(program);
    }
  }
  return programs;
}

async function askPeer(
  run: Run,
  state: Planned,
  recalled: Recalled,
  peer: Peer,
): Promise<PeerProgram | undefined> {
  const { language } = run.directive;
  const isForeign = peer.kind === "other-language";
  const contract = contractIn(state.contract, isForeign ? otherLanguage(language) : language);
  const source = await writePeerSource(run, { ...state, contract }, recalled, peer);
  if (source === undefined) {
    return undefined;
  }
  const { accepted, treeDigest } = await readForSafety(run, contract, source);
  const origin = {
    model: peer.kind === "other-model" ? peer.model.name : run.models.nameOf("coder"),
    prompt: peer.kind === "other-prompt" ? literalPrompt : "",
    language: contract.language,
  };
  return accepted ? { source, textDigest: digestBytes(source), treeDigest, ...origin } : undefined;
}

/** As the certificate names it. */
const literalPrompt = "candidate-literal";
