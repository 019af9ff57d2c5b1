import { describe, expect, it } from "vitest";
import type { Contract } from "./contract.ts";
import { contractIn, otherLanguage, ownErrors } from "./contract-in-language.ts";

const contract: Contract = {
  name: "words",
  language: "python",
  description: "Counts words.",
  entry: "new",
  parameters: [
    { name: "text", schema: { type: "string" }, description: "" },
    { name: "default", schema: { type: "integer" }, description: "" },
  ],
  result: { type: "integer" },
  errors: [
    { type: "ValueError", when: "there are none" },
    { type: "TypeError", when: "it is no text" },
  ],
  capabilities: [],
  files: { reads: [], makes: [] },
};

describe("contractIn", () => {
  it("contractIn() changes what the other language reserves, and nothing else", () => {
    const foreign = contractIn(contract, otherLanguage("python"));
    expect(foreign).toEqual({
      ...contract,
      language: "typescript",
      entry: "the_skill",
      parameters: [contract.parameters[0], { ...contract.parameters[1], name: "default_" }],
    });
    expect(contractIn(contract, "python")).toEqual(contract);
  });

  it("ownErrors() names what the language has no class for", () => {
    expect(ownErrors(contract)).toEqual([]);
    expect(ownErrors(contractIn(contract, "typescript"))).toEqual(["ValueError"]);
  });
});
