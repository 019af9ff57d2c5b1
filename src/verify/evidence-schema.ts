import { z } from "zod";
import { independences } from "./agreement/independence.ts";

const count = z.int().min(0);
const share = z.number().min(0).max(1);

const survivingMutant = z.strictObject({
  operator: z.string(),
  line: count,
  before: z.string(),
  after: z.string(),
});

const mutationSchema = z.strictObject({
  made: count,
  killed: count,
  survived: z.array(survivingMutant).describe("A generated input tells them from the code."),
  unknown: z.array(survivingMutant).describe("Nothing told them apart; not counted."),
  equivalent: count.describe("Compiled to the same code; not counted."),
  trivial: count
    .exactOptional()
    .describe(
      "They raise an error for each case that wants a result, so that any case notices them; not counted.",
    ),
  score: share.nullable().describe("killed / (killed + survived)"),
  minimum: share,
  generatedInputs: count,
  unanswered: z
    .strictObject({
      tried: count.describe("Generated inputs that the code was called with."),
      deaths: z.array(
        z.strictObject({
          reason: z.string(),
          inputs: count,
          example: z.array(z.json()).describe("Arguments of one; tagged JSON."),
        }),
      ),
    })
    .exactOptional()
    .describe(
      "What ended the code, on how many of them. Absent when it answered all, or none was tried, since no change was left.",
    ),
  seed: z.int(),
  rounds: count,
});

/** What was found out beyond the verdicts on the cases; the shape of `Evidence`. */
export const evidenceSchema = z.strictObject({
  strength: z.enum(["proven", "proven strictly"]),
  stubs: z.array(
    z.strictObject({
      stub: z.enum(["returns-nothing", "returns-constant", "returns-first-argument"]),
      failedCases: count,
    }),
  ),
  flakiness: z.strictObject({
    runs: count,
    varied: z.array(z.string()),
    clocks: z.array(z.string()).exactOptional(),
    quarantined: z.array(z.strictObject({ caseId: z.string(), detail: z.string() })),
  }),
  mutation: mutationSchema.exactOptional(),
  agreement: z
    .strictObject({
      programs: count,
      behaviours: count,
      agreement: share.nullable(),
      decisiveInputs: count,
      sources: z.array(z.string()),
      peers: z
        .array(
          z.strictObject({
            kind: z.enum(independences),
            programs: count,
            sameText: count.describe("Of these, with the syntax tree of the program itself."),
            sameAnswers: share.nullable().describe("Of generated inputs; null without any."),
          }),
        )
        .exactOptional()
        .describe("By what sets them apart; absent in certificates of earlier versions."),
    })
    .exactOptional(),
  removedCases: z.array(
    z.strictObject({ caseId: z.string(), text: z.string(), reason: z.string() }),
  ),
  sampled: z
    .strictObject({
      cases: count.describe("In the flake runs, and for stubs."),
      of: count,
      mutantCases: count.describe("That each surviving mutant has passed."),
    })
    .exactOptional()
    .describe("How much of a large suite tested it; absent when all of it did."),
  stepsOff: z.array(z.string()),
});
