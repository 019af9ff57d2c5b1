import { describe, expect, it } from "vitest";
import type { CallOutcome } from "../sandbox/sandbox.ts";
import type { Language } from "../shared/json.ts";
import type { Contract } from "./contract.ts";
import { judgeOutcome } from "./judge-case.ts";
import type { PropertyChecker } from "./property-checker.ts";
import type { Case } from "./suite.ts";

const checker = {
  check: () => Promise.reject(new Error("no property is checked here")),
} as unknown as PropertyChecker;

function contractOf(language: Language): Contract {
  return {
    name: "f",
    language,
    description: "",
    entry: "f",
    parameters: [],
    result: {},
    errors: [],
    capabilities: [],
    files: { reads: [], makes: [] },
  };
}

function raises(errorType: string): Case {
  const base = { id: "1", sealed: false, args: [], files: [], filesAfter: [], why: "" };
  return { ...base, origin: "model", kind: "raises", errorType };
}

function raised(errorType: string, ...errorBases: string[]): CallOutcome {
  const measures = { message: "no", trace: "", printed: "", durationMs: 1 };
  return { kind: "raised", errorType, errorBases, ...measures };
}

describe("judgeOutcome()", () => {
  it.each<[Language, string, CallOutcome]>([
    ["typescript", "Error", raised("TypeError", "Error")],
    ["typescript", "Error", raised("RangeError", "Error")],
    ["python", "Exception", raised("AttributeError", "Exception", "BaseException")],
    ["python", "builtins.Exception", raised("KeyError", "LookupError", "Exception")],
    ["python", "BaseException", raised("Exception", "BaseException")],
  ])("judgeOutcome() takes no crash in %s for the wanted %s", async (language, type, outcome) => {
    const failure = await judgeOutcome(raises(type), outcome, contractOf(language), checker);
    expect(failure?.failure).toBe("wrong-error");
    expect(failure?.detail).toContain("itself is wanted");
  });

  it.each<[Language, string, CallOutcome]>([
    ["typescript", "Error", raised("Error")],
    ["python", "Exception", raised("Exception", "BaseException")],
    ["python", "ValueError", raised("JSONDecodeError", "ValueError", "Exception")],
    ["python", "Error", raised("BadRow", "Error", "Exception")],
    ["typescript", "RangeError", raised("TooLarge", "RangeError", "Error")],
  ])("judgeOutcome() passes when %s wants %s and gets it", async (language, type, outcome) => {
    const contract = contractOf(language);
    expect(await judgeOutcome(raises(type), outcome, contract, checker)).toBeUndefined();
  });

  it("judgeOutcome() counts an error as the first of the contract's among its classes", async () => {
    const contract = {
      ...contractOf("python"),
      errors: ["ValueError", "TypeError", "JSONDecodeError"].map((type) => ({ type, when: "" })),
    };
    const everything = raised("Everything", "ValueError", "TypeError", "Exception");
    expect(await judgeOutcome(raises("ValueError"), everything, contract, checker)).toBeUndefined();
    const failure = await judgeOutcome(raises("TypeError"), everything, contract, checker);
    expect(failure?.detail).toContain("it counts as ValueError");
    const parsing = raised("JSONDecodeError", "ValueError", "Exception");
    expect(await judgeOutcome(raises("ValueError"), parsing, contract, checker)).toBeUndefined();
  });
});
