import type { Program, TaggedValue } from "../src/sandbox/sandbox.ts";
import type { Language } from "../src/shared/json.ts";

/** The small skill that every way runs, with its cases. */
const pythonSource = `import json

def validate(text):
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
`;
const typescriptSource = `function validate(text) {
  try { JSON.parse(text); return true; } catch { return false; }
}
`;

export const skillCases: readonly (readonly [string, boolean])[] = [
  ["{}", true],
  ["[1, 2", false],
  ['{"a": [null]}', true],
];

export const skillPrograms: Readonly<Record<Language, Program>> = {
  python: { language: "python", source: pythonSource, entry: "validate", fileName: "validate.py" },
  typescript: {
    language: "typescript",
    source: typescriptSource,
    entry: "validate",
    fileName: "validate.ts",
  },
};

/** The same skill and cases as one script that needs no host; it exits with 1 when a case fails. */
export const bareScripts: Readonly<Record<Language, string>> = {
  python: `${pythonSource}
for text, expected in ${JSON.stringify(skillCases).replaceAll("true]", "True]").replaceAll("false]", "False]")}:
    assert validate(text) is expected
`,
  typescript: `${typescriptSource}
for (const [text, expected] of ${JSON.stringify(skillCases)}) {
  if (validate(text) !== expected) throw new Error(text);
}
`,
};

/**
 * A usual skill for mutants: it parses, loops, branches and formats. Each of the 30 mutants differs
 * in one token, as a mutation of its syntax tree would make them.
 */
const usualPython = `def summarize(text, width=20):
    words = text.split()
    lines = []
    line = ""
    for word in words:
        if len(line) + len(word) + 1 <= width:
            line = line + " " + word if line else word
        else:
            lines.append(line)
            line = word
    if line:
        lines.append(line)
    longest = max((len(item) for item in lines), default=0)
    return {"lines": lines, "count": len(words), "longest": longest, "full": longest >= width}
`;
const usualTypescript = `function summarize(text, width = 20) {
  const words = text.split(/\\s+/).filter((word) => word !== "");
  const lines = [];
  let line = "";
  for (const word of words) {
    if (line.length + word.length + 1 <= width) {
      line = line === "" ? word : line + " " + word;
    } else {
      lines.push(line);
      line = word;
    }
  }
  if (line !== "") lines.push(line);
  const longest = Math.max(0, ...lines.map((item) => item.length));
  return { lines, count: words.length, longest, full: longest >= width };
}
`;
const changes: Readonly<Record<Language, readonly (readonly [string, string])[]>> = {
  python: [
    ["<= width", "< width"],
    ["<= width", "> width"],
    [">= width", "> width"],
    ["+ 1", "- 1"],
    ["+ 1", "+ 2"],
    ["width=20", "width=21"],
    ['" "', '""'],
    ["lines.append(line)", "lines.insert(0, line)"],
    ["max(", "min("],
    ["default=0", "default=1"],
  ],
  typescript: [
    ["<= width", "< width"],
    ["<= width", "> width"],
    [">= width", "> width"],
    ["+ 1", "- 1"],
    ["+ 1", "+ 2"],
    ["width = 20", "width = 21"],
    ['" "', '""'],
    ["lines.push(line)", "lines.unshift(line)"],
    ["Math.max(", "Math.min("],
    ["Math.max(0", "Math.max(1"],
  ],
};

/** Thirty: each change alone, and each with the two that follow it. */
export function mutants(language: Language): readonly Program[] {
  const original = language === "python" ? usualPython : usualTypescript;
  const list = changes[language];
  const at = (index: number) => list[index % list.length] ?? ["", ""];
  const sources = list.flatMap((_, index) => [
    apply(original, [at(index)]),
    apply(original, [at(index), at(index + 1)]),
    apply(original, [at(index), at(index + 1), at(index + 2)]),
  ]);
  const fileName = language === "python" ? "summarize.py" : "summarize.ts";
  return sources.map((source) => ({ language, source, entry: "summarize", fileName }));
}

function apply(source: string, replacements: readonly (readonly [string, string])[]): string {
  return replacements.reduce((text, [from, to]) => text.replace(from, to), source);
}

export const mutantCases: readonly (readonly TaggedValue[])[] = [
  [""],
  ["a"],
  ["a b c"],
  ["one two three four five six seven"],
  ["word", 4],
  ["exactly twenty chars"],
  ["exactly twenty chars and more of them"],
  ["supercalifragilistic expialidocious", 10],
  ["  spaces   between  "],
  ["a bb ccc dddd eeeee ffffff ggggggg", 12],
];
