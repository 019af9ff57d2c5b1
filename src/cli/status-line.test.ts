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

describe("RunProgress of a model that is measured", () => {
  const token = { type: "token-received", role: "coder", isThinking: false } as const;

  it("describe() tells the first token's time, and the rate once there are enough", () => {
    const progress = new RunProgress();
    progress.update({ ...token, outputTokens: 1, firstTokenMs: 820, elapsedMs: 820 });
    expect(progress.describe(1)).toContain("coder writes (first token 0.8 s) ·");
    progress.update({ ...token, outputTokens: 101, firstTokenMs: 820, elapsedMs: 2_820 });
    expect(progress.describe(3)).toContain("(first token 0.8 s, 50 tokens/s) · 3 s · 101 tokens");
  });

  it("describe() says that a busy server is asked again", () => {
    const progress = new RunProgress();
    progress.update({ ...token, outputTokens: 0, retryInMs: 7_350 });
    expect(progress.describe(1)).toContain("the server is busy, coder asks again in 8 s");
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
