import { describe, expect, it } from "vitest";
import { digestBytes } from "../shared/digest.ts";
import { certify } from "./certify.ts";
import type { Evidence } from "./evidence.ts";
import { sampleCertificate, sampleInput, sampleSource } from "./testing/sample-certificate.ts";
import type { Verdict } from "./verdict.ts";

const evidence: Evidence = {
  strength: "proven strictly",
  stubs: [{ stub: "returns-nothing", failedCases: 4 }],
  flakiness: { runs: 3, varied: ["hash seed"], quarantined: [] },
  removedCases: [],
  stepsOff: ["mutants"],
};

describe("certify()", () => {
  it("certify() counts what each runtime proved, and the cases by kind, without durations", () => {
    const certificate = sampleCertificate();
    expect(certificate).toMatchObject({
      schemaVersion: 2,
      skill: "doubler",
      claim: "proven to its contract",
      strength: "proven",
      missing: [],
      digests: { code: digestBytes(sampleSource), dependencies: [] },
      cases: { examples: 1 },
      stepsOff: ["analysis"],
      proofs: [
        {
          runtime: "cpython-3.14/wasm",
          backend: "pyodide-deno",
          openPassed: 3,
          sealedPassed: 1,
          examplesPassed: 1,
        },
      ],
    });
    const { open, sealed } = certificate.cases;
    const sum = (kinds: typeof open) => kinds.returns + kinds.raises + kinds.property;
    expect([sum(open), sum(sealed)]).toEqual([3, 1]);
    expect(sampleCertificate()).toEqual(certificate);
  });

  it("certify() is as strong as its evidence, and unproven when something is missing", () => {
    expect(sampleCertificate({ evidence })).toMatchObject({
      strength: "proven strictly",
      evidence,
      stepsOff: ["mutants"],
    });
    expect(sampleCertificate({ evidence, missing: ["5 of 9 mutants survive"] })).toMatchObject({
      claim: "not proven",
      strength: "unproven",
      missing: ["5 of 9 mutants survive"],
    });
  });

  it("certify() gives the same digests whatever the run took", () => {
    const cost = { modelCalls: 9, promptTokens: 1, outputTokens: 1, durationMs: 99_999 };
    const other = sampleCertificate({ cost, issuedAt: "2027-01-01T00:00:00.000Z", runId: "r2" });
    expect(other.digests).toEqual(sampleCertificate().digests);
  });

  it("certify() throws when a verdict did not pass", () => {
    const failed: Verdict = { passed: false, findings: [], runtime: "r", backend: "b" };
    for (const verdicts of [[], [failed]]) {
      expect(() => certify({ ...sampleInput(), verdicts })).toThrow(TypeError);
    }
  });
});
