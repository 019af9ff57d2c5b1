import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { readCode, readJson } from "../../src/model/answer-reader.ts";
import type { JsonValue, Language } from "../../src/shared/json.ts";
import { packageRoot } from "../../src/shared/package-root.ts";

/** One answer as a small model writes it, with what must be made of it. */
export interface CorpusAnswer {
  /** The file's name, without its ending. */
  readonly theme: string;
  readonly title: string;
  readonly asked:
    | { readonly kind: "json" }
    | { readonly kind: "code"; readonly language: Language; readonly entry: string };
  readonly answer: string;
  readonly wanted:
    | { readonly kind: "code"; readonly code: string }
    | { readonly kind: "json"; readonly value: JsonValue }
    /** Words that the problem must hold. */
    | { readonly kind: "refused"; readonly reason: string };
}

export interface CorpusTheme {
  readonly theme: string;
  /** The file's first line. */
  readonly about: string;
  readonly answers: readonly CorpusAnswer[];
}

/**
 * `read` and `refused` are right. `unread`: it could have been read. `reason`: rightly refused, but the
 * problem names something else. `wrong`: something was read that was not meant.
 */
export type Finding = "read" | "refused" | "unread" | "reason" | "wrong";

const marker = "%%%% ";
/** Characters that an editor does not show, or would take away. */
const placeholders: Readonly<Record<string, string>> = {
  BOM: "\uFEFF",
  CR: "\r",
  TAB: "\t",
  ZWSP: "\u200B",
  NBSP: "\u00A0",
};

interface Section {
  readonly head: string;
  readonly body: string;
}

/** Reads the folder `test/corpus`, whose files describe themselves. */
export async function readCorpus(): Promise<CorpusTheme[]> {
  const folder = join(packageRoot(), "test", "corpus");
  const programs = new Map<string, string>();
  const files = (await readdir(folder)).filter((name) => name !== "programs.txt").toSorted();
  for (const { head, body } of sectionsOf(await readFile(join(folder, "programs.txt"), "utf8"))) {
    programs.set(head.replace(/^program /, ""), body);
  }
  return Promise.all(
    files.map(async (file) => {
      const text = await readFile(join(folder, file), "utf8");
      const theme = basename(file, ".txt");
      const about = text.slice(0, text.indexOf("\n"));
      return { theme, about, answers: answersOf(theme, sectionsOf(text), programs) };
    }),
  );
}

function sectionsOf(text: string): Section[] {
  const [, ...sections] = text.split(`\n${marker}`);
  return sections.map((section) => {
    const end = section.indexOf("\n");
    const head = end === -1 ? section : section.slice(0, end);
    const body = end === -1 ? "" : section.slice(end + 1);
    return { head: head.trim(), body: withCharacters(body) };
  });
}

function withCharacters(text: string): string {
  return text.replace(/⟦(\w+)⟧/g, (_, name: string) => {
    const character = placeholders[name];
    if (character === undefined) throw new Error(`Reading the corpus: ⟦${name}⟧ is not known`);
    return character;
  });
}

function answersOf(
  theme: string,
  sections: readonly Section[],
  programs: ReadonlyMap<string, string>,
): CorpusAnswer[] {
  const answers: CorpusAnswer[] = [];
  for (let index = 0; index < sections.length; index += 2) {
    const [asking, expecting] = [sections[index], sections[index + 1]];
    if (asking === undefined || expecting === undefined) {
      throw new Error(`Reading the corpus: ${theme}: ${asking?.head} has no expectation`);
    }
    const [what = "", title = ""] = asking.head.split(" | ");
    const asked = askedOf(what);
    const wanted = wantedOf(asked.kind, expecting, programs);
    answers.push({ theme, title, asked, answer: asking.body, wanted });
  }
  return answers;
}

function askedOf(text: string): CorpusAnswer["asked"] {
  if (text === "json") return { kind: "json" };
  const [, language, entry] = /^code (python|typescript) (\w+)$/.exec(text) ?? [];
  if ((language !== "python" && language !== "typescript") || entry === undefined) {
    throw new Error(`Reading the corpus: ${text} asks for nothing known`);
  }
  return { kind: "code", language, entry };
}

function wantedOf(
  kind: "json" | "code",
  { head, body }: Section,
  programs: ReadonlyMap<string, string>,
): CorpusAnswer["wanted"] {
  if (head.startsWith("refused ")) {
    return { kind: "refused", reason: head.slice("refused ".length) };
  }
  const name = /^reads (\S+)$/.exec(head)?.[1];
  const text = name === undefined ? body : programs.get(name);
  if (!head.startsWith("reads") || text === undefined) {
    throw new Error(`Reading the corpus: ${head} is no expectation`);
  }
  return kind === "json" ? { kind, value: JSON.parse(text) } : { kind, code: text.trimEnd() };
}

/** Reads the answer as a run does, and says what came of it. */
export function findingOf({ asked, answer, wanted }: CorpusAnswer): Finding {
  const reading =
    asked.kind === "json" ? readJson(answer) : readCode(answer, asked.language, asked.entry);
  if (reading.kind === "unreadable") {
    if (wanted.kind !== "refused") return "unread";
    return reading.problem.includes(wanted.reason) ? "refused" : "reason";
  }
  if (wanted.kind === "refused") return "wrong";
  const isRight =
    "value" in reading
      ? wanted.kind === "json" && isDeepStrictEqual(reading.value, wanted.value)
      : wanted.kind === "code" && reading.code.trimEnd() === wanted.code;
  return isRight ? "read" : "wrong";
}
