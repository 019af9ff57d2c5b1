import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { normalizeGoal } from "../src/shared/goal.ts";
import { packageRoot } from "../src/shared/package-root.ts";
import { contractAnswerSchema } from "../src/verify/contract.ts";
import { readRecordingSource } from "./recordings-source.ts";

const folder = join(packageRoot(), "recordings", "source");
const sources = readdirSync(folder).map(
  (file) => [file, readRecordingSource(readFileSync(join(folder, file), "utf8"))] as const,
);

const small = [
  "goal: Create a thing",
  "alias: Make something",
  "language: python",
  "label: by hand",
  "",
  "## planner",
  "",
  "{}",
  "",
  "## coder 0",
  "",
  "Here:",
  "",
  "```python",
  "# a comment",
  "## planner of nothing",
  "x = 1",
  "```",
  "",
  "## coder 1",
  "",
].join("\n");

describe("readRecordingSource()", () => {
  it("readRecordingSource() returns header and answers verbatim", () => {
    expect(readRecordingSource(small)).toEqual({
      goal: "Create a thing",
      aliases: ["Make something"],
      language: "python",
      label: "by hand",
      answers: [
        { role: "planner", order: 0, text: "{}" },
        {
          role: "coder",
          order: 0,
          text: "Here:\n\n```python\n# a comment\n## planner of nothing\nx = 1\n```",
        },
        { role: "coder", order: 1, text: "" },
      ],
    });
  });

  it("readRecordingSource() throws when an order is left out or stands twice", () => {
    expect(() => readRecordingSource(small.replace("## coder 1", "## coder 2"))).toThrow(
      "## coder 1",
    );
    expect(() => readRecordingSource(`${small}\n## planner\n`)).toThrow("## planner 1");
  });

  it("readRecordingSource() throws when the header is not of its form", () => {
    expect(() => readRecordingSource(small.replace("language: python", "language: perl"))).toThrow(
      "perl",
    );
    expect(() => readRecordingSource(small.replace("label: by hand\n", ""))).toThrow("label");
    expect(() => readRecordingSource(`goal: twice\n${small}`)).toThrow("goal: Create a thing");
    expect(() => readRecordingSource(`note: x\n${small}`)).toThrow("note: x");
  });
});

describe("recordings/source", () => {
  it("holds the guide's goals, three of them in TypeScript too", () => {
    const goalsIn = (language: string) =>
      sources
        .filter(([, source]) => source.language === language)
        .map(([, source]) => normalizeGoal(source.goal))
        .sort();
    const goals = [
      "Create a base64 encoder",
      "Create a CSV parser skill",
      "Create CSV to JSON converter",
      "Create a JSON validator skill",
      "Create a Markdown to HTML converter",
      "Create a regex pattern matcher skill",
      "Create a URL parser",
      "Create an XML processor skill",
    ];
    expect(goalsIn("python")).toEqual(goals.map(normalizeGoal).sort());
    expect(goalsIn("typescript")).toEqual(
      ["JSON validator", "CSV parser", "URL parser"].map(normalizeGoal).sort(),
    );
  });

  it("names no goal of one language twice, aliases included", () => {
    for (const language of ["python", "typescript"]) {
      const goals = sources
        .filter(([, source]) => source.language === language)
        .flatMap(([, source]) => [source.goal, ...source.aliases].map(normalizeGoal));
      expect(new Set(goals).size).toBe(goals.length);
    }
  });

  it.each(sources)("%s is labelled and holds a whole run", (_file, { label, answers }) => {
    expect(label).toBe("written by hand in the shape of a model's answers");
    const count = (role: string) => answers.filter((answer) => answer.role === role).length;
    expect(count("planner")).toBe(1);
    expect(count("tester")).toBe(1);
    expect(count("coder")).toBeGreaterThanOrEqual(1);
    expect(count("analyst")).toBeGreaterThanOrEqual(1);
    expect(answers.every(({ text }) => text !== "")).toBe(true);
  });

  it.each(sources)("%s has a contract that a planner may write", (_file, { answers }) => {
    const text = answers.find(({ role }) => role === "planner")?.text ?? "";
    const contract: unknown = JSON.parse(text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1));
    expect(contractAnswerSchema.safeParse(contract).error).toBeUndefined();
  });
});
