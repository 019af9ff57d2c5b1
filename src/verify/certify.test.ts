import { describe, expect, it } from "vitest";
import type { JsonValue } from "../shared/json.ts";
import type { Certificate } from "./certificate.ts";
import { readCertificate } from "./certificate-reader.ts";
import { certify, checkCertificate } from "./certify.ts";
import { readContract } from "./contract-reader.ts";
import { readExample } from "./example-reader.ts";
import { splitSuite } from "./split-suite.ts";
import { readSuite } from "./suite-reader.ts";
import type { Verdict } from "./verdict.ts";

const source = "def double(n):\n    return 2 * n\n";

function exampleCertificate(): Certificate {
  const reading = readContract(
    {
      entry: "double",
      parameters: ["n: int"],
      result: "int",
      errors: ["TypeError"],
      description: "d",
    },
    { name: "doubler", language: "python" },
  );
  if (reading.kind === "unreadable") {
    throw new Error(reading.problem);
  }
  const { contract } = reading;
  const answer: JsonValue = {
    cases: [
      { args: [2], returns: 4 },
      { args: [{ $set: 1 }], raises: "TypeError" },
      { args: [3], property: "result == 6" },
    ],
  };
  const { suite } = splitSuite(readSuite(answer, contract).cases, [readExample("1 => 2")], {
    sealedShare: 0.3,
    seed: 1,
    entry: "double",
  });
  const verdict: Verdict = {
    passed: true,
    findings: suite.cases.map(({ id, sealed }) => ({
      caseId: id,
      sealed,
      passed: true,
      detail: "",
      outcome: { kind: "returned", value: null, printed: "", durationMs: Math.random() },
    })),
    runtime: "cpython-3.14/wasm",
    backend: "pyodide-deno",
  };
  return certify({
    source,
    verdicts: [verdict],
    goal: "Create a doubler",
    contract,
    suite,
    analysis: "off",
    models: ["m"],
    attempts: 1,
    runId: "r1",
    admittedAt: "2026-01-01T00:00:00.000Z",
  });
}

describe("certify()", () => {
  it("certify() counts what each runtime proved, without durations", () => {
    const certificate = exampleCertificate();
    expect(certificate.proofs).toEqual([
      {
        runtime: "cpython-3.14/wasm",
        backend: "pyodide-deno",
        openPassed: 3,
        sealedPassed: 1,
        examplesPassed: 1,
      },
    ]);
    expect(exampleCertificate()).toEqual(certificate);
  });

  it("certify() throws when a verdict did not pass", () => {
    const { contract, suite } = exampleCertificate();
    const failed: Verdict = { passed: false, findings: [], runtime: "r", backend: "b" };
    for (const verdicts of [[], [failed]]) {
      const input = { source, verdicts, contract, suite, goal: "", models: [], attempts: 1 };
      expect(() => certify({ ...input, analysis: "off", runId: "", admittedAt: "" })).toThrow(
        TypeError,
      );
    }
  });
});

describe("checkCertificate()", () => {
  it("checkCertificate() matches the proven bytes, also after a trip through its file", () => {
    const certificate = exampleCertificate();
    expect(checkCertificate(certificate, source)).toEqual({ kind: "matches" });
    const read = readCertificate(JSON.stringify(certificate, undefined, 2));
    expect(read).toEqual(certificate);
    expect(read && checkCertificate(read, Buffer.from(source))).toEqual({ kind: "matches" });
  });

  it.each<[string, (certificate: Certificate) => Certificate, string]>([
    [
      "another contract",
      (c) => ({ ...c, contract: { ...c.contract, description: "e" } }),
      "contract was changed",
    ],
    [
      "a case less",
      (c) => ({ ...c, suite: { cases: c.suite.cases.slice(1) } }),
      "suite was changed",
    ],
    ["no proof", (c) => ({ ...c, proofs: [] }), "no proof covers"],
    [
      "a proof of fewer cases",
      (c) => ({ ...c, proofs: c.proofs.map((proof) => ({ ...proof, openPassed: 1 })) }),
      "no proof covers",
    ],
    ["another code digest", (c) => ({ ...c, codeDigest: "sha256:0" }), "file was changed"],
  ])("checkCertificate() differs when there is %s", (_name, change, problem) => {
    expect(checkCertificate(change(exampleCertificate()), source)).toEqual({
      kind: "differs",
      problem: expect.stringContaining(problem),
    });
  });

  it("checkCertificate() differs when the source changed by one space", () => {
    expect(checkCertificate(exampleCertificate(), `${source} `).kind).toBe("differs");
  });
});

describe("readCertificate()", () => {
  it.each(["", "{", "[]", "{}", '{"schemaVersion":2}', "[".repeat(100_000)])(
    "readCertificate() is undefined for what is no certificate (%#)",
    (text) => {
      expect(readCertificate(text)).toBeUndefined();
    },
  );
});
