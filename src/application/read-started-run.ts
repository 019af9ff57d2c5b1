import { z } from "zod";
import type { RoleSettings } from "../config/model-chain.ts";
import type { JournalEntry } from "../journal/journal.ts";
import { requireKnownVersion } from "../journal/known-version.ts";
import type { Directive } from "../loop/run.ts";
import { AgentError } from "../shared/errors.ts";
import type { RunSettings } from "./execute-run.ts";

const startedOptions = z.object({
  id: z.string(),
  goal: z.string(),
  skill: z.string(),
  language: z.enum(["python", "typescript"]),
  examples: z.array(z.string()),
  inputs: z.array(z.object({ path: z.string(), contentBase64: z.string() })),
  confirm: z.boolean().default(false),
});
const modelNames = z.union([z.string(), z.array(z.string())]);
const startedSettings = z.object({
  model: modelNames,
  coder: modelNames.optional(),
  tester: modelNames.optional(),
  analyst: modelNames.optional(),
  maxIterations: z.int(),
  analysis: z.boolean(),
  executionTimeoutMs: z.int(),
  suiteCases: z.int(),
  sealedShare: z.number(),
  // Runs of earlier versions know nothing of these.
  flakeRuns: z.int().default(1),
  maxMutants: z.int().default(0),
  minMutationScore: z.number().default(0),
  candidates: z.int().default(1),
  peers: z.array(z.string()).default([]),
});

export interface StartedRun {
  readonly directive: Directive;
  readonly settings: RunSettings;
  /** The models that it was to ask. */
  readonly models: RoleSettings;
  /** True when a person was to say yes to the contract. */
  readonly wasAsked: boolean;
}

/**
 * What a journal says of how its run was started.
 *
 * @param action what is done with it, for the error: `Resuming run x`.
 * @throws {AgentError} JOURNAL_DAMAGED when it does not say, or is of another version.
 */
export function readStartedRun(entries: readonly JournalEntry[], action: string): StartedRun {
  const started = entries.find((entry) => entry.type === "run-started");
  requireKnownVersion(entries, action);
  const options = startedOptions.safeParse(started?.options);
  const read = startedSettings.safeParse(started?.settings);
  if (!options.success || !read.success) {
    throw new AgentError(
      "JOURNAL_DAMAGED",
      `${action}: its journal does not say how it was started; give its goal to a new run.`,
      { blame: "environment" },
    );
  }
  const { confirm: wasAsked, ...directive } = options.data;
  const { model, coder, tester, analyst, ...settings } = read.data;
  const models = {
    model,
    ...(coder === undefined ? {} : { coder }),
    ...(tester === undefined ? {} : { tester }),
    ...(analyst === undefined ? {} : { analyst }),
  };
  return { directive, settings, models, wasAsked };
}
