import { z } from "zod";
import type { JsonValue } from "../shared/json.ts";
import type { Certificate } from "./certificate.ts";
import { contractAnswerSchema } from "./contract.ts";
import type { Evidence } from "./evidence.ts";
import { nestsDeeperThan } from "./tagged-value.ts";

const maxCertificateLength = 16 * 1024 * 1024;
const maxCertificateDepth = 300;

const workFile = z.strictObject({ path: z.string(), contentBase64: z.string() });
const caseBase = {
  id: z.string(),
  args: z.array(z.json()),
  files: z.array(workFile),
  filesAfter: z.array(workFile),
  origin: z.enum(["example", "model", "analyst"]),
  sealed: z.boolean(),
  why: z.string(),
};
const certificateSchema = z.object({
  schemaVersion: z.literal(1),
  skill: z.string(),
  goal: z.string(),
  claim: z.literal("proven to its contract"),
  codeDigest: z.string(),
  contractDigest: z.string(),
  suiteDigest: z.string(),
  contract: contractAnswerSchema.extend({
    name: z.string(),
    language: z.enum(["python", "typescript"]),
  }),
  suite: z.strictObject({
    cases: z.array(
      z.discriminatedUnion("kind", [
        z.strictObject({
          ...caseBase,
          kind: z.literal("returns"),
          expected: z.json(),
          tolerance: z.number().positive().exactOptional(),
        }),
        z.strictObject({ ...caseBase, kind: z.literal("raises"), errorType: z.string() }),
        z.strictObject({ ...caseBase, kind: z.literal("property"), expression: z.string() }),
      ]),
    ),
  }),
  proofs: z.array(
    z.object({
      runtime: z.string(),
      backend: z.string(),
      openPassed: z.int().min(0),
      sealedPassed: z.int().min(0),
      examplesPassed: z.int().min(0),
    }),
  ),
  evidence: z.custom<Evidence>((value) => typeof value === "object").exactOptional(),
  missing: z.array(z.string()).exactOptional(),
  analysis: z.enum(["agreed", "off", "unreadable"]),
  models: z.array(z.string()),
  recordingLabel: z.string().exactOptional(),
  attempts: z.int().min(0),
  runId: z.string(),
  admittedAt: z.string(),
  demoted: z.object({ runtime: z.string(), reason: z.string(), at: z.string() }).exactOptional(),
});

/** A certificate as its file holds it; undefined when the text is none. */
export function readCertificate(text: string): Certificate | undefined {
  if (text.length > maxCertificateLength) {
    return undefined;
  }
  let value: JsonValue;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
  if (nestsDeeperThan(value, maxCertificateDepth)) {
    return undefined;
  }
  const checked = certificateSchema.safeParse(value);
  return checked.success ? checked.data : undefined;
}
