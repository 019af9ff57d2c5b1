import { afterAll, afterEach, describe, expect, it } from "vitest";
import { AgentError } from "../shared/errors.ts";
import { openSourceReader } from "../syntax/source-reader.ts";
import { DANGEROUS_PATTERNS } from "./dangerous-patterns.ts";
import { openSafetyReader } from "./open-safety-reader.ts";

const reader = openSourceReader({ timeoutMs: 2_000 });
afterAll(() => reader.close());
afterEach(() => {
  DANGEROUS_PATTERNS.length = 0;
});

const source = "import json\n\nprint(json.dumps({}))\n";

describe("DANGEROUS_PATTERNS", () => {
  it("is read at each read(), also when it is added to later", async () => {
    const safety = openSafetyReader({ reader });
    expect((await safety.read("python", source, [])).accepted).toBe(true);
    DANGEROUS_PATTERNS.push(/\bjson\.dumps\s*\(/);
    const report = await safety.read("python", source, []);
    expect(report.accepted).toBe(false);
    expect(report.findings).toEqual([
      expect.objectContaining({ tier: "forbidden", rule: "pattern", line: 3 }),
    ]);
  });

  it("matches anew each time when a pattern is global", async () => {
    const safety = openSafetyReader({ reader });
    DANGEROUS_PATTERNS.push(/json/g);
    for (const _ of [1, 2, 3]) {
      expect((await safety.read("python", source, [])).accepted).toBe(false);
    }
  });

  it("refuses what a text among them matches, the same as a RegExp", async () => {
    const safety = openSafetyReader({ reader });
    DANGEROUS_PATTERNS.push("\\bjson\\.dumps\\s*\\(");
    const { accepted, findings } = await safety.read("python", source, []);
    expect(accepted).toBe(false);
    expect(findings).toEqual([expect.objectContaining({ rule: "pattern", line: 3 })]);
    expect(findings[0]?.message).toContain("/\\bjson\\.dumps\\s*\\(/");
  });

  it.each([
    ["is no regular expression", "fine(", '"fine("'],
    ["is written for Python alone", "(?P<name>json)", '"(?P<name>json)"'],
    ["holds a backspace for a word boundary", "\bjson\b", '"\\bjson\\b"'],
  ])("read() throws CONFIG_INVALID and names the text when it %s", async (_name, text, named) => {
    const safety = openSafetyReader({ reader });
    DANGEROUS_PATTERNS.push(/fine/, text);
    const read = safety.read("python", source, []);
    await expect(read).rejects.toMatchObject({ code: "CONFIG_INVALID", blame: "caller" });
    await expect(read).rejects.toThrow(`DANGEROUS_PATTERNS[1]: ${named}`);
  });
});

describe("openSafetyReader()", () => {
  it("refuses what a configured pattern matches", async () => {
    const safety = openSafetyReader({ reader, patterns: ["print\\("] });
    const { findings } = await safety.read("python", source, []);
    expect(findings).toEqual([expect.objectContaining({ rule: "pattern", line: 3 })]);
  });

  it("throws CONFIG_INVALID when a configured pattern is no regular expression", () => {
    const open = () => openSafetyReader({ reader, patterns: ["fine", "("] });
    expect(open).toThrow(AgentError);
    expect(open).toThrow(expect.objectContaining({ code: "CONFIG_INVALID", blame: "caller" }));
    expect(open).toThrow(/safety\.patterns\[1\]/);
  });

  it("refuses and goes on when a pattern does not come to an end", async () => {
    const safety = openSafetyReader({ reader, patterns: ["(a+)+$"] });
    const endless = `x = "${"a".repeat(50)}b"\n`;
    const report = await safety.read("python", endless, []);
    expect(report.findings).toEqual([
      expect.objectContaining({ tier: "forbidden", rule: "pattern" }),
    ]);
    expect(report.findings[0]?.message).toContain("does not come to an end");
    expect((await safety.read("python", source, [])).accepted).toBe(true);
  });

  it("shows a rule's own message", async () => {
    const rules = [{ pattern: /json/, message: "we write JSON by hand" }];
    const { findings } = await openSafetyReader({ reader, rules }).read("python", source, []);
    expect(findings[0]?.message).toContain("we write JSON by hand");
  });

  it("asks functions with source and language, and refuses with what they say", async () => {
    const asked: unknown[] = [];
    const safety = openSafetyReader({
      reader,
      rules: [
        (text, language) => {
          asked.push([text, language]);
          return language === "python" ? "No Python today." : undefined;
        },
      ],
    });
    const { findings } = await safety.read("python", source, []);
    expect(findings).toEqual([
      { tier: "forbidden", rule: "rule", line: 0, message: "No Python today." },
    ]);
    expect(asked).toEqual([[source, "python"]]);
    expect((await safety.read("typescript", "export const a = 1;", [])).accepted).toBe(true);
  });

  it("refuses with the reason when a function throws", async () => {
    const safety = openSafetyReader({
      reader,
      rules: [
        () => {
          throw new Error("rule is broken");
        },
      ],
    });
    const report = await safety.read("python", source, []);
    expect(report.accepted).toBe(false);
    expect(report.findings[0]?.message).toContain("rule is broken");
  });

  it("asks the user's own rules also when the source cannot be read", async () => {
    const safety = openSafetyReader({ reader, patterns: ["def"] });
    const { findings } = await safety.read("python", "def f(:", []);
    expect(findings.map(({ rule }) => rule)).toEqual(["syntax-error", "pattern"]);
  });
});
