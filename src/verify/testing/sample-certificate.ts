import type { JsonValue } from "../../shared/json.ts";
import type { UnsignedCertificate } from "../certificate.ts";
import { type CertifyInput, certify } from "../certify.ts";
import { readContract } from "../contract-reader.ts";
import { readExample } from "../example-reader.ts";
import { splitSuite } from "../split-suite.ts";
import type { Suite } from "../suite.ts";
import { readSuite } from "../suite-reader.ts";
import type { Verdict } from "../verdict.ts";

export const sampleSource = "def double(n):\n    return 2 * n\n";

export const sampleLimits = {
  timeoutMs: 15_000,
  maxCpuMs: 20_000,
  maxMemoryBytes: 1_073_741_824,
  maxOutputBytes: 1_048_576,
  maxMessageBytes: 1_048_576,
  maxFiles: 64,
  maxFileBytes: 16_777_216,
};

/** A skill with three cases of a model, one of them sealed, and one example. */
export function sampleCertificate(changed: Partial<CertifyInput> = {}): UnsignedCertificate {
  const input = sampleInput();
  const suite = changed.suite ?? input.suite;
  return certify({ ...input, verdicts: [passedVerdict(suite)], ...changed });
}

export function sampleInput(): CertifyInput {
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
  return {
    source: sampleSource,
    verdicts: [passedVerdict(suite)],
    goal: "Create a doubler",
    contract,
    suite,
    policy: { limits: sampleLimits, suiteCases: 9 },
    analysis: "off",
    models: ["m"],
    attempts: 1,
    cost: { modelCalls: 4, promptTokens: 100, outputTokens: 50, durationMs: 1_234 },
    runId: "r1",
    issuedAt: "2026-01-01T00:00:00.000Z",
  };
}

/** A verdict that every case of the suite passed. */
function passedVerdict(suite: Suite): Verdict {
  return {
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
}
