import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";

/** What the arena reads of a recorded row; the other fields are left alone. */
export interface ProblemRow {
  readonly problem_id: string;
  readonly prompt: string;
  readonly header?: string;
  readonly entry_point: string;
  readonly candidates: readonly CandidateRow[];
  readonly generated_tests: readonly (string | { readonly tests: readonly string[] })[];
  readonly test_count?: readonly number[];
  /** Examples that stand in the task's text. */
  readonly sample_io?: readonly string[];
}

export interface CandidateRow {
  readonly code: string;
  readonly count?: number;
  readonly model?: string;
  readonly method?: string;
  readonly source?: string;
  /** The label; nothing that decides looks at it. */
  readonly hidden_pass: boolean;
  /** Recorded; for the peers' policies alone. */
  readonly test_bits: string;
}

export interface ChainRow {
  readonly chain_id: string;
  readonly dataset: string;
  readonly problem_id: string;
  readonly prompt: string;
  readonly header?: string;
  readonly entry_point: string;
  readonly model: string;
  readonly tests: readonly string[];
  readonly attempts: readonly {
    readonly code: string;
    readonly hidden_pass: boolean;
    readonly test_bits: string;
  }[];
}

/** The rows of `NAME.jsonl.gz` in the data folder, the first `limit` of them. */
export async function readRows<Row>(
  dataFolder: string,
  name: string,
  limit = Number.POSITIVE_INFINITY,
): Promise<readonly Row[]> {
  const packed = await readFile(join(dataFolder, `${name}.jsonl.gz`));
  const lines = (await promisify(gunzip)(packed)).toString("utf8").trim().split("\n");
  return lines.slice(0, limit).map((line): Row => JSON.parse(line));
}

/** Every recorded assert of a problem, in the order of its bits. */
export function assertsOf(row: Pick<ProblemRow, "generated_tests">): readonly string[] {
  return row.generated_tests.flatMap((test) => (typeof test === "string" ? [test] : test.tests));
}

/** The whole program of one recorded answer. */
export function programText(header: string | undefined, code: string): string {
  return header === undefined ? code : `${header}\n${code}`;
}
