import { describe, expect, it } from "vitest";
import type { Application } from "../application/application.ts";
import { renderSkill } from "./render-skill.ts";

type Skill = Awaited<ReturnType<Application["showSkill"]>>;
type Certificate = NonNullable<Skill["certificate"]>;

const change = { operator: "boundary", line: 3, before: "n < 1", after: "n <= 1" } as const;
const certificate: Certificate = {
  ...{ schemaVersion: 2, skill: "doubler", goal: "g", claim: "proven to its contract" },
  ...{ strength: "proven", missing: [], analysis: "agreed", stepsOff: ["flake runs"] },
  digests: { code: "", contract: "", suite: "", dependencies: [] },
  contract: {
    ...{ name: "doubler", language: "python", description: "d", entry: "double" },
    ...{ parameters: [], result: {}, errors: [], capabilities: [] },
    files: { reads: [], makes: [] },
  },
  suite: { cases: [] },
  cases: {
    open: { returns: 3, raises: 0, property: 0 },
    sealed: { returns: 1, raises: 0, property: 0 },
    examples: 0,
  },
  proofs: [],
  policy: {
    limits: {
      ...{ timeoutMs: 1, maxCpuMs: 1, maxMemoryBytes: 1, maxOutputBytes: 1, maxMessageBytes: 1 },
      ...{ maxFiles: 1, maxFileBytes: 1 },
    },
  },
  evidence: {
    ...{ strength: "proven", stubs: [], removedCases: [], stepsOff: ["flake runs"] },
    flakiness: { runs: 1, varied: [], quarantined: [] },
    mutation: {
      ...{ made: 24, killed: 10, survived: [change], equivalent: 0, score: 10 / 11, minimum: 0.8 },
      unknown: Array.from({ length: 12 }, (_, line) => ({
        ...change,
        line,
        before: "\u001b[31m\n x",
      })),
      ...{ generatedInputs: 40, seed: 1, rounds: 0 },
      unanswered: { tried: 30, deaths: [{ reason: "out-of-memory", inputs: 3, example: ["a"] }] },
    },
  },
  ...{ models: ["m"], attempts: 1, runId: "r1", issuedAt: "2026-01-01T00:00:00.000Z" },
  cost: { modelCalls: 4, promptTokens: 100, outputTokens: 50, durationMs: 1_234 },
  signature: { algorithm: "ed25519", publicKey: "", value: "" },
};

function shown(changed: Partial<Certificate> = {}): string {
  const skill: Skill = {
    ...{ name: "doubler", language: "python", status: "working", description: "d", goal: "g" },
    ...{ path: "p", source: "x", certificate: { ...certificate, ...changed } },
  };
  const lines = renderSkill(skill, (_style, text) => text);
  return lines.map((line) => (typeof line === "string" ? line : line.verbatim)).join("\n");
}

describe("renderSkill()", () => {
  it("renderSkill() names the steps that were left out, and each mutant that is open", () => {
    const text = shown();
    expect(text).toContain(
      'Its suite was tested: 10 of 11 mutants noticed, 12 unknown\n    • no answer to 3 of 30 generated inputs (3 out of memory, as for ["a"])\n',
    );
    expect(text).toContain("    • line 3 with n <= 1 in place of n < 1: no case notices\n");
    expect(text).toContain(
      "    • line 9 with n <= 1 in place of \\x1b[31m x: nothing that was tried tells it from the code\n",
    );
    expect(text).toContain("    • and 2 more; --json shows all\n");
    expect(text).toContain("  Left out: flake runs\n");
    expect(text).toContain("  Admitted 2026-01-01T00:00:00.000Z after 1 attempt, run r1, model m");
  });

  it.each([
    ["MCowBQYDK2VwAyEAznwV8HWPpHpp", "another installation (key MCowBQYDK2VwAyEAznwV8HW…)"],
    [null, "a certificate that nobody signed"],
  ])(
    "renderSkill() says whose word it is how a skill came to be when %s told",
    (claimedBy, teller) => {
      const text = shown({ origin: { claimedBy } });
      expect(text).toContain(`${teller}: after 1 attempt, run r1, model m, analysis agreed`);
      expect(text).not.toContain("Admitted");
    },
  );
});
