import { describe, expect, it } from "vitest";
import { digestBytes } from "../shared/digest.ts";
import { newPrivateKey, readSigningKey } from "../shared/signing.ts";
import type { Certificate, UnsignedCertificate } from "./certificate.ts";
import { readCertificate } from "./certificate-reader.ts";
import { isSignatureValid, printCertificate, signCertificate } from "./certificate-signature.ts";
import { contractDigest, suiteDigest } from "./certify.ts";
import { type CertificateSubject, checkCertificate, checkParts } from "./check-certificate.ts";
import { sampleCertificate, sampleSource } from "./testing/sample-certificate.ts";

function newKey() {
  const key = readSigningKey(newPrivateKey());
  if (key === undefined) {
    throw new Error("a new key could not be read");
  }
  return key;
}
const key = newKey();
const subject: CertificateSubject = {
  source: sampleSource,
  publicKey: key.publicKey,
  dependencyDigest: () => undefined,
};
const signed = (certificate: UnsignedCertificate = sampleCertificate()) =>
  signCertificate(certificate, key);

/** As if every digest had been made again by whoever changed the certificate. */
function withDigests(certificate: UnsignedCertificate): UnsignedCertificate {
  const { contract, suite, digests } = certificate;
  return {
    ...certificate,
    digests: { ...digests, contract: contractDigest(contract), suite: suiteDigest(suite) },
  };
}

describe("checkCertificate()", () => {
  it("checkCertificate() matches the proven bytes, also after a trip through its file", () => {
    const certificate = signed();
    expect(checkCertificate(certificate, subject)).toEqual({ kind: "matches" });
    const reading = readCertificate(Buffer.from(printCertificate(certificate)));
    expect(reading).toEqual({ kind: "read", certificate });
    const source = Buffer.from(sampleSource);
    expect(
      reading.kind === "read" && checkCertificate(reading.certificate, { ...subject, source }),
    ).toEqual({ kind: "matches" });
  });

  it.each<[string, (certificate: UnsignedCertificate) => UnsignedCertificate, string]>([
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
    ["no case", (c) => withDigests({ ...c, suite: { cases: [] } }), "no proof covers"],
    [
      "another code digest",
      (c) => ({ ...c, digests: { ...c.digests, code: digestBytes("") } }),
      "file was changed",
    ],
    [
      "a dependency that is not there",
      (c) => ({
        ...c,
        digests: { ...c.digests, dependencies: [{ skill: "other", code: digestBytes("x") }] },
      }),
      "the skill other, which it uses, was changed",
    ],
    [
      "something missing",
      (c) => ({ ...c, strength: "unproven", missing: ["no case raises"] }),
      "too little proves it: no case raises",
    ],
  ])(
    "checkCertificate() differs when there is %s, though signed here",
    (_name, change, problem) => {
      expect(checkCertificate(signed(change(sampleCertificate())), subject)).toEqual({
        kind: "differs",
        problem: expect.stringContaining(problem),
        needsReproof: false,
      });
    },
  );

  it("checkCertificate() wants a proof anew where there is a demotion, in the certificate or known here", () => {
    const demotion = { runtime: "r", reason: "f(1) fails", at: "2026-01-02" };
    const demoted = signed({ ...sampleCertificate(), demoted: demotion });
    expect(checkCertificate(demoted, subject)).toEqual({
      ...{ kind: "differs", needsReproof: true },
      problem: "on r it answers wrongly: f(1) fails",
    });
    const known = { ...subject, demotion };
    expect(checkCertificate(signed(), known)).toEqual({
      ...{ kind: "differs", needsReproof: true },
      problem:
        "on r it answered wrongly at 2026-01-02, after this certificate was signed: f(1) fails",
    });
    expect(checkCertificate(signed(), { ...known, source: "x" })).toMatchObject({
      needsReproof: false,
    });
  });

  it("checkCertificate() differs when the source changed by one space", () => {
    const source = `${sampleSource} `;
    expect(checkCertificate(signed(), { ...subject, source }).kind).toBe("differs");
  });

  it("checkCertificate() holds a dependency against the bytes it has now", () => {
    const certificate = sampleCertificate();
    const dependencies = [{ skill: "other", code: digestBytes("x") }];
    const using = signed({ ...certificate, digests: { ...certificate.digests, dependencies } });
    const at = (source: string) => ({ ...subject, dependencyDigest: () => digestBytes(source) });
    expect(checkCertificate(using, at("x"))).toEqual({ kind: "matches" });
    expect(checkCertificate(using, at("y")).kind).toBe("differs");
  });

  it("checkCertificate() wants a proof anew of what another installation signed, or nobody here", () => {
    const foreign = signCertificate(sampleCertificate(), newKey());
    for (const publicKey of [key.publicKey, undefined]) {
      expect(checkCertificate(foreign, { ...subject, publicKey })).toEqual({
        kind: "differs",
        problem: expect.stringContaining("another installation"),
        needsReproof: true,
      });
    }
  });

  it("checkCertificate() refuses another's certificate under this installation's public key", () => {
    const foreign = signCertificate(sampleCertificate(), newKey());
    const { publicKey } = key;
    const forged = { ...foreign, signature: { ...foreign.signature, publicKey } };
    expect(checkCertificate(forged, subject)).toMatchObject({
      kind: "differs",
      problem: expect.stringContaining("changed after it was signed"),
      needsReproof: false,
    });
  });
});

