import { z } from "zod";
import type { JsonObject, Language } from "../shared/json.ts";

/** JSON Schema, as far as contracts use it; read by `verify/json-schema.ts`. */
export type ContractSchema = JsonObject;

export interface ContractParameter {
  readonly name: string;
  readonly schema: ContractSchema;
  readonly description: string;
}

/** What a skill promises, written before any code. */
export interface Contract {
  /** The skill's name; given by the host, never by a model. */
  readonly name: string;
  readonly language: Language;
  readonly description: string;
  /** The public function, an identifier of the language. */
  readonly entry: string;
  readonly parameters: readonly ContractParameter[];
  readonly result: ContractSchema;
  /** How far apart a float and what is expected may lie; absent: rounding errors alone. */
  readonly tolerance?: number;
  readonly errors: readonly { readonly type: string; readonly when: string }[];
  /** `net:HOST[:PORT]`, `read:PATH`, … beyond the workspace; empty for nearly every skill. */
  readonly capabilities: readonly string[];
  /** Files of its work folder that the skill reads and makes, by relative path. */
  readonly files: { readonly reads: readonly string[]; readonly makes: readonly string[] };
}

/** A model's word may not make "about right" of "right"; only somebody's own example may say more. */
export const maxTolerance = 0.01;
const identifier = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/);
const schema = z.record(z.string(), z.json());

/** The part of a contract that a model writes. */
export const contractAnswerSchema = z.object({
  description: z.string().min(1).max(2_000),
  entry: identifier,
  parameters: z
    .array(z.object({ name: identifier, schema, description: z.string().max(1_000).default("") }))
    .max(12),
  result: schema,
  tolerance: z.number().positive().max(maxTolerance).exactOptional(),
  errors: z
    .array(z.object({ type: identifier, when: z.string().max(1_000) }))
    .max(12)
    .default([]),
  capabilities: z.array(z.string().max(200)).max(12).default([]),
  files: z
    .object({
      reads: z.array(z.string().max(200)).max(32).default([]),
      makes: z.array(z.string().max(200)).max(32).default([]),
    })
    .default({ reads: [], makes: [] }),
});
export type ContractAnswer = z.infer<typeof contractAnswerSchema>;
