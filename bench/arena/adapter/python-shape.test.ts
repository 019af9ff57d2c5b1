import { describe, expect, test } from "vitest";
import { type PythonShape, restoringExpression } from "./python-shape.ts";

describe("restoringExpression()", () => {
  test("restoringExpression() is the name itself when JSON loses nothing that matters", () => {
    const floats: PythonShape = { kind: "list", items: { kind: "float" } };
    const texts: PythonShape = { kind: "dictionary", keys: null, values: { kind: "float" } };
    expect([null, floats, texts].map((shape) => restoringExpression(shape, "value"))).toEqual([
      "value",
      "value",
      "value",
    ]);
  });

  test("restoringExpression() is as long as the shape wants it", () => {
    const pair: PythonShape = { kind: "tuple", items: null };
    const byNumber: PythonShape = { kind: "dictionary", keys: "integer", values: pair };
    expect(restoringExpression(pair, "v")).toBe("tuple(v)");
    expect(restoringExpression({ kind: "list", items: pair }, "v")).toBe(
      "[tuple(v_item) for v_item in v]",
    );
    expect(restoringExpression(byNumber, "v")).toBe(
      "{int(v_key): tuple(v_item) for v_key, v_item in v.items()}",
    );
  });
});
