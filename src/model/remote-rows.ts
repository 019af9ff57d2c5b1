import type { KnownModel } from "./model-table.ts";

type Row = readonly [name: string, context: number, output: number, input: number, output: number];

/*
 * List prices in US dollars a million tokens, and limits, as they were generally known in November
 * 2026. Nobody measured them and they change: the setting `models` overrules any of them.
 */
const rows: readonly Row[] = [
  ["openai:gpt-3.5-turbo", 16_385, 4_096, 0.5, 1.5],
  ["openai:gpt-4", 8_192, 8_192, 30, 60],
  ["openai:gpt-4o", 128_000, 16_384, 2.5, 10],
  ["openai:gpt-4o-mini", 128_000, 16_384, 0.15, 0.6],
  ["openai:gpt-4.1", 1_047_576, 32_768, 2, 8],
  ["openai:gpt-4.1-mini", 1_047_576, 32_768, 0.4, 1.6],
  ["openai:gpt-4.1-nano", 1_047_576, 32_768, 0.1, 0.4],
  ["openai:gpt-5", 400_000, 128_000, 1.25, 10],
  ["openai:gpt-5-mini", 400_000, 128_000, 0.25, 2],
  ["openai:gpt-5-nano", 400_000, 128_000, 0.05, 0.4],
  ["openai:gpt-5.1", 400_000, 128_000, 1.25, 10],
  ["openai:gpt-5.2", 400_000, 128_000, 1.75, 14],
  ["openai:o4-mini", 200_000, 100_000, 1.1, 4.4],
  ["anthropic:claude-opus-4-1", 200_000, 32_000, 15, 75],
  ["anthropic:claude-opus-4-5", 200_000, 64_000, 5, 25],
  ["anthropic:claude-opus-4-6", 200_000, 64_000, 5, 25],
  ["anthropic:claude-sonnet-4", 200_000, 64_000, 3, 15],
  ["anthropic:claude-sonnet-4-5", 200_000, 64_000, 3, 15],
  ["anthropic:claude-sonnet-4-6", 200_000, 64_000, 3, 15],
  ["anthropic:claude-haiku-4-5", 200_000, 64_000, 1, 5],
];

const byName: ReadonlyMap<string, KnownModel> = new Map(
  rows.map((row) => [row[0], knownModel(row)]),
);

function knownModel([name, contextTokens, outputTokens, input, output]: Row): KnownModel {
  const price = { inputPerMillion: input, outputPerMillion: output };
  return { name, contextTokens, outputTokens, price };
}

/** The row of `openai:NAME` or `anthropic:NAME`, with or without a date behind the name. */
export function remoteRow(name: string): KnownModel | undefined {
  const wanted = name.trim().toLowerCase();
  return (
    byName.get(wanted) ?? byName.get(wanted.replace(/-(?:latest|\d{8}|\d{4}|\d{4}-\d\d-\d\d)$/, ""))
  );
}
