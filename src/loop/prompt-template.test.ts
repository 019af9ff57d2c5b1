import { describe, expect, it } from "vitest";
import { fillTemplate, placeholdersOf, readSections } from "./prompt-template.ts";

describe("readSections()", () => {
  it("readSections() returns text by heading and skips the leading comment", () => {
    const sections = readSections("<!-- role -->\n\n# System\n\nBe brief.\n\n# User\n\nHello\n");
    expect([...sections]).toEqual([
      ["System", "Be brief."],
      ["User", "Hello"],
    ]);
  });

  it("readSections() takes no line inside a fence for a heading", () => {
    const sections = readSections(
      "# a\n\n````python\n# not a heading\n```\n# nor this\n````\n# b\nx",
    );
    expect([...sections.keys()]).toEqual(["a", "b"]);
    expect(sections.get("a")).toContain("# nor this");
  });
});

describe("fillTemplate()", () => {
  it("fillTemplate() leaves placeholders inside values alone", () => {
    const values = new Map([
      ["goal", "{{secret}} $& $1"],
      ["secret", "no"],
    ]);
    expect(fillTemplate("Goal: {{goal}}", values)).toBe("Goal: {{secret}} $& $1");
  });

  it("fillTemplate() drops a conditional block when its value is empty", () => {
    const template = "a\n{{#more}}\n\nmore: {{more}}\n{{/more}}\nb";
    expect(fillTemplate(template, new Map([["more", ""]]))).toBe("a\nb");
    expect(fillTemplate(template, new Map([["more", "x"]]))).toBe("a\n\nmore: x\nb");
  });

  it("fillTemplate() throws INTERNAL when a placeholder has no value", () => {
    expect(() => fillTemplate("{{goal}}", new Map())).toThrow(
      expect.objectContaining({ code: "INTERNAL" }),
    );
    expect(() => fillTemplate("{{#goal}}\n{{/goal}}\n", new Map())).toThrow(
      expect.objectContaining({ code: "INTERNAL" }),
    );
  });

  it("placeholdersOf() names placeholders and conditions", () => {
    expect([...placeholdersOf("{{a}} {{#b}}\n{{c}}\n{{/b}}")]).toEqual(["a", "b", "c"]);
  });
});
