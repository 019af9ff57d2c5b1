import assert from "node:assert";
import { describe, expect, it } from "vitest";
import { quietAssert } from "./quiet-assert.ts";

const quiet = quietAssert(assert as never) as unknown as typeof assert;

describe("quietAssert()", () => {
  it.each([
    ["assert", () => quiet(0 > 1)],
    ["assert.ok", () => quiet.ok(0 > 1, undefined)],
    ["assert.strict", () => quiet.strict(0 > 1)],
    ["assert.strict.strict.ok", () => quiet.strict.strict.ok(0 > 1)],
  ])("%s quotes nothing of the program", (_name, run) => {
    expect(run).toThrow(assert.AssertionError);
    expect(run).toThrow(/^The expression evaluated to a falsy value$/);
    expect(run).toThrow(expect.objectContaining({ generatedMessage: true }));
  });

  it("leaves what Node says otherwise as it is", () => {
    expect(quiet(1)).toBeUndefined();
    expect(() => quiet(false, "mine")).toThrow(/^mine$/);
    expect(() => quiet.strictEqual(1, 2)).toThrow("1 !== 2");
    expect(() => Reflect.apply(quiet, undefined, [])).toThrow("No value argument");
    expect(() => quiet(0, new RangeError("own"))).toThrow(RangeError);
  });
});
