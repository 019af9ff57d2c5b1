import { Validator } from "@cfworker/json-schema";
import { describe, expect, it } from "vitest";
import type { JsonObject, JsonValue } from "../shared/json.ts";
import { contractFormat, suiteFormat } from "./answer-formats.ts";
import type { Contract } from "./contract.ts";
import { readContract } from "./contract-reader.ts";
import { contractSignature } from "./contract-signature.ts";

const given = { name: "json_validator", language: "python" } as const;
const plain: JsonObject = {
  description: "Says whether a text is JSON.",
  entry: "validate_json",
  parameters: [{ name: "text", schema: { type: "string" }, description: "the text" }],
  result: { type: "boolean" },
  errors: [{ type: "TypeError", when: "text is no string" }],
  capabilities: [],
  files: { reads: [], makes: [] },
};

function read(answer: JsonValue): Contract {
  const reading = readContract(answer, given);
  if (reading.kind === "unreadable") {
    throw new Error(reading.problem);
  }
  return reading.contract;
}

function problemOf(answer: JsonValue): string {
  const reading = readContract(answer, given);
  return reading.kind === "unreadable" ? reading.problem : "";
}

describe("readContract()", () => {
  it("readContract() reads a contract as the format wants it", () => {
    expect(read(plain)).toEqual({ ...plain, ...given });
    expect(new Validator(contractFormat as never).validate(plain).valid).toBe(true);
  });

  it("readContract() takes name and language from the host alone", () => {
    expect(read({ ...plain, name: "../../evil", language: "cobol" })).toMatchObject(given);
  });

  it.each<[string, JsonValue]>([
    ["a wrapper", { contract: plain }],
    ["an array of one", [plain]],
    [
      "camel case and other names",
      {
        Description: plain["description"] ?? "",
        entryFunction: "def validate_json(text: str) -> bool",
        params: { text: { type: "str", description: "the text" } },
        returnType: "bool",
        exceptions: ["TypeError: text is no string"],
      },
    ],
    [
      "a tool's schema",
      {
        type: "function",
        function: {
          name: "validate_json",
          description: plain["description"] ?? "",
          parameters: {
            type: "object",
            properties: { text: { type: "string", description: "the text" } },
            required: ["text"],
          },
        },
        returns: { type: "boolean" },
        raises: { TypeError: "text is no string" },
      },
    ],
  ])("readContract() reads the same contract from %s", (_name, answer) => {
    expect(read(answer)).toEqual({ ...plain, ...given });
  });

  it("readContract() reads parameters as strings with types", () => {
    const { parameters } = read({ ...plain, parameters: ["text: str", "limit: int | None", "x"] });
    expect(parameters.map(({ name, schema }) => [name, schema])).toEqual([
      ["text", { type: "string" }],
      ["limit", { type: ["integer", "null"] }],
      ["x", {}],
    ]);
  });

  it("readContract() makes a parameter that is not required optional", () => {
    const contract = read({
      ...plain,
      parameters: [
        { name: "a", type: "str" },
        { name: "b", type: "int", required: false },
      ],
    });
    expect(contract.parameters[1]?.schema).toEqual({ type: ["integer", "null"], default: null });
    expect(contractSignature(contract)).toBe(
      "validate_json(a: string, b?: integer | null) → boolean",
    );
  });

  it("readContract() leaves out errors that end the process, and what is no error", () => {
    const errors = [
      "SystemExit",
      "None",
      "json.JSONDecodeError: bad text",
      { type: 3 },
      "JSONDecodeError",
    ];
    expect(read({ ...plain, errors }).errors).toEqual([
      { type: "JSONDecodeError", when: "bad text" },
    ]);
  });

  it.each<[JsonValue, string]>([
    ["hello", "no JSON object"],
    [{ ...plain, entry: "" }, "entry is missing"],
    [{ ...plain, entry: "validate json" }, "is no function name"],
    [{ ...plain, entry: "class" }, "reserved word of python"],
    [{ ...plain, parameters: ["from", "to"] }, "parameter from is a reserved word of python"],
    [{ ...plain, parameters: ["__proto__"] }, "parameter __proto__ is a reserved word of python"],
    [{ ...plain, entry: "_private" }, "private"],
    [{ description: "x", entry: "f", parameters: [] }, "result is missing"],
    [{ ...plain, parameters: 3 }, "parameters must be an array"],
    [{ ...plain, parameters: [{ name: "a b", schema: {} }] }, "parameter 1 has no name"],
    [{ ...plain, parameters: [{ name: "a" }, { name: "a" }] }, "two parameters are named a"],
    [{ ...plain, parameters: [{ name: "a", default: 1 }, { name: "b" }] }, "without a default"],
    [{ ...plain, parameters: Array.from({ length: 13 }, (_, i) => `p${i}`) }, "too many"],
    [{ ...plain, files: { reads: ["/etc/passwd"] } }, "no relative path"],
    [{ ...plain, files: { makes: ["a/../../b"] } }, "no relative path"],
    [{ ...plain, result: 7 }, "result: 7 is no JSON Schema"],
    [{ ...plain, result: null }, "result: null is no JSON Schema"],
    [{ ...plain, result: { type: "banana" } }, 'result: "banana" is no type of JSON Schema'],
    [{ ...plain, result: { type: 7 } }, "result: 7 is no type of JSON Schema"],
    [{ ...plain, result: { type: "array", items: { type: "fruit" } } }, '"fruit" is no type'],
    [
      { ...plain, parameters: [{ name: "a", schema: { anyOf: [{ type: ["string", "pear"] }] } }] },
      'parameters: "pear" is no type',
    ],
    [null, "no JSON object"],
  ])("readContract() says in one line what is wrong with %j", (answer, text) => {
    expect(problemOf(answer)).toContain(text);
    expect(problemOf(answer)).not.toContain("\n");
  });

  it.each(["delete", "eval", "arguments", "static", "yield", "__proto__"])(
    "readContract() refuses %s as a name in TypeScript",
    (name) => {
      const problem = (answer: JsonObject) =>
        readContract({ ...plain, ...answer }, { ...given, language: "typescript" });
      const text = expect.stringContaining(`${name} is a reserved word of typescript`);
      expect(problem({ entry: name })).toEqual({ kind: "unreadable", problem: text });
      expect(problem({ parameters: [name] })).toEqual({ kind: "unreadable", problem: text });
    },
  );

  it.each([
    ["python", ["match", "type", "delete", "eval", "constructor"]],
    ["typescript", ["from", "lambda", "type", "string", "constructor"]],
  ] as const)("readContract() takes names that can be written in %s", (language, names) => {
    const reading = readContract({ ...plain, parameters: [...names] }, { ...given, language });
    expect(reading.kind).toBe("read");
  });

  it("readContract() reads large integers in schemas as the numbers nearest to them", () => {
    const most = { $integer: "9223372036854775807" };
    const schema = { type: "integer", maximum: most, default: most, enum: [most] };
    const { parameters } = read({ ...plain, parameters: [{ name: "n", schema }] });
    const rounded = 2 ** 63;
    expect(parameters[0]?.schema).toEqual({
      type: "integer",
      maximum: rounded,
      default: rounded,
      enum: [rounded],
    });
  });

  it.each<[JsonValue, number | undefined]>([
    [0.001, 0.001],
    ["0.001", 0.001],
    [5, 0.01],
    [0, undefined],
    [-1, undefined],
    ["about right", undefined],
    [null, undefined],
  ])(
    "readContract() reads the tolerance %j as %s, and never more than 0.01",
    (tolerance, wanted) => {
      expect(read({ ...plain, tolerance }).tolerance).toBe(wanted);
    },
  );

  it("readContract() survives an answer nested 100,000 deep", () => {
    let deep: JsonValue = {};
    for (let level = 0; level < 100_000; level += 1) {
      deep = { items: deep };
    }
    expect(read({ ...plain, result: deep }).entry).toBe("validate_json");
    expect(problemOf({ ...plain, parameters: deep })).toBe("");
  });
});

