import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { testSize } from "../../test/support/requirements.ts";
import { packageRoot } from "../shared/package-root.ts";
import { newPrivateKey, readSigningKey } from "../shared/signing.ts";
import { certificateJsonSchema } from "./certificate-json-schema.ts";
import { maxCertificateBytes, readCertificate } from "./certificate-reader.ts";
import { printCertificate, signCertificate } from "./certificate-signature.ts";
import { checkCertificate } from "./check-certificate.ts";
import type { Evidence } from "./evidence.ts";
import { sampleCertificate, sampleSource } from "./testing/sample-certificate.ts";

const key = readSigningKey(newPrivateKey());
if (key === undefined) {
  throw new Error("a new key could not be read");
}
const subject = {
  source: sampleSource,
  publicKey: key.publicKey,
  dependencyDigest: () => undefined,
};
const mutant = { operator: "boundary", line: 3, before: "n < 1", after: "n <= 1" } as const;
const evidence: Evidence = {
  strength: "proven",
  stubs: [{ stub: "returns-nothing", failedCases: 3 }],
  flakiness: { runs: 3, varied: ["random seed"], quarantined: [{ caseId: "c", detail: "d" }] },
  mutation: {
    ...{ made: 10, killed: 8, survived: [mutant], unknown: [mutant], equivalent: 0, score: 8 / 9 },
    ...{ minimum: 0.8, generatedInputs: 40, seed: 1, rounds: 0 },
  },
  agreement: { programs: 3, behaviours: 1, agreement: null, decisiveInputs: 4, sources: ["m"] },
  removedCases: [{ caseId: "c", text: "t", reason: "r" }],
  sampled: { cases: 500, of: 900, mutantCases: 700 },
  stepsOff: ["analysis"],
};
/** Every field is there but `demoted`, which would make it say no by itself. */
const certificate = signCertificate(
  sampleCertificate({
    ...{ goal: "Doppelt \ufffd \u00fc", evidence, origin: { claimedBy: key.publicKey } },
    recordingLabel: "recorded",
  }),
  key,
);
const file = Buffer.from(printCertificate(certificate));

/** True when the bytes still make a skill working. */
function isAccepted(bytes: Buffer): boolean {
  const reading = readCertificate(bytes);
  return (
    reading.kind === "read" && checkCertificate(reading.certificate, subject).kind === "matches"
  );
}

describe("readCertificate()", () => {
  it("readCertificate() and checkCertificate() refuse a certificate with any one byte changed", () => {
    // Space and its like, and letters of the other case, lie a bit apart.
    const bits = [0x01, 0x20, 0x02, 0x04, 0x08, 0x10, 0x40, 0x80].slice(0, testSize(2, 8));
    const accepted: string[] = [];
    for (let index = 0; index < file.length; index += 1) {
      for (const bit of bits) {
        const changed = Buffer.from(file);
        changed[index] = (file[index] ?? 0) ^ bit;
        if (isAccepted(changed)) {
          accepted.push(`${index} ${bit}`);
        }
      }
    }
    expect(accepted).toEqual([]);
    expect(isAccepted(file)).toBe(true);
  });

  it("readCertificate() refuses one with a byte more or less, or laid out anew", () => {
    const text = file.toString();
    for (const changed of [
      text.slice(0, -1),
      `${text}\n`,
      ` ${text}`,
      `\ufeff${text}`,
      JSON.stringify(certificate),
      text.replace('"goal"', '"goal": "first", "goal"'),
      text.replaceAll("\n", "\r\n"),
      text.replace('"m"', '"\\u006d"'),
    ]) {
      expect(changed).not.toBe(text);
      expect(isAccepted(Buffer.from(changed))).toBe(false);
    }
  });

  it.each<[string, string, string]>([
    ["nothing", "", "no JSON object"],
    ["half a file", '{"schemaVersion": 2, "skill": "x', "no JSON object"],
    ["a list", "[]", "no JSON object"],
    ["an empty object", "{}", "cannot be read"],
    ["a later version", '{"schemaVersion": 3}', "of version 3"],
    ["no version 1 either", '{"schemaVersion": 1}', "cannot be read"],
    ["deep nesting", `{"a": ${"[".repeat(5_000)}${"]".repeat(5_000)}}`, "nested deeper"],
    ["nesting that no parser bears", "[".repeat(500_000), "no JSON object"],
    ["a huge file", " ".repeat(maxCertificateBytes + 1), "larger than"],
    ["a field too many", printCertificate({ ...certificate, ...{ more: 1 } }), "cannot be read"],
  ])("readCertificate() says what is wrong with %s", (_name, text, problem) => {
    expect(readCertificate(Buffer.from(text))).toEqual({
      kind: "unreadable",
      problem: expect.stringContaining(problem),
    });
  });

  it("readCertificate() refuses bytes that are no UTF-8", () => {
    const bytes = Buffer.from(file.toString().replace("\u00fc", "\u00e9"), "latin1");
    expect(readCertificate(bytes).kind).toBe("unreadable");
  });
});

describe("certificateJsonSchema()", () => {
  it("certificateJsonSchema() is what docs/certificate.schema.json holds", async () => {
    const written = await readFile(join(packageRoot(), "docs/certificate.schema.json"), "utf8");
    expect(JSON.parse(written)).toEqual(JSON.parse(JSON.stringify(certificateJsonSchema())));
  });
});
