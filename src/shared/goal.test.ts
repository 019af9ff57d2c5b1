import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalizeGoal, skillNameFromGoal } from "./goal.ts";
import { reservedNames } from "./reserved-names.ts";

describe("normalizeGoal()", () => {
  it.each([
    ["Create a JSON validator skill", "json validator"],
    ["JSON validator", "json validator"],
    ["build the json-validator.", "json validator"],
    ["Please write a JSON  validator!", "json validator"],
    ["Create a skill that parses CSV", "parses csv"],
    ["“Create a CSV to JSON converter”", "csv to json converter"],
    ["Create a skill", "create a skill"],
    ["ＪＳＯＮ　validator", "json validator"],
    ['"Create a JSON validator skill"', "json validator"],
    ["Create a 'JSON' validator skill", "json validator"],
  ])("normalizeGoal() folds %j to %j", (goal, expected) => {
    expect(normalizeGoal(goal)).toBe(expected);
  });

  it.each([
    ["C++ parser", "C parser"],
    ["C# parser", "C parser"],
    ["multiply by -1", "multiply by 1"],
    ["split on ';'", "split on ','"],
    ["round to 1.5", "round to 15"],
    ["compute n!", "compute n"],
    ["compute 5!", "compute 5"],
    ["vitamin A table", "vitamin table"],
    ["CSV to JSON", "JSON to CSV"],
    ["Convert a to b", "Convert to b"],
    ["Sum a, b", "Sum b"],
    ["Sort a-z", "Sort A-Z"],
    ["Sort a-z", "Sort z"],
    ["skill level of a player", "level of a player skill"],
    ['Print "a skill"', 'Print "a"'],
    ["Print 'my skill'.", "Print 'my'."],
    ['Return "skill"', "Return"],
  ])("normalizeGoal() keeps %j and %j apart", (one, other) => {
    expect(normalizeGoal(one)).not.toBe(normalizeGoal(other));
  });

  it("normalizeGoal() ends on a megabyte of brackets", () => {
    const long = `${")".repeat(1_000_000)}x`;
    expect(normalizeGoal(long)).toBe(long);
  });

  it("normalizeGoal() gives the same when spaces are put around any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (goal) => {
        expect(normalizeGoal(` ${goal}  `)).toBe(normalizeGoal(goal));
      }),
    );
  });
});

describe("skillNameFromGoal()", () => {
  it.each([
    ["Create a JSON validator skill", "create_a_json_validator_skill"],
    ["Create a CSV to JSON converter", "create_a_csv_to_json_converter"],
    ["Erstelle einen Größenrechner", "erstelle_einen_grossenrechner"],
    ["Créer un analyseur d'URL", "creer_un_analyseur_d_url"],
    ["Напиши парсер CSV", "napishi_parser_csv"],
    ["2048 solver", "skill_2048_solver"],
    ["json", "json_skill"],
    ["Class", "class_skill"],
    ["CON", "con_skill"],
    ["C++ parser", "c_plus_plus_parser"],
    ["C# parser", "c_sharp_parser"],
  ])("skillNameFromGoal() names %j %s", (goal, expected) => {
    expect(skillNameFromGoal(goal)).toBe(expected);
  });

  it("skillNameFromGoal() gives a name when nothing can be transliterated", () => {
    expect(skillNameFromGoal("")).toMatch(/^skill_[0-9a-f]{8}$/);
    expect(skillNameFromGoal("!!!")).not.toBe(skillNameFromGoal("???"));
  });

  it("skillNameFromGoal() transliterates a goal in Chinese, Japanese, Arabic, Hindi and Greek", () => {
    for (const goal of ["创建一个解析器", "バリデーターを作る", "محلل", "पार्सर बनाएं", "αναλυτής"]) {
      expect(skillNameFromGoal(goal)).toMatch(/^[a-z][a-z0-9_]{2,59}$/);
    }
  });

  it("skillNameFromGoal() cuts at a word and tells cut goals apart", () => {
    const words = "Create a validator for the very long and detailed description of invoices from";
    const one = skillNameFromGoal(`${words} France`);
    const other = skillNameFromGoal(`${words} Spain`);
    expect(one).toMatch(/^create_a_validator_for_the_very_long_and_[a-z]+_[0-9a-f]{8}$/);
    expect(one.length).toBeLessThanOrEqual(60);
    expect(one).not.toBe(other);
  });

  it("skillNameFromGoal() tells goals of a megabyte apart by their last letter", () => {
    const long = "x y ".repeat(250_000);
    expect(skillNameFromGoal(`${long}a`)).not.toBe(skillNameFromGoal(`${long}b`));
  });

  it("skillNameFromGoal() gives a free identifier for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 500 }), (goal) => {
        const name = skillNameFromGoal(goal);
        expect(name).toMatch(/^[a-z][a-z0-9_]{0,59}$/);
        expect(reservedNames.has(name)).toBe(false);
        expect(skillNameFromGoal(goal)).toBe(name);
      }),
      { numRuns: 500 },
    );
  });
});
