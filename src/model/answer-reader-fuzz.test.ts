import { describe, expect, it } from "vitest";
import { testSize } from "../../test/support/requirements.ts";
import { readCode, readJson } from "./answer-reader.ts";

const count = testSize(1_000, 10_000, 2_000);
const seed = 20_261_127;

/** What answers are made of: every mark that the readers look for, whole and in halves. */
const parts = [
  ..."```python|```|~~~|```json|'''python|``|`|\\`\\`\\`|````|```Explanation: x".split("|"),
  ..."<think>|</think>|[THINK]|◁/think▷|<|im_end|>|</s>|<answer>|</answer>|<code>|<![CDATA[".split(
    "|",
  ),
  "<|channel|>final<|message|>",
  "<|im_start|>assistant",
  "<|tool_call|>",
  "[TOOL_CALLS]",
  "<parameter=code>",
  "\\begin{code}",
  ...'{|}|[|]|(|)|"|\'|"""|\\|\\n|\\"|,|:|{{|}}|//|/*|*/|#|…|...'.split("|"),
  ..."True|None|NaN|-Infinity|0x|1e999|12345678901234567890|float('nan')|&lt;|&quot;|“|”|（".split(
    "|",
  ),
  '{"name": "f", "arguments": {"code": "def f(x):\\n    return x"}}',
  '{"verdict": "agree", "explanation": "x"}',
  "def f(x):\n    return x\n",
  "def f(x):\n    return {'a': [x, None,]}\n",
  "export function f(x) {\n  return `$" + "{x}`;\n}\n",
  "const f = (x) => /[\"'`/]/.test(x);\n",
  "import re\n",
  "class f:\n    pass\n",
  ">>> f(1)\n",
  "... \n",
  "In [1]: def f(x): return x\n",
  "1: ",
  "2 | ",
  "@@ -1 +1 @@\n",
  "+def f(x): pass\n",
  "--- a\n+++ b\n",
  "<<<<<<< SEARCH\n",
  "cat > f.py <<'EOF'\n",
  "# ... rest of the code\n",
  "Here is the corrected version:\n",
  "\n",
  "\n\n",
  "    ",
  "\t",
  "\r\n",
  "\uFEFF",
  "\u200B",
  "\u00A0",
  "\0",
  "\uD800",
  "🙂",
  "é",
  "word ",
];

