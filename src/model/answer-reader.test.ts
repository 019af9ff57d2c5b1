import { describe, expect, it } from "vitest";
import { readCode, readJson } from "./answer-reader.ts";
import { maxReadLength } from "./clean-answer.ts";

const code = 'def f(text):\n    return text == "x"\n';
const fenced = (content: string, tag = "python") => `\`\`\`${tag}\n${content}\`\`\`\n`;
const read = (text: string, entry?: string) => readCode(text, "python", entry);
const isCode = (expected = code) => ({ kind: "read", code: expected });

describe("readCode", () => {
  it("readCode() takes the block out of prose", () => {
    expect(read(`Sure! Here it is:\n\n${fenced(code)}\nThis works because…`)).toEqual(isCode());
  });

  it.each(["python", "py", "python3", "Python", "PY", "", "text", "python title=x", "python:f.py"])(
    "readCode() accepts the fence tag %j for Python",
    (tag) => {
      expect(read(fenced(code, tag))).toEqual(isCode());
    },
  );

  it.each(["typescript", "ts", "js", "javascript", ""])(
    "readCode() accepts the fence tag %j for TypeScript",
    (tag) => {
      const source = "export function f(a: string): boolean {\n  return a.length > 0;\n}\n";
      expect(readCode(fenced(source, tag), "typescript")).toEqual(isCode(source));
    },
  );

  it("readCode() refuses what is too long to be a program, thinking not counted", () => {
    const long = "x".repeat(maxReadLength);
    const problem = expect.stringMatching(
      /^the answer has \d+ characters.*at most 524288 are read/,
    );
    expect(read(fenced(long))).toEqual({ kind: "unreadable", problem });
    expect(readJson(`["${long}"]`)).toEqual({ kind: "unreadable", problem });
    expect(read(`<think>${long}</think>${fenced(code)}`)).toEqual(isCode());
  });

  it("readCode() chooses the block that defines the entry, the last when it corrects the others", () => {
    const other = `def longer_example():\n${'    print("not this")\n'.repeat(20)}`;
    const text = fenced(other) + fenced(code) + fenced(other);
    expect(read(text, "f")).toEqual(isCode());
    const mended = code.replace('"x"', '"y"');
    const corrected = `${fenced(code)}The corrected version:\n${fenced(mended)}`;
    expect(read(corrected, "f")).toEqual(isCode(mended));
  });

  it("readCode() refuses to choose between different programs of one entry", () => {
    const other = code.replace('"x"', '"y"');
    for (const between of ["", "Option 2:\n", "Alternatively:\n", "Never write it like this:\n"]) {
      expect(read(fenced(code) + between + fenced(other), "f")).toMatchObject({
        kind: "unreadable",
        problem: expect.stringContaining("several different programs"),
      });
    }
  });

  it("readCode() chooses the longest of the language when no entry is named", () => {
    const small = "print(1)\n";
    const shell = `pip install ${"something ".repeat(100)}\n`;
    expect(read(fenced(shell, "bash") + fenced(small) + fenced(code))).toEqual(isCode());
    expect(read(fenced(shell, "bash") + fenced(small) + fenced(code), "g")).toMatchObject({
      kind: "unreadable",
      problem: expect.stringContaining("does not define g at its top level, but f"),
    });
  });

  it("readCode() reads code without any fence, prose around it or not", () => {
    expect(read(code)).toEqual(isCode());
    expect(read(`Here is the code:\n\n${code}\nIt compares the text with a letter.`)).toEqual(
      isCode(),
    );
    const whole = `# checks\nimport re\n\n${code}`;
    expect(read(whole)).toEqual(isCode(whole));
    const script = "const limit = 3;\nexport const f = (a: string) => a.length < limit;\n";
    expect(readCode(script, "typescript")).toEqual(isCode(script));
  });

  it("readCode() reads an unclosed fence to the end", () => {
    expect(read(`Here:\n\`\`\`python\n${code}`)).toEqual(isCode());
  });

  it("readCode() keeps fences that stand in docstrings", () => {
    const tagged = `def f():\n    """Example:\n\n    \`\`\`python\n    f()\n    \`\`\`\n    """\n    return 1\n`;
    expect(read(fenced(tagged))).toEqual(isCode(tagged));
    const bare = `"""Module.\n\n\`\`\`\nf()\n\`\`\`\n"""\ndef f():\n    return '"' # it's """ no\n`;
    expect(read(fenced(bare))).toEqual(isCode(bare));
    const string = `def f(text):\n    return text.split("""\n\`\`\`\n""")\n`;
    expect(read(fenced(string))).toEqual(isCode(string));
  });

  it("readCode() closes at the first fence when a string never ends", () => {
    const broken = 'def f():\n    """never closed\n    return 1\n';
    expect(read(`${fenced(broken)}prose\n${fenced(code, "text")}`)).toEqual(isCode(broken));
  });

  it("readCode() takes the indentation of a fence in a list off the code", () => {
    const indented = fenced(code).replace(/^(?=.)/gmu, "   ");
    expect(read(`1. Write:\n\n${indented}`)).toEqual(isCode());
  });

  it("readCode() accepts longer fences and tildes", () => {
    expect(read(`~~~python\n${code}~~~\n`)).toEqual(isCode());
    const holdsFence = 'def f():\n    return """\n```\n"""\n';
    expect(read(`\`\`\`\`python\n${holdsFence}\`\`\`\`\n`)).toEqual(isCode(holdsFence));
  });

  it("readCode() ignores thinking, with tags in several shapes", () => {
    const draft = fenced("def f(text):\n    return None\n");
    expect(read(`<think>\nMaybe:\n${draft}</think>\n${fenced(code)}`)).toEqual(isCode());
    expect(read(`So the answer is short.\n</think>\n\n${fenced(code)}`)).toEqual(isCode());
    expect(read(`<thinking>a</thinking><think>b</think>${fenced(code)}`)).toEqual(isCode());
    expect(read("<think>I should write a function that")).toMatchObject({
      kind: "unreadable",
      problem: expect.stringContaining("thinking only"),
    });
  });

  it("readCode() keeps code that names the thinking tags", () => {
    const source = 'def f(text):\n    return text.split("</think>")\n';
    expect(read(fenced(source))).toEqual(isCode(source));
    expect(read(source)).toEqual(isCode(source));
  });

  it("readCode() takes byte order marks and carriage returns away", () => {
    expect(read(`\uFEFF${fenced(code).replaceAll("\n", "\r\n")}`)).toEqual(isCode());
  });

  it("readCode() unwraps a tool call", () => {
    const call = JSON.stringify({ name: "write_file", arguments: { path: "f.py", content: code } });
    expect(read(call)).toEqual(isCode());
  });

  it.each([
    ["", "empty"],
    ["  \n\t\n", "empty"],
    ["```python\n```", "block is empty"],
    ["I cannot help with that.", "holds no code"],
    ["SUCCESS", "holds no code"],
    ["```bash\nrm -rf /\n```", "bash"],
    ['```json\n{"a": 1}\n```', "json"],
  ])("readCode() calls %j unreadable and says why", (text, problem) => {
    expect(read(text)).toMatchObject({
      kind: "unreadable",
      problem: expect.stringContaining(problem),
    });
  });

  it.each([
    ["prose", "I will say this again and again. ".repeat(160_000)],
    ["one line", "a".repeat(5_000_000)],
    ["backticks", "```\n".repeat(1_250_000)],
    ["tagged fences", "```python\n".repeat(500_000)],
    ["quotes", '"""\n'.repeat(1_250_000)],
    ["sentences", `Aa ${"b (".repeat(1_600_000)}.`],
    ["brackets", "{[".repeat(2_500_000)],
    ["code", `${fenced(`def f():\n${"    x = 1\n".repeat(500_000)}`)}`],
  ])("readCode() comes to an end on 5 MB of %s", (_, text) => {
    expect(["read", "unreadable"]).toContain(read(text, "f").kind);
  });
});

