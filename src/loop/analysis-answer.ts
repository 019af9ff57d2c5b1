import { z } from "zod";
import type { JsonObject } from "../shared/json.ts";

/** What an analyst says. An objection without an input names nothing that could be tested. */
export const analysisAnswerSchema = z
  .object({
    verdict: z.enum(["agree", "object"]),
    explanation: z.string().min(1).max(4_000),
    /** All arguments of one call, in order; present for an objection only. */
    input: z.array(z.json()).max(12).nullish(),
  })
  .refine(({ verdict, input }) => verdict === "agree" || Array.isArray(input), {
    path: ["input"],
    message: 'an answer with the verdict "object" needs "input": the arguments of one call',
  })
  .transform(({ verdict, explanation, input }) => ({
    verdict,
    explanation,
    ...(verdict === "object" && Array.isArray(input) ? { input } : {}),
  }));

/**
 * The same as JSON Schema, for servers that hold a model to one while it writes. The explanation
 * comes first, so that the verdict follows from it.
 */
export const analysisFormat: JsonObject = {
  type: "object",
  properties: {
    explanation: { type: "string" },
    verdict: { type: "string", enum: ["agree", "object"] },
    input: { type: "array" },
  },
  required: ["explanation", "verdict"],
};