describe("contractSignature()", () => {
  it.each<[JsonValue, string]>([
    ["bool", "boolean"],
    ["list[dict[str, str]]", "object[]"],
    [
      { type: "object", properties: { valid: "bool", errors: "list[str]" } },
      "{valid: boolean, errors: string[]}",
    ],
    [{ enum: ["a", 1] }, '"a" | 1'],
    [{}, "any"],
    ["list", "array"],
    ["list[int | str]", "(integer | string)[]"],
  ])("contractSignature() writes %j as %s", (result, text) => {
    expect(contractSignature(read({ ...plain, result }))).toBe(
      `validate_json(text: string) → ${text}`,
    );
  });
});

describe("suiteFormat()", () => {
  it("suiteFormat() accepts the three kinds of case and no case with a wrong number of arguments", () => {
    const validator = new Validator(suiteFormat(read(plain)) as never, "2020-12");
    const accepts = (testCase: JsonValue) => validator.validate({ cases: [testCase] }).valid;
    expect(accepts({ why: "", args: ["{}"], returns: true })).toBe(true);
    expect(accepts({ why: "", args: [1], raises: "TypeError" })).toBe(true);
    expect(accepts({ why: "", args: ["{}"], property: "result in (True, False)" })).toBe(true);
    expect(accepts({ why: "", args: ["a", "b"], returns: true })).toBe(false);
    expect(accepts({ why: "", args: ["a"], raises: "KeyError" })).toBe(false);
    expect(accepts({ why: "", args: ["a"] })).toBe(false);
  });
});
