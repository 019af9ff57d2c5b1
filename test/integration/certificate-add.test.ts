import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AddResult, Application, GivenSkill } from "../../src/application/application.ts";
import { readCasesFile, readContractFile } from "../../src/application/read-given-file.ts";
import type { JsonValue, Language } from "../../src/shared/json.ts";
import type { Certificate } from "../../src/verify/certificate.ts";
import { testSize } from "../support/requirements.ts";
import {
  openTemporaryApplication,
  type TemporaryApplication,
} from "../support/temporary-application.ts";
import { errorOf } from "./run-support.ts";

let opened: TemporaryApplication;
let application: Application;
let folder: string;
let counter = 0;
let name: string;

beforeAll(async () => {
  opened = await openTemporaryApplication({ maxMutants: 30 });
  ({ application } = opened);
  folder = await mkdtemp(join(tmpdir(), "given-"));
});
beforeEach(() => {
  counter += 1;
  name = `given_${counter}`;
});
afterAll(async () => {
  await opened.remove();
  await rm(folder, { recursive: true, force: true });
});

type Given = Omit<GivenSkill, "name" | "language"> & { readonly language?: Language };

const add = (given: Given): Promise<AddResult> =>
  application.addSkill({ language: "typescript", name, ...given });
const code = (body: string, parameters = "n") =>
  `export function f(${parameters}) {\n  ${body}\n}\n`;
const inFile = async (file: string, text: string | Buffer): Promise<string> => {
  const path = join(folder, file);
  await writeFile(path, text);
  return path;
};
const certificateOf = async (): Promise<Certificate> =>
  JSON.parse(
    await readFile(join(opened.workspaceRoot, "skills", `${name}.certificate.json`), "utf8"),
  );
const detailOf = ({ checks }: AddResult) => checks.find(({ state }) => state === "fails")?.detail;
const threeCases: JsonValue[] = [1, 2, 3].map((n) => ({ args: [n], returns: n }));

