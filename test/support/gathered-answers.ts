import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { z } from "zod";
import { readCode } from "../../src/model/answer-reader.ts";
import type { SourceReader } from "../../src/syntax/source-facts.ts";
import { openSourceReader } from "../../src/syntax/source-reader.ts";
import { recordedDataPath } from "./requirements.ts";

const chainSchema = z.object({
  entry_point: z.string(),
  attempts: z.array(z.object({ code: z.string() })),
});

interface Gathered {
  readonly entry: string;
  readonly answer: string;
}

/** What was made of the answers, as a parser of Python sees it. */
export interface GatheredFindings {
  /** Read letter by letter as they stand. */
  readonly asWritten: number;
  /** Read without what stood around the largest program in them. */
  readonly freed: number;
  readonly refused: number;
  /** Refused although the whole answer is a program, or read as another program than they hold. */
  readonly misread: number;
}

/** Reads every distinct attempt of the recorded chains. */
export async function gatheredFindings(): Promise<GatheredFindings> {
  const reader = openSourceReader();
  const counts = { asWritten: 0, freed: 0, refused: 0, misread: 0 };
  try {
    for (const gathered of await gatheredAnswers()) counts[await findingOf(reader, gathered)] += 1;
  } finally {
    await reader.close();
  }
  return counts;
}

/** As it stands in the docs. */
export function gatheredLine({ asWritten, freed, refused, misread }: GatheredFindings): string {
  return [
    `Of ${asWritten + freed + refused + misread} distinct attempts ${asWritten} were read as they stand, ${freed} without what stood around the program,`,
    `${refused} were refused (no program as they stand, by that parser too), ${misread} misread.`,
  ].join("\n");
}

async function gatheredAnswers(): Promise<Gathered[]> {
  const text = gunzipSync(await readFile(recordedDataPath("chains.jsonl.gz"))).toString("utf8");
  const answers = new Map<string, Gathered>();
  for (const line of text.trim().split("\n")) {
    const { entry_point: entry, attempts } = chainSchema.parse(JSON.parse(line));
    for (const { code } of attempts) answers.set(`${entry}\n${code}`, { entry, answer: code });
  }
  return [...answers.values()];
}

async function findingOf(
  reader: SourceReader,
  { entry, answer }: Gathered,
): Promise<keyof GatheredFindings> {
  const reading = readCode(answer, "python", entry);
  if (reading.kind === "unreadable") {
    return (await treeOf(reader, answer, entry)) === undefined ? "refused" : "misread";
  }
  if (reading.code.trim() === answer.trim()) return "asWritten";
  const read = await treeOf(reader, reading.code, entry);
  const isMeant = read !== undefined && read === (await largestProgram(reader, answer, entry));
  return isMeant ? "freed" : "misread";
}

/** The tree of what parses and defines the entry; undefined for anything else. */
async function treeOf(
  reader: SourceReader,
  source: string,
  entry: string,
): Promise<string | undefined> {
  // The recorded text of some begins with the end of a fence's tag, which is a program of its own.
  if (/^\s*thon\n/.test(source)) return undefined;
  const outcome = await reader.facts("python", source);
  const defines = new RegExp(`^(?:def|class) ${entry}\\b`, "m").test(source);
  return outcome.kind === "read" && defines ? outcome.value.treeDigest : undefined;
}

/** Of the most lines, a few dropped at the beginning and any number at the end. */
async function largestProgram(
  reader: SourceReader,
  answer: string,
  entry: string,
): Promise<string | undefined> {
  const lines = answer.split("\n");
  for (let length = lines.length; length > 0; length -= 1) {
    for (let start = 0; start <= Math.min(3, lines.length - length); start += 1) {
      const part = lines.slice(start, start + length).join("\n");
      const tree = await treeOf(reader, part, entry);
      if (tree !== undefined) return tree;
    }
  }
  return undefined;
}
