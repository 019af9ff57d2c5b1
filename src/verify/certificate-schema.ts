import { z } from "zod";
import { evidenceSchema } from "./evidence-schema.ts";

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const count = z.int().min(0);
const workFile = z.strictObject({ path: z.string(), contentBase64: z.string() });
const schema = z.record(z.string(), z.json()).describe("JSON Schema.");

const contractSchema = z.strictObject({
  name: z.string(),
  language: z.enum(["python", "typescript"]),
  description: z.string(),
  entry: z.string().describe("The public function."),
  parameters: z.array(z.strictObject({ name: z.string(), schema, description: z.string() })),
  result: schema,
  errors: z.array(z.strictObject({ type: z.string(), when: z.string() })),
  capabilities: z.array(z.string()),
  files: z.strictObject({ reads: z.array(z.string()), makes: z.array(z.string()) }),
  tolerance: z.number().positive().exactOptional(),
});

const caseBase = {
  id: z.string(),
  args: z.array(z.json()).describe("Tagged JSON; see docs/sandbox-protocol.md."),
  files: z.array(workFile).describe("In the work folder before the call."),
  filesAfter: z.array(workFile).describe("What the work folder must hold after the call."),
  origin: z.enum(["example", "model", "analyst"]).describe("An example is a person's own."),
  sealed: z.boolean().describe("Never shown to whoever mended the code."),
  why: z.string(),
};
const caseSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    ...caseBase,
    kind: z.literal("returns"),
    expected: z.json(),
    tolerance: z.number().positive().exactOptional(),
  }),
  z.strictObject({ ...caseBase, kind: z.literal("raises"), errorType: z.string() }),
  z.strictObject({ ...caseBase, kind: z.literal("property"), expression: z.string() }),
]);

const kindCounts = z.strictObject({ returns: count, raises: count, property: count });
const proofSchema = z.strictObject({
  runtime: z.string().describe("Implementation, minor version, class of backend."),
  backend: z.string(),
  openPassed: count,
  sealedPassed: count,
  examplesPassed: count,
});
const limitsSchema = z.strictObject({
  timeoutMs: count,
  maxCpuMs: count,
  maxMemoryBytes: count,
  maxOutputBytes: count,
  maxMessageBytes: count,
  maxFiles: count,
  maxFileBytes: count,
});
const policySchema = z.strictObject({
  limits: limitsSchema.describe("Of one call."),
  maxIterations: count.exactOptional(),
  suiteCases: count.exactOptional(),
  sealedShare: z.number().exactOptional(),
  minMutationScore: z.number().exactOptional(),
  maxMutants: count.exactOptional(),
  flakeRuns: count.exactOptional(),
  candidates: count.exactOptional(),
});

const modelSwitchSchema = z.strictObject({
  role: z.enum(["planner", "tester", "coder", "analyst"]),
  order: count.describe("Of the call, from 0."),
  from: z.string(),
  to: z.string(),
  why: z.enum(["down", "format", "none-answered"]),
  code: z.string().describe("Of the error that it was down with."),
});

/** The part of a skill's certificate that older versions have as well. */
const proven = {
  skill: z.string(),
  goal: z.string(),
  contract: contractSchema,
  suite: z.strictObject({ cases: z.array(caseSchema) }),
  proofs: z.array(proofSchema).describe("One a runtime, that of the reference first."),
  analysis: z.enum(["agreed", "off", "unreadable"]),
  models: z.array(z.string()).describe("Empty when no model wrote anything."),
  recordingLabel: z.string().exactOptional(),
  attempts: count,
};

/** A certificate's file; `docs/certificate.schema.json` is made from it. */
export const certificateSchema = z
  .strictObject({
    schemaVersion: z.literal(2),
    ...proven,
    claim: z.enum(["proven to its contract", "not proven"]),
    strength: z.enum(["proven", "proven strictly", "unproven"]),
    missing: z.array(z.string()).describe("What a proof would still need; empty when proven."),
    digests: z
      .strictObject({
        code: digest.describe("Of the skill's bytes."),
        contract: digest,
        suite: digest,
        dependencies: z.array(z.strictObject({ skill: z.string(), code: digest })),
      })
      .describe("SHA-256; of contract and suite, over their canonical JSON (RFC 8785)."),
    cases: z
      .strictObject({ open: kindCounts, sealed: kindCounts, examples: count })
      .describe("How many cases of each kind the suite holds."),
    policy: policySchema.describe("The settings that the proof was made under."),
    evidence: evidenceSchema.exactOptional().describe("What was found out beyond the cases."),
    modelSwitches: z
      .array(modelSwitchSchema)
      .exactOptional()
      .describe("Where the next model of a chain took over."),
    stepsOff: z.array(z.string()).describe("Optional steps that were left out."),
    cost: z.strictObject({
      modelCalls: count,
      promptTokens: count,
      outputTokens: count,
      durationMs: count,
      requests: count.exactOptional(),
      money: z
        .number()
        .min(0)
        .nullable()
        .exactOptional()
        .describe("US dollars; null where a price was not known."),
    }),
    runId: z.string().exactOptional().describe("Absent when no run made the code."),
    origin: z
      .strictObject({
        claimedBy: z
          .string()
          .nullable()
          .describe("The key that signed what was found; null when nobody had."),
      })
      .exactOptional()
      .describe(
        "Present when the signer proved a skill again whose certificate it had found. What that one told, and the signer did not see: analysis, models, recordingLabel, attempts, cost, runId, which cases were sealed or a person's own, evidence.removedCases, and of policy maxIterations, suiteCases, sealedShare and candidates.",
      ),
    issuedAt: z.string(),
    demoted: z
      .strictObject({ runtime: z.string(), reason: z.string(), at: z.string() })
      .exactOptional()
      .describe("The skill is untested while this stands."),
    signature: z
      .strictObject({
        algorithm: z.literal("ed25519"),
        publicKey: z.string().describe("SubjectPublicKeyInfo as DER, base64."),
        value: z.string().describe("base64"),
      })
      .describe("Over the canonical JSON (RFC 8785) of all but signature.value."),
  })
  .describe("The evidence on one skill of Autodidact.");

/** What certificates were before they were signed. */
export const firstCertificateSchema = z.object({
  schemaVersion: z.literal(1),
  ...proven,
  codeDigest: digest,
  runId: z.string(),
  admittedAt: z.string(),
});
