import { describe, expect, it } from "vitest";
import type { TaggedValue } from "../sandbox/sandbox.ts";
import { chooseFreshCalls, freshCallCount } from "./choose-fresh-calls.ts";
import type { Case } from "./suite.ts";

const base = (id: string, sealed: boolean) =>
  ({ id, args: [id], files: [], filesAfter: [], origin: "model", sealed, why: "" }) as const;
const returns = (id: string, expected: TaggedValue, sealed = false): Case => ({
  ...base(id, sealed),
  kind: "returns",
  expected,
});
const raises = (id: string, sealed = false): Case => ({
  ...base(id, sealed),
  kind: "raises",
  errorType: "ValueError",
});
const property = (id: string, sealed = false): Case => ({
  ...base(id, sealed),
  kind: "property",
  expression: "result",
});

const chosen = (...cases: Case[]) => chooseFreshCalls(cases).map(({ id }) => id);

describe("chooseFreshCalls()", () => {
  it("chooses a sealed and an open case that expect something else than the first", () => {
    const open = [returns("a", 1), returns("b", 1), returns("c", 2), returns("d", 3)];
    expect(chosen(...open, returns("e", 1, true), returns("f", 2, true))).toEqual(["f", "c"]);
    expect(chosen(returns("a", 1), raises("b"), raises("c", true))).toEqual(["c", "b"]);
  });

  it("chooses cases that expect the same as the first when there are no others", () => {
    expect(chosen(returns("a", 1), returns("b", 1), returns("c", 1, true))).toEqual(["c", "b"]);
  });

  it("fills up with what is left when all are open, or all but the first sealed", () => {
    expect(chosen(returns("a", 1), returns("b", 1), returns("c", 2))).toEqual(["c", "b"]);
    expect(chosen(returns("a", 1), returns("b", 2, true), returns("c", 3, true))).toEqual([
      "b",
      "c",
    ]);
  });

  it("chooses no property while another case is left", () => {
    expect(chosen(returns("a", 1), property("b"), property("c", true), returns("d", 1))).toEqual([
      "d",
    ]);
    expect(chosen(returns("a", 1), property("b"), property("c", true))).toEqual(["c", "b"]);
  });

  it("chooses nothing when the first case is the only one, and never more than the count", () => {
    expect(chosen()).toEqual([]);
    expect(chosen(returns("a", 1))).toEqual([]);
    const many = Array.from({ length: 9 }, (_, index) => returns(`c${index}`, index));
    expect(chosen(...many)).toHaveLength(freshCallCount);
  });
});