describe("addSkill()", () => {
  it("addSkill() proves given code by given cases, without a model, and it can be used", async () => {
    const cases = [
      ...threeCases,
      { args: [0], returns: 0 },
      { args: [-1], raises: "RangeError" },
      { args: [9], property: "result === args[0]" },
    ];
    const source = code('if (n < 0) throw new RangeError("less"); return n;', "n: number");
    expect(await add({ source, cases, goal: "Give back" })).toMatchObject({
      ...{ skill: name, status: "working", cases: 6, missing: [] },
      advice: [expect.stringContaining("no case is sealed")],
    });
    expect(await application.useSkill(name, [4])).toMatchObject({ outcome: { value: 4 } });
    const certificate = await certificateOf();
    expect(certificate).toMatchObject({
      ...{ goal: "Give back", strength: "proven", models: [], attempts: 0, analysis: "off" },
      cost: { modelCalls: 0, promptTokens: 0 },
      cases: { open: { returns: 4, raises: 1, property: 1 }, examples: 6 },
      contract: {
        entry: "f",
        parameters: [{ name: "n", schema: { type: "number" } }],
        errors: [{ type: "RangeError" }],
      },
    });
    expect(certificate).not.toHaveProperty("runId");
    const { stubs, flakiness, mutation } = certificate.evidence ?? {};
    expect(stubs?.map(({ failedCases }) => failedCases > 0)).toEqual([true, true, true]);
    expect(flakiness).toMatchObject({ runs: testSize(2, 3, 3), quarantined: [] });
    expect(mutation?.killed).toBeGreaterThan(3);
    expect(mutation?.score).toBeGreaterThanOrEqual(0.8);
    expect(certificate.evidence).not.toHaveProperty("sampled");
  });

  const squares = [1, 2, 3].map((n) => ({ args: [n], returns: n * n }));
  it.each([
    [
      "hangs on what no case asks",
      code(
        "if (n === 1) return 1; if (n === 2) return 4; if (n === 3) return 9;\n  while (n > -1 && n < 10) { n = n + 0; }\n  if (n > 20) { return n - 7 + 3 * 2 - 1; }\n  if (n < -20) { return n * 3 - 4 + 1; }\n  return -1;",
        "n: number",
      ),
    ],
    [
      "answers otherwise when a call is made again",
      `const seen = new Set<number>();\n${code("if (seen.has(n)) return -1;\n  seen.add(n);\n  return n * n;", "n: number")}`,
    ],
    [
      "looks at its own source",
      `function real(n: number) {\n  return n > 3 ? -1 : n * n;\n}\n${code("if (String(real).length !== 53) throw new Error('changed'); return real(n);", "n: number")}`,
    ],
  ])("addSkill() admits no code that %s", async (_what, source) => {
    expect((await add({ source, cases: squares })).status).not.toBe("working");
  });

  it("addSkill() keeps the stronger of two suites for the same code", async () => {
    const source = code("return n * n;", "n: number");
    const more = [...squares, { args: [0], returns: 0 }, { args: [-2], returns: 4 }];
    expect((await add({ source, cases: more })).status).toBe("working");
    const error = await errorOf(add({ source, cases: squares }));
    expect(error.message).toContain("proven by a stronger suite already");
    expect((await certificateOf()).suite.cases).toHaveLength(5);
  });

  it("addSkill() names the stubs that pass and the changes that no case notices", async () => {
    const source = code(
      'const words = text.toLowerCase().split(" ");\n  return words.filter((word) => word !== "").join("-");',
      "text: string",
    );
    const weak = ["abc", "x1", "q"].map((text) => ({ args: [text], returns: text }));
    const found = await add({ source, cases: weak });
    expect(found.status).toBe("untested");
    expect(found.missing).toEqual(
      expect.arrayContaining([
        "a program that returns its first argument passes every case; add one that it fails",
        expect.stringMatching(
          /^\d+ of \d+ changes of the code are noticed \(0\.\d+, at least 0\.8/,
        ),
        expect.stringMatching(/^line 3 with .* in place of .*"-".*: no case notices$/),
      ]),
    );
    const { strength, evidence, missing } = await certificateOf();
    expect({ strength, missing }).toEqual({ strength: "unproven", missing: found.missing });
    expect(evidence?.mutation?.survived.length).toBeGreaterThan(1);
    const more = [
      { args: ["Hello World"], returns: "hello-world" },
      { args: [" a  B "], returns: "a-b" },
      { args: [""], returns: "" },
    ];
    expect(await add({ source, cases: [...weak, ...more] })).toMatchObject({
      ...{ status: "working", missing: [] },
    });
  });

  it("addSkill() tries what the code compares with, so that no branch hides behind a number or a word", async () => {
    const source = `export function f(n: number, word: string) {
  if (n === 4711) return 'open';
  if (word.startsWith("sesame:")) return word.slice(7);
  if (n === -90210 && /^x\\d{6}$/.test(word)) return "rare";
  return word + "!";
}
`;
    const given = [
      { args: [1, "a"], returns: "a!" },
      { args: [2, "bc"], returns: "bc!" },
      { args: [-3, ""], returns: "!" },
    ];
    const found = await add({ source, cases: given });
    expect(found.status).toBe("untested");
    const hidden = found.missing.filter((text) => / in place of .*: no case notices/.test(text));
    const lines = new Set(hidden.map((text) => /line (\d)/.exec(text)?.[1]));
    expect([...lines].toSorted()).toEqual(["2", "3", "4"]);
    const more = [
      { args: [4711, "a"], returns: "open" },
      { args: [4710, "a"], returns: "a!" },
      { args: [4712, "a"], returns: "a!" },
      { args: [1, "sesame:b"], returns: "b" },
      { args: [-90210, "x123456"], returns: "rare" },
      { args: [-90210, "a"], returns: "a!" },
      { args: [7, "x777777"], returns: "x777777!" },
    ];
    expect((await add({ source, cases: [...given, ...more] })).status).toBe("working");
  });

  it("addSkill() gives cases no credit for changes that only raise errors", async () => {
    const source = code(
      'const parts = text.split(",").map((part: string) => part.trim()).filter((part: string) => part.length > 0);\n  return parts.at(0).concat(parts.at(-1));',
      "text: string",
    );
    const says = ["a,b", "c, d", "e,f,g"].map((text) => ({
      ...{ args: [text], property: "result !== null && result.length > 0 && result !== args[0]" },
    }));
    const found = await add({ source, cases: says });
    expect(found.status).toBe("untested");
    const { evidence } = await certificateOf();
    expect(evidence?.mutation?.trivial).toBeGreaterThan(0);
    expect(evidence?.mutation?.score).toBeLessThan(0.8);
  });

  it("addSkill() proves Python on the reference runtime, with types from its hints", async () => {
    const source =
      "def join(parts: list[str], mark: str = ', ') -> str:\n    return mark.join(parts)\n";
    const cases = [
      { args: [["a", "b"]], returns: "a, b" },
      { args: [["a", "b"], "-"], returns: "a-b" },
      { args: { parts: [] }, returns: "" },
    ];
    const result = await add({ language: "python", source, cases });
    expect(result.status).toBe("working");
    expect(result.checks.map(({ part }) => part)).toContain("cpython-3.14/wasm");
    expect((await certificateOf()).contract.parameters).toMatchObject([
      { name: "parts", schema: { type: "array", items: { type: "string" } } },
      { name: "mark", schema: { type: "string", default: ", " } },
    ]);
  });

  it("addSkill() keeps nothing of code that fails a case, nor of code that may not run", async () => {
    const failed = await add({ source: code("return 1;"), cases: threeCases });
    expect(failed.status).toBe("failed");
    expect(detailOf(failed)).toContain("f(2) => 2 fails: result: expected 2, got 1");
    const refused = await add({ source: code('return eval("n");'), cases: threeCases });
    expect(refused.status).toBe("refused");
    expect(detailOf(refused)).toMatch(/eval.*nothing was run/s);
    const broken = await add({ source: "export function f( {", cases: threeCases });
    expect(broken).toMatchObject({ status: "refused" });
    expect((await application.listSkills()).map((skill) => skill.name)).not.toContain(name);
  });

  it("addSkill() calls too few cases unproven and says so; more of them prove it", async () => {
    const source = code("return n;");
    expect(await add({ source, cases: threeCases.slice(1) })).toMatchObject({
      status: "untested",
      missing: ["2 of the 3 cases that are wanted at least; add more"],
    });
    expect(await certificateOf()).toMatchObject({ strength: "unproven", claim: "not proven" });
    expect(await errorOf(application.useSkill(name, [1]))).toMatchObject({
      message: expect.stringContaining("too little proves it"),
    });
    const other = code("return 0 + n;");
    expect(await add({ source: other, cases: threeCases })).toMatchObject({ status: "working" });
    expect(await errorOf(add({ source: other, cases: [] }))).toMatchObject({
      message: expect.stringContaining("there is no case"),
    });
  });

  it("addSkill() never weakens or overwrites what is proven", async () => {
    const source = code("return n;");
    await add({ source, cases: threeCases });
    expect(await errorOf(add({ source, cases: threeCases.slice(1) }))).toMatchObject({
      code: "USAGE",
      message: expect.stringContaining("stronger suite already"),
    });
    const other = { source: code("return n * 1;"), cases: threeCases };
    const checks: unknown[] = [];
    const given = { ...other, language: "typescript", name } as const;
    const onCheck = (check: unknown) => void checks.push(check);
    expect(await errorOf(application.addSkill(given, { onCheck }))).toMatchObject({
      code: "SKILL_NAME_INVALID",
    });
    const less = { source, cases: threeCases.slice(1), language: "typescript", name } as const;
    expect(await errorOf(application.addSkill(less, { onCheck }))).toMatchObject({
      code: "USAGE",
    });
    // Known before anything is proven, and said before it takes time.
    expect(checks.filter((check) => JSON.stringify(check).includes("deno"))).toEqual([]);
    expect(await application.useSkill(name, [1])).toMatchObject({ outcome: { value: 1 } });
    const more = [...threeCases, { args: [4], returns: 4 }];
    expect(await add({ source, cases: more })).toMatchObject({ status: "working", cases: 4 });
  });

  it("addSkill() proves bytes that were edited by hand, where they lie", async () => {
    await add({ source: code("return n;"), cases: threeCases });
    const source = code("return n; // edited");
    const path = join(opened.workspaceRoot, "skills", `${name}.ts`);
    await writeFile(path, source);
    expect((await application.showSkill(name)).status).toBe("untested");
    expect(await add({ source, cases: threeCases })).toMatchObject({ status: "working" });
  });

  it("addSkill() holds files before and after a call", async () => {
    const source = `import { readFileSync, writeFileSync } from "node:fs";
export function f(path) { writeFileSync("out.txt", readFileSync(path, "utf8").toUpperCase()); return 1; }\n`;
    const cases = ["a", "b", "c"].map((text) => ({
      ...{ args: ["in.txt"], returns: 1, files: { "in.txt": text } },
      filesAfter: { "out.txt": text.toUpperCase() },
    }));
    expect(await add({ source, cases })).toMatchObject({ status: "working" });
    expect((await certificateOf()).contract.files).toEqual({
      reads: ["in.txt"],
      makes: ["out.txt"],
    });
  });

  it.each<[string, Partial<GivenSkill>, string]>([
    ["two functions", { source: "export const a = () => 1; export const b = () => 2;" }, "a, b"],
    ["no function", { source: "export const a = 1;" }, "define one at the top level"],
    ["an entry that is not there", { entry: "g" }, "no public function g; name the entry: f"],
    ["a name that is none", { name: "No Name" }, "is no plain name"],
    [
      "a property that is no expression",
      { cases: [{ args: [1], property: "result ===" }] },
      "read",
    ],
    [
      "a contract that is no JSON Schema",
      {
        contract: { entry: "f", parameters: [{ name: "n", schema: { type: "int" } }], result: {} },
      },
      'parameters[0].schema.type is "int"',
    ],
    [
      "a contract without parameters",
      { contract: { entry: "f", result: {} } },
      "parameters is no list",
    ],
    [
      "a contract that its cases do not fit",
      {
        contract: {
          ...{ entry: "f", result: { type: "integer" } },
          parameters: [{ name: "n", schema: { type: "string" } }],
        },
      },
      "case 1: argument n does not fit",
    ],
    ["a contract that is a list", { contract: [] }, "it is no JSON object"],
  ])("addSkill() says what is wrong with %s", async (_name, changed, problem) => {
    const given = {
      language: "typescript",
      source: code("return n;"),
      name,
      cases: threeCases,
    } as const;
    const error = await errorOf(application.addSkill({ ...given, ...changed }));
    expect(["USAGE", "SKILL_NAME_INVALID"]).toContain(error.code);
    expect(error.message).toContain(problem);
  });

  it("addSkill() takes a stated contract as it stands", async () => {
    const contract = {
      ...{ description: "Counts.", entry: "f", result: { type: "integer", minimum: 0 } },
      parameters: [{ name: "n", schema: { type: "integer" }, description: "how many" }],
      errors: [{ type: "RangeError", when: "n is negative" }],
    };
    const result = await add({ source: code("return n;"), cases: threeCases, contract });
    expect(result).toMatchObject({
      status: "working",
      advice: [expect.stringContaining("no case raises RangeError"), expect.anything()],
    });
    expect((await certificateOf()).contract).toMatchObject(contract);
  });
});

describe("addSkill() of a hostile skill", () => {
  let bounded: TemporaryApplication;
  beforeAll(async () => {
    // By processor time alone: a busy machine ends nothing that a quiet one would not.
    bounded = await openTemporaryApplication({
      maxMutants: 30,
      maxCpuMs: 700,
      executionTimeoutMs: 120_000,
    });
  });
  afterAll(async () => {
    await bounded.remove();
  });

  it.each<[string, string, RegExp]>([
    [
      "answers otherwise each time",
      "globalThis.k = (globalThis.k ?? 0) + 1; return globalThis.k > 1 ? 0 : n;",
      /fails/,
    ],
    ["draws lots", "return n + Math.random();", /expected 1, got 1\./],
    ["prints megabytes", 'console.log("x".repeat(5e6)); return n;', /output|printed/i],
    ["never ends", "for (;;);", /timeout|processor|cpu/i],
    ["returns itself", "const a = []; a.push(a); return a;", /nested|contains itself|no plain/],
    [
      "holds memory without end",
      "const a = []; for (;;) a.push(new Array(1e6).fill(n));",
      /memory|cpu|timeout|crashed|died/i,
    ],
  ])("addSkill() gives a verdict with a reason when it %s", async (_name, body, reason) => {
    const slow = await bounded.application.addSkill({
      ...{ language: "typescript", name, source: code(body), cases: threeCases },
    });
    expect(slow.status).toBe("failed");
    expect(detailOf(slow)).toMatch(reason);
  });

  it("addSkill() compares Maps, -0, NaN, odd keys and lone surrogates as they are", async () => {
    const source = code(
      `switch (n) {
        case 0: return new Map([["__proto__", 1], ["constructor", 2]]);
        case 1: return -0;
        case 2: return NaN;
        case 3: return "\\ud800";
        default: return [new Set([1]), new Uint8Array([255])];
      }`,
    );
    const cases: JsonValue[] = JSON.parse(
      `[{"args":[0],"returns":{"__proto__":1,"constructor":2}}, {"args":[1],"returns":{"$float":"-0"}},
        {"args":[2],"returns":{"$float":"nan"}}, {"args":[3],"returns":"\\ud800"},
        {"args":[4],"returns":[{"$set":[1]},{"$bytes":"/w=="}]}]`,
    );
    expect(await add({ source, cases })).toMatchObject({ status: "working" });
    expect((await application.verifySkills([name]))[0]).toMatchObject({ holds: true });
    const wrong = JSON.parse('[{"args":[0],"returns":{"constructor":2}}]');
    const failed = await application.addSkill({
      ...{ language: "typescript", name: `${name}_wrong`, source, cases: wrong },
    });
    expect(failed.status).toBe("failed");
  });

  it("addSkill() judges thousands of cases, tests them on a part, and reads the certificate again", async () => {
    const length = testSize(520, 10_000, 1_000);
    const source = code("if (n > 507) return n + 7;\n  return n * 2;", "n: number");
    const answer = (n: number) => (n > 507 ? n + 7 : n * 2);
    const cases = Array.from({ length }, (_, n) => ({ args: [n], returns: answer(n) }));
    expect(await add({ source, cases })).toMatchObject({
      ...{ status: "working", cases: length },
    });
    expect(await application.showSkill(name)).toMatchObject({ status: "working" });
    const { evidence } = await certificateOf();
    expect(evidence?.sampled).toMatchObject({ cases: 500, of: length });
    // One case of all tells n > 507 from n >= 507, and the first 500 do not hold it.
    expect(evidence?.sampled?.mutantCases).toBeGreaterThan(500);
    expect(evidence?.mutation?.score).toBe(1);
    expect(evidence?.mutation?.survived).toEqual([]);
  });
});

describe("readCasesFile()", () => {
  it("readCasesFile() reads JSON, JSON Lines and CSV by extension, else by how it begins", async () => {
    const list = [
      { args: [1], returns: 2 },
      { args: ["é"], returns: null },
    ];
    const lines = list.map((one) => JSON.stringify(one)).join("\n");
    for (const [file, text] of [
      ["a.json", JSON.stringify(list)],
      ["b.json", JSON.stringify({ cases: list })],
      ["c.jsonl", `${lines}\n`],
      ["d.txt", `\n${lines}`],
      ["e", JSON.stringify(list, undefined, 2)],
    ] as const) {
      expect(await readCasesFile(await inFile(file, text))).toEqual(list);
    }
    expect(await readCasesFile(await inFile("f.csv", "n,returns\n1,2\n"))).toEqual({
      columns: ["n", "returns"],
      rows: [["1", "2"]],
    });
    expect(await readCasesFile(await inFile("one.json", '{"args":[1],"returns":1}'))).toHaveLength(
      1,
    );
  });

  it.each<[string, string, string | Buffer, string]>([
    ["half a list", "x.json", '[{"args": [1]', "is no JSON at line 1, column 14"],
    ["a broken line", "x.jsonl", '{"args":[1]}\n{"args":\n', "is no JSON at line 2, column 9"],
    ["NaN", "x.json", '[\n{"args": [NaN]}]', "line 2, column 11: wanted a value"],
    ["what JSON lacks, with how it is written", "x.json", "[NaN]", '{"$float": "nan"}'],
    ["a number", "x.json", "7", "holds no list"],
    ["nothing", "x.json", "", "is empty"],
    ["an empty table", "x.csv", "", "is empty"],
    ["a ragged table", "x.csv", "a,b\n1\n", "row 2 has 1 cells"],
    ["no text", "x.json", Buffer.from([0x5b, 0xff, 0x5d]), "is no UTF-8 text"],
    ["deep nesting", "x.json", "[".repeat(200_000), "is no"],
  ])("readCasesFile() says where %s is none", async (_name, file, text, problem) => {
    const error = await errorOf(readCasesFile(await inFile(file, text)));
    expect(error).toMatchObject({ code: "USAGE", message: expect.stringContaining(problem) });
  });

  it("readCasesFile() waits for no device and reads no folder", async () => {
    for (const path of ["/dev/zero", folder, join(folder, "nothing")]) {
      expect((await errorOf(readCasesFile(path))).code).toMatch(/USAGE|CONFIG_INVALID/);
    }
    await symlink(await inFile("target.json", "[]"), join(folder, "link.json"));
    expect(await readCasesFile(join(folder, "link.json"))).toEqual([]);
  });

  it("readContractFile() says where it is no JSON", async () => {
    const path = await inFile("contract.json", '{"entry": f}');
    expect(await errorOf(readContractFile(path))).toMatchObject({
      ...{ code: "USAGE", message: expect.stringContaining("line 1, column 11") },
    });
  });
});