describe("readJson", () => {
  const value = { entry: "f", cases: [{ args: ["{"], returns: true }] };
  const json = JSON.stringify(value, undefined, 2);
  const isValue = (expected: unknown = value) =>
    expect.objectContaining({ kind: "read", value: expected });

  it("readJson() reads bare, fenced and prose-wrapped JSON", () => {
    expect(readJson(json)).toEqual(isValue());
    expect(readJson(`\uFEFF${json.replaceAll("\n", "\r\n")}`)).toEqual(isValue());
    expect(readJson(fenced(`${json}\n`, "json"))).toEqual(isValue());
    expect(readJson(`Here you {really} go:\n${json}\nHope [that] helps!`)).toEqual(isValue());
    expect(readJson(`<think>{"entry": "no"}</think>${json}`)).toEqual(isValue());
  });

  it("readJson() forgives what models get wrong", () => {
    const text = `{"a": [1, 2,], // two\n "b": True, /* c */ "c": None, "d": "x\ny // no, ,]",}`;
    expect(readJson(text)).toEqual(isValue({ a: [1, 2], b: true, c: null, d: "x\ny // no, ,]" }));
  });

  it("readJson() keeps the digits of integers beyond 2^53, in mended and wrapped JSON too", () => {
    const large = { cases: [{ args: [{ $integer: "12345678901234567891" }], returns: 1e25 }] };
    const text = '{"cases": [{"args": [12345678901234567891], "returns": 1e25}]}';
    expect(readJson(text)).toEqual(isValue(large));
    expect(readJson(text.replace("e25}", "e25,}"))).toEqual(isValue(large));
    expect(readJson(JSON.stringify({ name: "suite", arguments: text }))).toEqual(isValue(large));
  });

  it("readJson() unwraps tool calls in their usual shapes, and nothing else", () => {
    expect(readJson(JSON.stringify({ name: "suite", arguments: value }))).toEqual(isValue());
    expect(readJson(JSON.stringify({ name: "suite", arguments: json }))).toEqual(isValue());
    expect(
      readJson(JSON.stringify({ type: "function", function: { name: "s", arguments: json } })),
    ).toEqual(isValue());
    const contract = { name: "f", description: "d", parameters: [{ name: "a" }] };
    expect(readJson(JSON.stringify(contract))).toEqual(isValue(contract));
    const named = { name: "f", parameters: [1] };
    expect(readJson(JSON.stringify(named))).toEqual(isValue(named));
  });

  it("readJson() takes the longest of several values, unless another is of its kind", () => {
    expect(readJson(`{"a": 1}\nand\n${json}\nand\n[2]`)).toEqual(isValue());
    expect(readJson(`${json}\nonce more:\n${json}`)).toEqual(isValue());
    expect(readJson(`${json}\nor\n${json.replace("true", "false")}`)).toMatchObject({
      kind: "unreadable",
      problem: expect.stringContaining("several different JSON values"),
    });
  });

  it("readJson() never takes a part of broken or unfinished JSON for the whole", () => {
    expect(readJson(json.slice(0, -3)).kind).toBe("unreadable");
    expect(readJson('{"a": {"b": 1} "c": 2}').kind).toBe("unreadable");
    expect(readJson(fenced(json.slice(0, -4), "json")).kind).toBe("unreadable");
  });

  it.each([
    ["", "empty"],
    ["<think>hm", "thinking only"],
    ["SUCCESS", "no JSON"],
    ['"just a string"', "no JSON"],
    ["{broken", "does not parse"],
  ])("readJson() calls %j unreadable and says why", (text, problem) => {
    expect(readJson(text)).toMatchObject({
      kind: "unreadable",
      problem: expect.stringContaining(problem),
    });
  });

  it.each([
    ["opening brackets", "[".repeat(5_000_000)],
    ["objects", "{".repeat(5_000_000)],
    ["unclosed brackets in prose", "[ so ".repeat(1_000_000)],
    ["quotes", '"'.repeat(5_000_000)],
    ["keys", '{"a":'.repeat(1_000_000)],
    ["commas", `[${",".repeat(5_000_000)}`],
    ["small objects", '{"a":1} '.repeat(600_000)],
    ["one string", `{"a":"${"x".repeat(5_000_000)}"}`],
    ["backslashes", `{"a":"${"\\".repeat(5_000_000)}`],
    ["prose", "{ this is, not ] json ".repeat(230_000)],
  ])("readJson() comes to an end on 5 MB of %s", (_, text) => {
    expect(["read", "unreadable"]).toContain(readJson(text).kind);
  });
});
