import { describe, expect, it } from "vitest";
import { modelChain, roleChains } from "../config/model-chain.ts";
import { settingsWith } from "./model-settings.ts";

describe("modelChain", () => {
  it.each([
    ["a", ["a"]],
    [" a , b,a ", ["a", "b"]],
    [
      [" a,b", "c", ""],
      ["a,b", "c"],
    ],
    ["replay:runs/a,b.jsonl", ["replay:runs/a,b.jsonl"]],
    ["", [""]],
  ])("modelChain(%j)", (names, chain) => {
    expect(modelChain(names)).toEqual(chain);
  });
});

describe("settingsWith", () => {
  const settings = { model: "a,b", tester: "t" };

  it("settingsWith() takes what the options name before the settings, role by role", () => {
    expect(roleChains(settingsWith(settings, {}))).toEqual({
      planner: ["a", "b"],
      coder: ["a", "b"],
      tester: ["t"],
      analyst: ["a", "b"],
    });
    const options = { model: ["x"], analyst: "y,z" };
    expect(roleChains(settingsWith(settings, options))).toEqual({
      planner: ["x"],
      coder: ["x"],
      tester: ["t"],
      analyst: ["y", "z"],
    });
  });

  it("settingsWith() has a recording that is asked for answer in every role", () => {
    for (const model of ["recordings", "replay:runs/x.jsonl"]) {
      expect(settingsWith(settings, { model })).toEqual({ model });
    }
  });
});
