import { describe, expect, it } from "vitest";
import { salvageRecords } from "./salvage.ts";

const skills = Array.from({ length: 20 }, (_, index) => ({
  name: `skill_${index}`,
  status: "working",
  description: `with "quotes", a \\ and {braces} ${index}`,
  extra: { nested: { deep: [{}] } },
}));
const failures = [{ skill: "skill_1", error: "e", code_snippet: 'f"{x}"', timestamp: "" }];
const directives = [{ goal: "g", status: "pending", created_at: "" }];
const text = JSON.stringify(
  { version: 7, schemaVersion: 1, skills, failures, directives },
  null,
  2,
);

describe("salvageRecords()", () => {
  it("salvageRecords() finds every record and the version of a whole text", () => {
    expect(salvageRecords(text)).toEqual({
      version: 7,
      schemaVersion: 1,
      skills,
      failures,
      directives,
    });
  });

  it("salvageRecords() finds all whole records before any cut", () => {
    for (let end = 0; end < text.length; end += 7) {
      const found = salvageRecords(text.slice(0, end));
      const closed = text.slice(0, end).split("\n    }").length - 1;
      const count = found.skills.length + found.failures.length + found.directives.length;
      expect(count).toBe(closed);
    }
  });

  it("salvageRecords() loses at most two records to one overwritten byte anywhere", () => {
    for (const byte of ['"', "{", "}", "\\", "\0"]) {
      for (let place = 40; place < text.length; place += 5) {
        const damaged = text.slice(0, place) + byte + text.slice(place + 1);
        expect(salvageRecords(damaged).skills.length).toBeGreaterThanOrEqual(skills.length - 2);
      }
    }
  });

  it("salvageRecords() ends on a million braces and on a million quotes", () => {
    for (const hostile of [
      "{".repeat(1e6),
      "{}".repeat(5e5),
      '"'.repeat(1e6),
      `${"{".repeat(5e5)}${"}".repeat(5e5)}`,
    ]) {
      expect(salvageRecords(hostile).skills).toEqual([]);
    }
  });
});
