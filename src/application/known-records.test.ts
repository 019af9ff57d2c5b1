import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { memoryKeys } from "../shared/testing/memory-keys.ts";
import { printCertificate, signCertificate } from "../verify/certificate-signature.ts";
import { sampleCertificate, sampleSource } from "../verify/testing/sample-certificate.ts";
import { knownRecords } from "./known-records.ts";

const at = "2026-01-01T00:00:00.000Z";
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "known-"));
  await mkdir(join(root, "skills"));
  await mkdir(join(root, "runs"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe("knownRecords()", () => {
  it("knownRecords() finds skills by their certificates and directives by their journals", async () => {
    const key = await memoryKeys().signingKey();
    const text = printCertificate(signCertificate(sampleCertificate(), key));
    const place = (name: string, content: string) => writeFile(join(root, "skills", name), content);
    await place("doubler.py", sampleSource);
    await place("doubler.certificate.json", text);
    await place("renamed.py", sampleSource);
    await place("renamed.certificate.json", text);
    await place("stray.py", "x = 1\n");
    const started = { type: "run-started", at, schemaVersion: 1, runId: "r1", goal: "g" };
    const finished = { type: "run-finished", at: "2026-01-02T00:00:00.000Z", status: "failed" };
    const lines = [{ ...started, options: {}, settings: {} }, finished];
    const journal = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
    await writeFile(join(root, "runs", "r1.jsonl"), journal);
    const { skills, directives } = await knownRecords(root, join(root, "runs"));
    expect(skills).toEqual([
      {
        ...{ name: "doubler", status: "untested", description: "d", language: "python" },
        ...{ goal: "Create a doubler", created_at: at, updated_at: at },
      },
    ]);
    expect(directives).toMatchObject([
      { id: "r1", run_id: "r1", goal: "g", status: "failed", created_at: at },
    ]);
  });

  it("knownRecords() finds nothing in a workspace that holds nothing", async () => {
    expect(await knownRecords(join(root, "none"), join(root, "none"))).toEqual({
      ...{ skills: [], directives: [] },
    });
  });
});
