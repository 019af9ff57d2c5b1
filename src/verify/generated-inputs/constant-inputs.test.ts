import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TaggedValue } from "../../sandbox/sandbox.ts";
import type { JsonObject } from "../../shared/json.ts";
import { sampleContract } from "../testing/sample-suite.ts";
import { constantInputs } from "./constant-inputs.ts";

const inputsOf = (
  schemas: readonly JsonObject[],
  calls: readonly (readonly TaggedValue[])[],
  constants: { readonly numbers?: readonly string[]; readonly texts?: readonly string[] },
  count = 60,
) =>
  constantInputs(
    {
      ...sampleContract,
      parameters: schemas.map((schema, index) => ({ name: `p${index}`, schema, description: "" })),
    },
    calls,
    { numbers: [], texts: [], ...constants },
    { count, seed: 3 },
  );

describe("constantInputs()", () => {
  it("constantInputs() puts a number, its neighbours and its opposite in a number's place", () => {
    const inputs = inputsOf([{ type: "integer" }], [[5]], { numbers: ["4711"] }).flat();
    expect(new Set(inputs)).toEqual(new Set([4711, 4712, 4710, -4711]));
    const huge = inputsOf([{ type: "integer" }], [[5]], { numbers: ["9007199254740991"] }).flat();
    expect(huge).toContainEqual({ $integer: "9007199254740992" });
  });

  it("constantInputs() puts texts in whole, as a beginning, and short of a character", () => {
    const inputs = inputsOf([{ type: "string" }], [["one"]], { texts: ["/api/"] }).flat();
    expect(inputs).toEqual(expect.arrayContaining(["/api/", "/api/x", "/api", "/API/"]));
    expect(inputs.some((text) => String(text).startsWith("/api/one"))).toBe(true);
  });

  it("constantInputs() finds places inside of arrays and objects, and gives an object new keys", () => {
    const call = [[{ name: "a", sizes: [1, 2] }]];
    const inputs = inputsOf([{ type: "array" }], [call], { numbers: ["77"], texts: ["role"] });
    const written = inputs.map((args) => JSON.stringify(args));
    expect(written).toContain('[[{"name":"a","sizes":[77,2]}]]');
    expect(written).toContain('[[{"name":"role","sizes":[1,2]}]]');
    expect(written).toContain('[[{"name":"a","sizes":[1,2],"role":"a"}]]');
  });

  it("constantInputs() puts two together, where a branch may hang on both", () => {
    const schemas = [{ type: "integer" }, { type: "string" }];
    const inputs = inputsOf(schemas, [[1, "a"]], { numbers: ["40"], texts: ["go"] });
    expect(inputs).toContainEqual([40, "go"]);
  });

  it("constantInputs() needs no call, and gives none where nothing fits or nothing is known", () => {
    expect(inputsOf([{ type: "integer" }], [], { numbers: ["40"] })).toContainEqual([40]);
    expect(inputsOf([{ type: "boolean" }], [[true]], { numbers: ["40"] })).toEqual([]);
    expect(inputsOf([{ type: "integer" }], [[1]], {})).toEqual([]);
    expect(inputsOf([], [[]], { numbers: ["40"] })).toEqual([]);
    expect(inputsOf([{ type: "integer", maximum: 9 }], [[1]], { numbers: ["40"] })).toEqual([
      [-40],
    ]);
  });

  it("constantInputs() gives distinct calls, a prefix for a smaller count, whatever stands there", () => {
    const anything = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<TaggedValue>;
    const texts = fc.array(fc.string({ minLength: 1 }), { maxLength: 5 });
    const numbers = fc.array(fc.nat().map(String), { maxLength: 5 });
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 4 }), texts, numbers, (values, some, others) => {
        const calls = values.map((value) => [value]);
        const constants = { texts: some, numbers: others };
        const inputs = inputsOf([{}], calls, constants, 20);
        const keys = inputs.map((args) => JSON.stringify(args));
        expect(new Set(keys).size).toBe(keys.length);
        const fewer = inputsOf([{}], calls, constants, 7);
        expect(fewer).toEqual(inputs.slice(0, fewer.length));
      }),
      { numRuns: 60 },
    );
  });
});
