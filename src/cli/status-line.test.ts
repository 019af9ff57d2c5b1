import { describe, expect, it } from "vitest";
import { displayWidth } from "./display-width.ts";
import { RunProgress } from "./status-line.ts";
import { runCommand } from "./testing/cli-harness.ts";
import { fakeRun, type Step } from "./testing/fake-application.ts";
import { sampleEvents, sampleGoal, sampleResult } from "./testing/sample-run.ts";

describe("RunProgress", () => {
  it("describe() tells attempt, phase, seconds and tokens", () => {
    const progress = new RunProgress();
    for (const event of sampleEvents.slice(0, 5)) {
      progress.update(event);
    }
    expect(progress.describe(34)).toBe(
      "attempt 1 of 12 · planning · planner writes · 34 s · 7 tokens",
    );
  });
});

describe("createStatusLine", () => {
  const steps: Step[] = [
    { method: "modelReadiness", does: () => ({ kind: "ready", model: "m", contextTokens: 1 }) },
    { method: "runDirective", does: () => fakeRun(sampleEvents, sampleResult) },
  ];
  const clearLine = "\r\u001b[2K";

  it("createStatusLine() never passes the width of the terminal and leaves nothing behind", async () => {
    const { stdout } = await runCommand([sampleGoal], {
      steps,
      isTerminal: true,
      columns: 30,
      env: { NO_COLOR: "1" },
    });
    const drawn = stdout
      .split(clearLine)
      .slice(1)
      .map((text) => text.split("\n"));
    const status = drawn.filter((lines) => lines.length === 1).map(([only = ""]) => only);
    expect(status.some((text) => text.includes("attempt 1 of 12"))).toBe(true);
    expect(Math.max(...status.map(displayWidth))).toBeLessThan(30);
    expect(stdout.endsWith(clearLine)).toBe(true);
  });

  it("createStatusLine() draws nothing off a terminal", async () => {
    expect((await runCommand([sampleGoal], { steps })).stdout).not.toContain(clearLine);
  });
});
