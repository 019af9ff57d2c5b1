import { describe, expect, it } from "vitest";
import type { AgentError } from "../shared/errors.ts";
import { readExampleFile } from "./example-file.ts";
import { readExample } from "./example-reader.ts";

function problemOf(text: string, fileName: string): string {
  try {
    readExampleFile(text, fileName);
  } catch (error) {
    expect(error).toMatchObject({ code: "USAGE", blame: "caller" });
    return (error as AgentError).message;
  }
  throw new Error("an error was expected");
}

describe("readExampleFile()", () => {
  it("readExampleFile() reads lists of lines and objects from JSON, bare or under a name", () => {
    const list = '["1 => 2", {"args": [3], "returns": 4}, {"args": ["x"], "raises": "ValueError"}]';
    for (const text of [list, `{"examples": ${list}}`, `\ufeff{"cases": ${list}}`]) {
      expect(readExampleFile(text, "e.json").map((line) => readExample(line))).toMatchObject([
        { kind: "returns", args: [1], expected: 2 },
        { kind: "returns", args: [3], expected: 4 },
        { kind: "raises", args: ["x"], errorType: "ValueError" },
      ]);
    }
  });

  it("readExampleFile() keeps files, tolerance and every digit of an object", () => {
    const entry = {
      args: ["in.txt"],
      returns: 1.5,
      tolerance: 0.25,
      files: { "in.txt": "a" },
      filesAfter: { "out.txt": "b" },
    };
    const text = `${JSON.stringify(entry)}\n\n{"args": [12345678901234567890], "returns": -0}\n`;
    const [first = "", second = ""] = readExampleFile(text, "e.jsonl");
    expect(
      readExample(first, undefined, [{ path: "in.txt", contentBase64: "eA==" }]),
    ).toMatchObject({
      tolerance: 0.25,
      files: [{ path: "in.txt", contentBase64: "YQ==" }],
      filesAfter: [{ path: "out.txt", contentBase64: "Yg==" }],
    });
    expect(readExample(second)).toMatchObject({
      args: [{ $integer: "12345678901234567890" }],
      expected: { $float: "-0" },
    });
  });

  it("readExampleFile() reads CSV: cells that are JSON as that, others as text", () => {
    const text =
      'text,limit,returns,raises\nhello,2,"[""he"", ""llo""]",\n"""12""",,12,\n,x,,ValueError\n';
    const lines = readExampleFile(text, "E.CSV");
    expect(lines.map((line) => readExample(line))).toMatchObject([
      { args: ["hello", 2], expected: ["he", "llo"] },
      { args: ["12", ""], expected: 12 },
      { kind: "raises", args: ["", "x"], errorType: "ValueError" },
    ]);
  });

  it.each<[string, string, RegExp]>([
    ["[1", "e.json", /no JSON/],
    ["[]", "e.json", /holds no example/],
    ["7", "e.json", /a list of examples is wanted/],
    ["[7]", "e.json", /example 1: an object/],
    ['["1 => 2", "1 2"]', "e.json", /example 2: '1 2' has no =>/],
    ['[{"returns": 1}]', "e.json", /has no "args"/],
    ['[{"args": [1]}]', "e.json", /says nothing that must come back/],
    ['[{"args": [1], "property": "result > 1"}]', "e.json", /states a property/],
    ['[{"args": [1], "returns": 1, "files": {"../x": "a"}}]', "e.json", /relative path/],
    ['{"args": [1], "returns": 1}\nnope\n', "e.jsonl", /is no JSON at line 2, column 1/],
    ["a,b\n1,2\n", "e.csv", /no column "returns"/],
    ["a,returns\n1\n", "e.csv", /row 2 has 1 cells, the first has 2/],
    ['a,returns\n"1', "e.csv", /no CSV/],
    ["", "e.csv", /it is empty/],
    ["1 => 2", "e.txt", /ends otherwise/],
    [`${"[".repeat(100)}${"]".repeat(100)}`, "e.json", /nests deeper than 64/],
    [JSON.stringify(["1 => 2".repeat(20_000)]), "e.json", /longer than 64 KiB/],
    [
      JSON.stringify(Array.from({ length: 1_001 }, (_, n) => `${n} => 0`)),
      "e.json",
      /at most 1000/,
    ],
  ])("readExampleFile() says what is wrong with %.40s in %s", (text, name, wanted) => {
    expect(problemOf(text, name)).toMatch(wanted);
  });

  it("readExampleFile() takes __proto__ and constructor for plain keys", () => {
    const [line = ""] = readExampleFile(
      '[{"args": [{"__proto__": 1}], "returns": {"constructor": 2}}]',
      "e.json",
    );
    const example = readExample(line);
    expect(JSON.stringify(example.args)).toBe('[{"__proto__":1}]');
    expect(example).toMatchObject({ expected: { constructor: 2 } });
  });
});
