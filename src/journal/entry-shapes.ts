import { z } from "zod";
import type { JournalEntry } from "./journal.ts";

const at = z.string();
/** Of tokens, milliseconds or dollars: none is negative, and sums of them stay exact. */
const amount = z.number().min(0).max(1e12);
const text = z.string();

/** Steps that a replay takes over, whose values nobody else looks at before they are worked with. */
const givenValues: Readonly<Record<string, z.ZodType>> = {
  clock: text.refine((value) => !Number.isNaN(Date.parse(value)), "no time"),
  seed: z.number(),
  person: z.boolean(),
  "model-switched": z.object({
    ...{ role: text, order: z.int(), from: text, to: text, why: text, code: text },
  }),
  recall: z.array(z.object({ skill: text, text })),
  "recall-skills": z.array(z.object({ name: text, description: text, source: text })),
};

/** The first line of another version may look otherwise; whoever works with it refuses it by name. */
const ofOtherVersion = z.object({ schemaVersion: z.unknown().refine((version) => version !== 1) });

/** What a line must have so that it can be worked with; the rest is read where it is used. */
const shapes: Readonly<Record<JournalEntry["type"], z.ZodType>> = {
  "run-started": z
    .object({ at, goal: text, runId: text, recordingLabel: text.optional() })
    .or(ofOtherVersion),
  "run-resumed": z.object({ at }),
  "model-answered": z.object({
    at,
    role: z.string(),
    order: z.int(),
    messages: z.array(z.object({ role: z.string(), content: z.string() })),
    answer: z.object({
      ...{ text: z.string(), thinking: z.string(), model: z.string() },
      ...{ promptTokens: amount, outputTokens: amount, durationMs: amount },
      money: amount.nullish(),
    }),
  }),
  "step-recorded": z
    .object({ at, step: z.string(), order: z.int(), value: z.unknown() })
    .refine(hasGivenValue, { path: ["value"], message: "it is none of this step" }),
  event: z.object({ at, event: z.object({ type: z.string() }) }),
  "run-finished": z.object({ at, status: z.string() }),
};

function hasGivenValue({ step, value }: { step: string; value: unknown }): boolean {
  const shape = Object.hasOwn(givenValues, step) ? givenValues[step] : undefined;
  return shape === undefined || shape.safeParse(value).success;
}

function isKnown(type: unknown): type is JournalEntry["type"] {
  return typeof type === "string" && Object.hasOwn(shapes, type);
}

/** What keeps a value from being a line of a journal; undefined for one that is. */
export function entryProblem(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || !("type" in value)) {
    return "the line is no journal entry";
  }
  const { type } = value;
  if (!isKnown(type)) return `entries of type ${JSON.stringify(type)} are not known`;
  const issue = shapes[type].safeParse(value).error?.issues[0];
  return issue === undefined ? undefined : `${[type, ...issue.path].join(".")}: ${issue.message}`;
}