/** The same numbers in every run, so that a failure can be repeated. */
function numbers(start: number): (below: number) => number {
  let state = start;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function answerFrom(next: (below: number) => number): string {
  const pieces = Array.from({ length: 1 + next(40) }, () => parts[next(parts.length)] ?? "");
  // Some repeat themselves, as models do that have lost their way.
  const text = pieces.join(next(3) === 0 ? "\n" : "");
  return next(20) === 0 ? text.repeat(1 + next(200)) : text;
}

function numbered(count: number, line: (n: number) => string): string {
  return Array.from({ length: count }, (_, n) => line(n)).join("\n");
}

function inBlocks(...programs: readonly string[]): string {
  return programs.map((program) => `\`\`\`py\n${program}\n\`\`\``).join("\n");
}

describe("the readers of answers", () => {
  it(`readCode() and readJson() find a reading or a problem in each of ${count} generated answers`, () => {
    const next = numbers(seed);
    const kinds = { code: 0, json: 0, unreadable: 0 };
    for (let index = 0; index < count; index += 1) {
      const answer = answerFrom(next);
      for (const language of ["python", "typescript"] as const) {
        const reading = readCode(answer, language, "f");
        if (reading.kind === "unreadable") {
          kinds.unreadable += 1;
          expect(reading.problem).not.toBe("");
        } else {
          kinds.code += 1;
          expect(reading.code).toMatch(/\S[\s\S]*\n$/);
        }
      }
      const reading = readJson(answer);
      if (reading.kind === "read") {
        kinds.json += 1;
        expect(JSON.parse(JSON.stringify(reading.value))).toEqual(reading.value);
      }
    }
    // Both ends are met often enough to mean something.
    expect(kinds.code).toBeGreaterThan(count / 50);
    expect(kinds.json).toBeGreaterThan(count / 50);
    expect(kinds.unreadable).toBeGreaterThan(count / 2);
  });

  it.each([
    ["thinking", "<think>".repeat(70_000)],
    ["end tokens", "a<|im_end|> b".repeat(40_000)],
    ["channels", "<|channel|>final<|message|>".repeat(18_000)],
    ["tags of wrappers", "<code>\n".repeat(70_000)],
    ["parameters", "<parameter=code>".repeat(30_000)],
    ["single lines of fences", "```py x```\n".repeat(45_000)],
    ["definitions", "def f(x): return x\n".repeat(26_000)],
    [
      "different programs",
      Array.from({ length: 6_000 }, (_, n) => `\`\`\`py\ndef f(x): return x + ${n}\n\`\`\`\n`).join(
        "",
      ),
    ],
    ["prompts", ">>> def f(x): return x\n".repeat(22_000)],
    ["open brackets in code", `def f(x):\n    return [\n${"(\n".repeat(200_000)}`],
    ["backticks in code", `export function f() {\n${"`".repeat(400_000)}`],
    ["slashes", `export function f() {\n${"= /[".repeat(100_000)}`],
    ["entities", `\`\`\`py\ndef f(x): return ${"&lt;".repeat(100_000)}\n\`\`\``],
    ["escaped quotes", '{\\"a\\": '.repeat(60_000)],
    [
      "names",
      `\`\`\`py\n${numbered(5_000, (n) => `def g${n}(): pass`)}\n\`\`\`\n\`\`\`py\ndef f(x): return g1()\n\`\`\`\n`,
    ],
    ["numbered lines", numbered(30_000, (n) => `${n + 1}: def f(x):`)],
    ["spaces", `def f(x):\n${" ".repeat(500_000)}`],
    ["spaces between tokens", `{"a":${" ".repeat(500_000)}`],
    ["thoughts one after the other", "<think>a</think>".repeat(250_000)],
    ["ends of sentences", "</s> x".repeat(200_000)],
    ["letters of a channel's name", `<|channel|>${"a".repeat(500_000)}`],
    ["end tokens in a fence", `\`\`\`\n${"<|im_end|>\n".repeat(40_000)}\`\`\``],
    ["tildes", `${"~".repeat(500_000)}\``],
    ["spaces in a fence", `\`\`\`py x${" ".repeat(500_000)}y`],
    ["strings that mislead", '```\n#"""\n#\'\'\'\n"""\n'.repeat(12_000)],
    ["Markdown in Markdown", "```markdown\n".repeat(40_000)],
    ["ends of files", `\`\`\`sh\n${"cat <<a\n".repeat(60_000)}\n\`\`\``],
    ["removed lines", `\`\`\`\n${"--- \n".repeat(100_000)}\n\`\`\``],
    ["spaces in a comment", `\`\`\`py\n# ${" ".repeat(500_000)}x\n\`\`\``],
    ["lists in tuples", `${"[(1,".repeat(49)}${"1,".repeat(250_000)}`],
    ["heads of functions", `\`\`\`ruby\n${"def f(\n".repeat(70_000)}\`\`\``],
    ["lists of exports", `\`\`\`ts\n${"export {\n".repeat(55_000)}\`\`\``],
    ["dots of an import", `\`\`\`py\nimport ${"a.".repeat(250_000)} !\n\`\`\``],
    [
      "names that another piece uses",
      inBlocks(
        numbered(20_000, (n) => `g${n} = 1`),
        `def f(x):\n${numbered(20_000, (n) => ` h(g${n}, 1)`)}`,
      ),
    ],
    [
      "lines that two programs share",
      inBlocks(
        `def f(x):\n${"  y()\n".repeat(30_000)}  z()`,
        `def f(x):\n${"  y()\n".repeat(40_000)}`,
      ),
    ],
    [
      "line feeds between programs",
      inBlocks("def f(x): return 1", "def f(x): return 2").replace("``\n``", (found) =>
        found.replace("\n", "\n".repeat(500_000)),
      ),
    ],
    ["a bare signature over and over", `class f:\n${"    pass\n".repeat(50_000)}`],
  ])("readCode() and readJson() come to an end on long answers full of %s", (_, text) => {
    expect(["read", "unreadable"]).toContain(readCode(text, "python", "f").kind);
    expect(["read", "unreadable"]).toContain(readCode(text, "typescript", "f").kind);
    expect(["read", "unreadable"]).toContain(readJson(text).kind);
  });
});
