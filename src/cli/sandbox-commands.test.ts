import { describe, expect, it } from "vitest";
import type { Application } from "../application/application.ts";
import { runCommand } from "./testing/cli-harness.ts";

type Status = Awaited<ReturnType<Application["sandboxStatus"]>>[number];

const unusable: Status["backends"][number] = {
  name: "bubblewrap",
  state: "unusable",
  reason: "AppArmor forbids it\u001b[2J",
  remedy: "sudo apt-get install apparmor-profiles\nsudo aa-enforce bwrap",
};
const held: Status["backends"][number] = {
  name: "deno",
  runtime: "deno-2.9",
  state: "held",
  testedAt: "2026-01-01T10:20:30.000Z",
  findings: [
    { name: "control", kind: "control", held: true, detail: "" },
    { name: "read_file", kind: "file", held: true, detail: "" },
  ],
};

describe("autodidact sandbox", () => {
  it("showSandboxStatus() names reason and remedy of a stronger backend, and answers 5 when nothing holds", async () => {
    const all: Status[] = [
      { language: "python", backends: [unusable] },
      { language: "typescript", chosen: "deno", backends: [unusable, held] },
    ];
    let asked: unknown;
    const steps = [
      {
        method: "sandboxStatus" as const,
        does: (isAnew: boolean) => {
          asked = isAnew;
          return all;
        },
      },
    ];
    const { code, stdout } = await runCommand(["sandbox", "status", "--test"], { steps });
    expect(asked).toBe(true);
    expect(code).toBe(5);
    expect(stdout.split("\n")).toEqual([
      "Python: nothing holds, no code is run",
      "  ⬜ bubblewrap    unusable",
      "     AppArmor forbids it\\x1b[2J",
      "     → sudo apt-get install apparmor-profiles",
      "     → sudo aa-enforce bwrap",
      "",
      "TypeScript: held by deno",
      "  ⬜ bubblewrap    unusable",
      "     AppArmor forbids it\\x1b[2J",
      "     → sudo apt-get install apparmor-profiles",
      "     → sudo aa-enforce bwrap",
      "  ✅ deno          deno-2.9, held against 1 file probes (tested 2026-01-01T10:20Z)",
      "",
      "",
    ]);
  });

  it("runInSandbox() shows a terminal no control characters, and gives them to a pipe", async () => {
    const outcome = { kind: "ended", exitCode: 0, printed: "\u001b[31mred", durationMs: 1.4 };
    const result = { language: "python", backend: "deno", runtime: "cpython-3.14/wasm", outcome };
    for (const [isTerminal, wanted] of [
      [true, "\\x1b[31mred\n"],
      [false, "\u001b[31mred"],
    ] as const) {
      const steps = [{ method: "runInSandbox" as const, does: () => result }];
      const order = { steps, stdin: "print(1)", isTerminal };
      const { code, stdout, stderr } = await runCommand(["sandbox", "run", "-"], order);
      expect({ code, stdout }).toEqual({ code: 0, stdout: wanted });
      expect(stderr).toContain("stdin.py ran to its end");
    }
  });
});
