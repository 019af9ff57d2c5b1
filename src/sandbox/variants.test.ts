import { describe, expect, it } from "vitest";
import { variantsProgram } from "./variants.ts";

describe("variantsProgram", () => {
  it("variantsProgram() keeps the names of two scripts apart when both define the same function", () => {
    const variant = (source: string) => ({
      language: "typescript" as const,
      source,
      entry: "f",
      fileName: "f.ts",
    });
    const program = variantsProgram("typescript", [
      variant("let count = 0; function f(x) { count += x; return count; }"),
      variant("let count = 10; function f(x) { count -= x; return count; }"),
    ]);
    const call = new Function(`${program.source}; return call_variant;`)() as (
      index: number,
      value: number,
    ) => number;
    expect([call(0, 1), call(1, 1), call(0, 2), call(1, 2)]).toEqual([1, 9, 3, 7]);
    expect(program).toMatchObject({ entry: "call_variant", fileName: "f.ts" });
  });

  it("variantsProgram() carries any text when the variants are Python", () => {
    const source = 'def f():\n    return """it\'s \\\\ a {test}"""\n';
    const program = variantsProgram("python", [
      { language: "python", source, entry: "f", fileName: "f.py" },
    ]);
    const literal = /_json\.loads\((".*")\)/.exec(program.source)?.[1] ?? "";
    expect(JSON.parse(JSON.parse(literal))).toEqual([[source, "f", "f.py"]]);
  });
});
