import type { AgreementEvidence, PeerGroup } from "../evidence.ts";
import type { Behaviour, ProgramOrigin } from "./behaviour.ts";
import type { AgreementFinding, AgreementInput } from "./decisive-agreement.ts";
import { groupPrograms } from "./group-programs.ts";
import { independenceOf, independences } from "./independence.ts";

/** What the certificate says of a program's agreement with its peers. */
export function agreementEvidence(
  program: Behaviour,
  peers: readonly Behaviour[],
  finding: AgreementFinding,
  inputs: readonly AgreementInput[],
): AgreementEvidence {
  return {
    programs: peers.length + 1,
    behaviours: groupPrograms([program, ...peers]).length,
    agreement: finding.agreement,
    decisiveInputs: finding.decisiveInputs,
    sources: sourcesOf(program.origin, peers),
    peers: groupsOf(program, peers, inputs),
  };
}

/** `other model NAME`, …, the most independent first, each once. */
function sourcesOf(own: ProgramOrigin, peers: readonly Behaviour[]): readonly string[] {
  const ranked = peers.map(({ origin }) => {
    const kind = independenceOf(own, origin);
    return { rank: independences.indexOf(kind), text: sourceText(kind, origin) };
  });
  const distinct = new Map(ranked.map((label) => [label.text, label.rank]));
  return [...distinct]
    .toSorted(([textA, a], [textB, b]) => a - b || (textA < textB ? -1 : 1))
    .map(([text]) => text);
}

function sourceText(kind: PeerGroup["kind"], { model, prompt, language }: ProgramOrigin): string {
  switch (kind) {
    case "other model":
      return `other model ${model}`;
    case "other language":
      return `same model, ${language}`;
    case "other prompt":
      return `same model, other prompt ${prompt}`;
    case "same prompt":
      return "same model, same prompt";
  }
}

function groupsOf(
  program: Behaviour,
  peers: readonly Behaviour[],
  inputs: readonly AgreementInput[],
): readonly PeerGroup[] {
  const byKind = Map.groupBy(peers, ({ origin }) => independenceOf(program.origin, origin));
  return independences.flatMap((kind): PeerGroup[] => {
    const group = byKind.get(kind);
    return group === undefined
      ? []
      : [
          {
            kind,
            programs: group.length,
            sameText: group.filter(({ treeDigest }) => treeDigest === program.treeDigest).length,
            sameAnswers: sameAnswers(program, group, inputs),
          },
        ];
  });
}

/** Share of the inputs, over all of the group, on which it answers as the program does. */
function sameAnswers(
  { outcomes }: Behaviour,
  group: readonly Behaviour[],
  inputs: readonly AgreementInput[],
): number | null {
  if (inputs.length === 0) {
    return null;
  }
  const same = group.reduce(
    (sum, peer) =>
      sum + inputs.filter(({ index }) => peer.outcomes[index] === outcomes[index]).length,
    0,
  );
  return same / (group.length * inputs.length);
}
