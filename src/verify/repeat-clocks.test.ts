import { describe, expect, it } from "vitest";
import type { Contract } from "./contract.ts";
import {
  clockCount,
  clocksOfRuns,
  describeMoment,
  namesClock,
  speaksOfTime,
} from "./repeat-clocks.ts";

const contract: Contract = {
  ...{ name: "f", language: "python", description: "Adds one", entry: "f", result: {} },
  parameters: [{ name: "n", schema: {}, description: "a number" }],
  ...{ errors: [], capabilities: [], files: { reads: [], makes: [] } },
};

describe("clocksOfRuns", () => {
  it("clocksOfRuns() takes a Sunday of a leap day first, and then other years, days and hours", () => {
    const clocks = clocksOfRuns(clockCount, 0).map(({ moment }) => new Date(moment));
    const parts = ["getUTCFullYear", "getUTCMonth", "getUTCDay", "getUTCHours"] as const;
    for (const part of parts) {
      expect(new Set(clocks.map((clock) => clock[part]())).size).toBe(clockCount);
    }
    expect(clocks[0]?.toUTCString()).toContain("Sun, 29 Feb 2032 23:30");
  });

  it("clocksOfRuns() says how far each is from now, and begins anew when more are wanted", () => {
    const nowMs = Date.parse("2026-11-27T00:00:00Z");
    const clocks = clocksOfRuns(clockCount + 1, nowMs);
    expect(clocks.map(({ moment, offsetMs }) => nowMs + offsetMs - Date.parse(moment))).toEqual(
      clocks.map(() => 0),
    );
    expect(clocks.at(-1)).toEqual(clocks[0]);
  });
});

describe("namesClock", () => {
  it.each([
    ["python", "from datetime import date\n", true],
    ["python", "import time\n", true],
    ["python", "def update(rate):\n    return rate\n", false],
    ["typescript", "return new Date();", true],
    ["typescript", "return Temporal.Now.instant();", true],
    ["typescript", "return file.lastModified;", true],
    ["typescript", "return new File([], name);", true],
    ["typescript", "return validate(candidate);", false],
  ] as const)("namesClock() of %s is told by whole words: %j", (language, source, found) => {
    expect(namesClock(language, source)).toBe(found);
  });
});

describe("speaksOfTime", () => {
  it.each([
    ["Adds one", false],
    ["Sorts texts by their length", false],
    ["How many days are left in this year", true],
    ["Whether the shop is open at the moment, by today's weekday", true],
  ])("speaksOfTime() reads %j as a person would", (description, found) => {
    expect(speaksOfTime({ ...contract, description })).toBe(found);
  });

  it("speaksOfTime() reads names word by word", () => {
    expect(speaksOfTime({ ...contract, entry: "days_until" })).toBe(true);
  });
});

describe("describeMoment", () => {
  it("describeMoment() says the weekday too", () => {
    expect(describeMoment("2032-02-29T23:30:00Z")).toBe("2032-02-29 23:30 UTC, a Sunday");
  });
});
