import { readFileSync } from "node:fs";
import { z } from "zod";
import type { TaggedValue } from "../../src/sandbox/sandbox.ts";
import type { Language } from "../../src/shared/json.ts";

/** A small ordinary program that must run, with the same answer, wherever its language is held. */
export interface InnocentProgram {
  /** Unique in its language, kebab-case. */
  readonly name: string;
  readonly language: Language;
  /** Defines `f`, as a person would write it. */
  readonly source: string;
  readonly args: readonly TaggedValue[];
  readonly answer: TaggedValue;
  /** Texts laid out in the work folder before the call. */
  readonly files: Readonly<Record<string, string>>;
  /** Exactly the texts in the work folder after the call; absent where that is not looked at. */
  readonly made?: Readonly<Record<string, string>>;
  readonly printed: string;
  /**
   * What it needs and lacks: key derivation in WebAssembly, threads and time zones in every sandbox.
   * The outcome has to say so there.
   */
  readonly lacks?: "threads" | "time zones" | "key derivation";
}

const texts = z.record(z.string(), z.string());
const headerSchema = z.strictObject({
  args: z.array(z.json()),
  answer: z.json(),
  files: texts.default({}),
  made: texts.optional(),
  printed: z.string().default(""),
  lacks: z.enum(["threads", "time zones", "key derivation"]).optional(),
});

const headerLine = /^(args|answer|files|made|printed|lacks): (.+)\n/;

/**
 * Returns the programs of one text file: each begins with `=== name`, then lines `field: JSON`
 * (`lacks` is plain text), then its source.
 *
 * @throws {z.ZodError} for a header that is none.
 */
function readPrograms(language: Language, fileName: string): InnocentProgram[] {
  const text = readFileSync(new URL(`./${fileName}`, import.meta.url), "utf8");
  return text
    .split(/^=== /m)
    .slice(1)
    .map((part) => readProgram(language, part));
}

function readProgram(language: Language, part: string): InnocentProgram {
  const nameEnd = part.indexOf("\n");
  const header: Record<string, unknown> = {};
  let rest = part.slice(nameEnd + 1);
  for (let line = headerLine.exec(rest); line !== null; line = headerLine.exec(rest)) {
    const [whole, field = "", value = ""] = line;
    header[field] = field === "lacks" ? value : JSON.parse(value);
    rest = rest.slice(whole.length);
  }
  const { made, lacks, ...always } = headerSchema.parse(header);
  return {
    name: part.slice(0, nameEnd),
    language,
    source: rest,
    ...always,
    ...(made === undefined ? {} : { made }),
    ...(lacks === undefined ? {} : { lacks }),
  };
}

export const innocentPrograms: readonly InnocentProgram[] = [
  ...readPrograms("python", "python-language.txt"),
  ...readPrograms("python", "python-text-and-data.txt"),
  ...readPrograms("python", "python-libraries.txt"),
  ...readPrograms("python", "python-files.txt"),
  ...readPrograms("typescript", "typescript-language.txt"),
  ...readPrograms("typescript", "typescript-platform.txt"),
];
