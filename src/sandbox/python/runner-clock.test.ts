import { expect, it } from "vitest";
import { installClock } from "./runner-clock.ts";

it("installClock() shows the machine's clock until another is set, and goes on from there", () => {
  let nowMs = 1_000;
  const date = { now: () => nowMs };
  const setClock = installClock(date);
  expect(date.now()).toBe(1_000);
  setClock(-400);
  nowMs += 5;
  expect(date.now()).toBe(605);
});
