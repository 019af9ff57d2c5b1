import { describe, expect, it } from "vitest";
import { readDirective } from "./repl-directive.ts";

describe("readDirective()", () => {
  it.each<[string, ReturnType<typeof readDirective>]>([
    ["Create a thing", { goal: "Create a thing", flags: {} }],
    ["", { goal: "", flags: {} }],
    ["--again  Create a thing", { goal: "Create a thing", flags: { again: true } }],
    [
      `--example '["[1]"] => true' --example "2 => 3" --no-goal-examples Create it`,
      { goal: "Create it", flags: { example: ['["[1]"] => true', "2 => 3"], goalExamples: false } },
    ],
    [
      "--name x --examples a.csv --input b.txt --yes --confirm --pull Go on",
      {
        goal: "Go on",
        flags: {
          ...{ name: "x", examples: ["a.csv"], input: ["b.txt"] },
          ...{ yes: true, confirm: true, pull: true },
        },
      },
    ],
    ["-- Parse --name of it", { goal: "Parse --name of it", flags: {} }],
    ["--again -- --examples", { goal: "--examples", flags: { again: true } }],
    ["Parse lines such as --verbose", { goal: "Parse lines such as --verbose", flags: {} }],
    ["Create a—b --", { goal: "Create a—b --", flags: {} }],
  ])("readDirective() reads %j", (text, wanted) => {
    expect(readDirective(text)).toEqual(wanted);
  });

  it.each([
    ["--agian Create", "--agian is no option of :directive; wanted --again"],
    ["--example", "--example has no value"],
    ["Create a thing --again", "--again stands behind the goal"],
  ])("readDirective() refuses %j and says what is wanted", (text, problem) => {
    expect(() => readDirective(text)).toThrow(problem);
  });
});
