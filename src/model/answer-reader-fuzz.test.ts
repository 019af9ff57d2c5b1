import { describe, expect, it } from "vitest";
import { testSize } from "../../test/support/requirements.ts";
import { readCode, readJson } from "./answer-reader.ts";

const count = testSize(1_000, 10_000, 2_000);
const seed = 20_261_127;
/** Of the long answers, so that the full form reads megabytes. */
const times = testSize(1, 10);

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
    ["thinking", "<think>".repeat(70_000 * times)],
    ["end tokens", "a<|im_end|> b".repeat(40_000 * times)],
    ["channels", "<|channel|>final<|message|>".repeat(18_000 * times)],
    ["tags of wrappers", "<code>\n".repeat(70_000 * times)],
    ["parameters", "<parameter=code>".repeat(30_000 * times)],
    ["single lines of fences", "```py x```\n".repeat(45_000 * times)],
    ["definitions", "def f(x): return x\n".repeat(26_000 * times)],
    [
      "different programs",
      Array.from(
        { length: 6_000 * times },
        (_, n) => `\`\`\`py\ndef f(x): return x + ${n}\n\`\`\`\n`,
      ).join(""),
    ],
    ["prompts", ">>> def f(x): return x\n".repeat(22_000 * times)],
    ["open brackets in code", `def f(x):\n    return [\n${"(\n".repeat(200_000 * times)}`],
    ["backticks in code", `export function f() {\n${"`".repeat(400_000 * times)}`],
    ["slashes", `export function f() {\n${"= /[".repeat(100_000 * times)}`],
    ["entities", `\`\`\`py\ndef f(x): return ${"&lt;".repeat(100_000 * times)}\n\`\`\``],
    ["escaped quotes", '{\\"a\\": '.repeat(60_000 * times)],
    [
      "names",
      `\`\`\`py\n${Array.from({ length: 5_000 * times }, (_, n) => `def g${n}(): pass`).join("\n")}\n\`\`\`\n\`\`\`py\ndef f(x): return g1()\n\`\`\`\n`,
    ],
    [
      "numbered lines",
      Array.from({ length: 30_000 * times }, (_, n) => `${n + 1}: def f(x):`).join("\n"),
    ],
    ["spaces", `def f(x):\n${" ".repeat(500_000 * times)}`],
    ["spaces between tokens", `{"a":${" ".repeat(500_000 * times)}`],
    ["a bare signature over and over", `class f:\n${"    pass\n".repeat(50_000 * times)}`],
  ])("readCode() and readJson() come to an end on long answers full of %s", (_, text) => {
    expect(["read", "unreadable"]).toContain(readCode(text, "python", "f").kind);
    expect(["read", "unreadable"]).toContain(readCode(text, "typescript", "f").kind);
    expect(["read", "unreadable"]).toContain(readJson(text).kind);
  });
});
