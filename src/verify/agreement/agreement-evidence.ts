import type { AgreementEvidence } from "../evidence.ts";
import type { Behaviour, ProgramOrigin } from "./behaviour.ts";
import type { AgreementFinding } from "./decisive-agreement.ts";
import { groupPrograms } from "./group-programs.ts";

/** What the certificate says of a program's agreement with its peers. */
export function agreementEvidence(
  program: Behaviour,
  peers: readonly Behaviour[],
  finding: AgreementFinding,
): AgreementEvidence {
  return {
    programs: peers.length + 1,
    behaviours: groupPrograms([program, ...peers]).length,
    agreement: finding.agreement,
    decisiveInputs: finding.decisiveInputs,
    sources: sourcesOf(program.origin, peers),
  };
}

/** `other model NAME`, …, the most independent first, each once. */
function sourcesOf(own: ProgramOrigin, peers: readonly Behaviour[]): readonly string[] {
  const labels = peers.map(({ origin }) => independenceOf(own, origin));
  const distinct = new Map(labels.map((label) => [label.text, label.rank]));
  return [...distinct]
    .toSorted(([textA, a], [textB, b]) => a - b || (textA < textB ? -1 : 1))
    .map(([text]) => text);
}

function independenceOf(own: ProgramOrigin, peer: ProgramOrigin): { rank: number; text: string } {
  if (peer.model !== own.model) {
    return { rank: 0, text: `other model ${peer.model}` };
  }
  if (peer.language !== own.language) {
    return { rank: 1, text: `same model, ${peer.language}` };
  }
  return peer.prompt === own.prompt
    ? { rank: 3, text: "same model, same prompt" }
    : { rank: 2, text: `same model, other prompt ${peer.prompt}` };
}