describe("isSignatureValid()", () => {
  it("isSignatureValid() is false once any field was changed, added or left out", () => {
    const certificate = signed();
    const changes: Certificate[] = [
      ...Object.keys(certificate).map((field) => ({ ...certificate, [field]: "changed" })),
      ...Object.keys(certificate)
        .filter((field) => field !== "signature")
        .map((field) => {
          const rest: Record<string, unknown> = { ...certificate };
          delete rest[field];
          return rest as unknown as Certificate;
        }),
      { ...certificate, recordingLabel: "" },
    ];
    expect(changes.length).toBeGreaterThan(30);
    for (const changed of changes.filter(({ signature }) => typeof signature === "object")) {
      expect(isSignatureValid(changed)).toBe(false);
    }
    expect(isSignatureValid(certificate)).toBe(true);
  });

  it.each(["", "AA==", "x", "a".repeat(88), `${"A".repeat(85)}B==`])(
    "isSignatureValid() is false for the signature %j",
    (value) => {
      const certificate = signed();
      const signature = { ...certificate.signature, value };
      expect(isSignatureValid({ ...certificate, signature })).toBe(false);
    },
  );

  it("isSignatureValid() tells cases apart that only odd keys and values tell apart", () => {
    const odd = [
      { $float: "-0" },
      0,
      "\ud800",
      "\udc00",
      "\ufffd",
      JSON.parse('{"__proto__": 1}'),
      JSON.parse('{"__proto__": 2}'),
      {},
      { constructor: 1 },
      { constructor: 2 },
      { toString: null },
    ];
    const certificates = odd.map((expected) => {
      const { suite, ...rest } = sampleCertificate();
      const cases = suite.cases.map((one) => (one.kind === "returns" ? { ...one, expected } : one));
      return signed(withDigests({ ...rest, suite: { cases } }));
    });
    expect(new Set(certificates.map(({ digests }) => digests.suite)).size).toBe(odd.length);
    for (const certificate of certificates) {
      const reading = readCertificate(Buffer.from(printCertificate(certificate)));
      const read = reading.kind === "read" ? reading.certificate : undefined;
      expect(read && checkCertificate(read, subject)).toEqual({ kind: "matches" });
    }
    for (const other of certificates.slice(1)) {
      const [first] = certificates;
      const mixed = first && { ...first, suite: other.suite };
      expect(mixed && isSignatureValid(mixed)).toBe(false);
    }
  });
});

describe("checkParts()", () => {
  it("checkParts() names every part, and what is wrong with each on its own", () => {
    const certificate = signed({ ...sampleCertificate(), proofs: [] });
    const parts = checkParts(
      { ...certificate, goal: "another" },
      { ...subject, source: "x", publicKey: undefined },
    );
    expect(parts.filter(({ problem }) => problem).map(({ part }) => part)).toEqual([
      "code",
      "signature",
      "cases",
      "signer",
    ]);
    expect(parts).toHaveLength(8);
  });
});
