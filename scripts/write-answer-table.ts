/*
 * Reads the corpus of malformed answers in test/corpus and writes the shares that were read rightly
 * between the markers in docs/answer-formats.md:
 *
 *   node scripts/write-answer-table.ts
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { packageRoot } from "../src/shared/package-root.ts";
import {
  type CorpusTheme,
  type Finding,
  findingOf,
  readCorpus,
} from "../test/support/answer-corpus.ts";

const start = "<!-- answers: start, written by scripts/write-answer-table.ts -->";
const end = "<!-- answers: end -->";

/** Returns the shares as a Markdown table, a theme a row. */
export function answerTable(themes: readonly CorpusTheme[]): string {
  const counted = themes.map(({ theme, about, answers }) => ({
    theme: `\`${theme}\``,
    about: about.replace(/\.$/, ""),
    findings: answers.map(findingOf),
  }));
  const all = { theme: "all", about: "", findings: counted.flatMap(({ findings }) => findings) };
  const rows = [...counted, all].map(({ theme, about, findings }) => {
    const count = (...kinds: Finding[]) => findings.filter((one) => kinds.includes(one)).length;
    const right = count("read", "refused");
    const share = `${((100 * right) / findings.length).toFixed(1)} %`;
    return [
      theme,
      about,
      findings.length,
      count("read"),
      count("refused"),
      count("unread", "reason"),
      count("wrong"),
      share,
    ];
  });
  const head = [
    "file",
    "what it holds",
    "answers",
    "read",
    "refused, rightly",
    "refused, needlessly or for another reason",
    "misread",
    "right",
  ];
  return [head, head.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

/** Returns the page with the table between its markers replaced. */
export function withAnswerTable(page: string, table: string): string {
  const from = page.indexOf(start);
  const to = page.indexOf(end);
  if (from < 0 || to < from) {
    throw new Error(`Write the shares: the page lacks ${start} or ${end}; put both in.`);
  }
  return `${page.slice(0, from + start.length)}\n\n${table}\n\n${page.slice(to)}`;
}

if (import.meta.main) {
  const path = join(packageRoot(), "docs", "answer-formats.md");
  const page = await readFile(path, "utf8");
  await writeFile(path, withAnswerTable(page, answerTable(await readCorpus())));
}
