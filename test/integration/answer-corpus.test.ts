import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { answerTable, withAnswerTable } from "../../scripts/write-answer-table.ts";
import { packageRoot } from "../../src/shared/package-root.ts";
import { findingOf, readCorpus } from "../support/answer-corpus.ts";
import { gatheredFindings, gatheredLine } from "../support/gathered-answers.ts";
import { describeWith } from "../support/requirements.ts";

const themes = await readCorpus();
const page = await readFile(join(packageRoot(), "docs", "answer-formats.md"), "utf8");

describe("answers written after the habits of small models", () => {
  it("are at least 150, each with a title of its own", () => {
    const titles = themes.flatMap(({ theme, answers }) =>
      answers.map(({ asked, title }) => `${theme}: ${JSON.stringify(asked)} ${title}`),
    );
    expect(titles.length).toBeGreaterThanOrEqual(150);
    expect(new Set(titles).size).toBe(titles.length);
  });

  it.each(themes.map((each) => [each.theme, each.answers] as const))(
    "readCode() and readJson() read the answers of %s, or refuse them for the right reason",
    (_theme, answers) => {
      const findings = answers.map((answer) => `${findingOf(answer)}: ${answer.title}`);
      const wanted = answers.map(
        ({ wanted: { kind }, title }) => `${kind === "refused" ? "refused" : "read"}: ${title}`,
      );
      expect(findings).toEqual(wanted);
    },
  );

  it("docs/answer-formats.md shows the shares as they are", () => {
    // When this fails: node scripts/write-answer-table.ts
    expect(page).toBe(withAnswerTable(page, answerTable(themes)));
  });
});

describeWith("recorded data", "answers that models gave", () => {
  it("readCode() reads the program in each of them, or refuses what holds none", async () => {
    const findings = await gatheredFindings();
    expect(findings.misread).toBe(0);
    expect(page).toContain(gatheredLine(findings));
  }, 120_000);
});
