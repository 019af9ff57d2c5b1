import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openMemory } from "../memory/memory-json.ts";
import { digestBytes } from "../shared/digest.ts";
import { memoryKeys } from "../shared/testing/memory-keys.ts";
import type { Certificate, UnsignedCertificate } from "../verify/certificate.ts";
import { printCertificate, signCertificate } from "../verify/certificate-signature.ts";
import { sampleCertificate, sampleSource } from "../verify/testing/sample-certificate.ts";
import { type DemotionRecords, openDemotionRecords } from "./demotion-records.ts";
import type { SkillLibrary } from "./library.ts";
import { openSkillLibrary } from "./workspace-library.ts";

const at = new Date("2026-01-01T00:00:00Z");
const name = "doubler";
const goal = "Create a doubler";
const keys = memoryKeys();
let root: string;
let memory: ReturnType<typeof openMemory>;
let demotions: DemotionRecords;
let library: SkillLibrary;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "proofs-"));
  memory = openMemory({ workspaceRoot: root, failuresPerSkill: 12 });
  demotions = openDemotionRecords(join(root, "demoted"));
  library = openSkillLibrary({ workspaceRoot: root, memory, keys, demotions });
});
afterEach(async () => {
  memory.close();
  await rm(root, { recursive: true, force: true });
});

const draft = (source = sampleSource) =>
  ({ name, language: "python", goal, description: "d", source }) as const;
const certificatePath = () => join(root, "skills", `${name}.certificate.json`);
const unproven = () => sampleCertificate({ missing: ["no case raises an error"] });

async function admitted(certificate: UnsignedCertificate = sampleCertificate()): Promise<void> {
  await library.write(draft(), at);
  await library.admit(certificate, at);
}

async function workingCertificate(): Promise<Certificate> {
  const { certificate } = await library.get(name);
  if (certificate === undefined) {
    throw new Error("the skill is not working");
  }
  return certificate;
}

async function placeFirstVersion(): Promise<string> {
  await library.write(draft(), at);
  const { contract, suite, analysis, models, attempts, proofs, digests } = sampleCertificate();
  const first = {
    ...{ schemaVersion: 1, skill: name, goal, claim: "proven to its contract" },
    ...{ codeDigest: digests.code, contract, suite, proofs, analysis, models, attempts },
    ...{ runId: "r1", admittedAt: at.toISOString() },
  };
  const path = join(root, "certificates", `${name}.json`);
  await mkdir(join(root, "certificates"));
  await writeFile(path, JSON.stringify(first, undefined, 2));
  return path;
}

describe("get()", () => {
  it("get() shows a skill that another installation signed as untested, and what to do", async () => {
    await admitted();
    const moved = openSkillLibrary({ workspaceRoot: root, memory, keys: memoryKeys(), demotions });
    expect(await moved.get(name)).toMatchObject({
      status: "untested",
      problem: expect.stringContaining("signed by another installation"),
      needsReproof: true,
    });
    expect(await moved.findWorking(goal, "python")).toBeUndefined();
    expect((await library.get(name)).status).toBe("working");
  });

  it("get() shows a skill as untested where no key was made yet", async () => {
    await admitted();
    const none = { publicKey: async () => undefined, signingKey: memoryKeys().signingKey };
    const moved = openSkillLibrary({ workspaceRoot: root, memory, keys: none, demotions });
    expect(await moved.get(name)).toMatchObject({ status: "untested", needsReproof: true });
  });

  it("get() shows an unproven skill as untested, and why; a later proof makes it working", async () => {
    await admitted(unproven());
    expect(await library.get(name)).toMatchObject({
      status: "untested",
      problem: "too little proves it: no case raises an error",
    });
    expect((await memory.read()).skills).toMatchObject([{ name, status: "untested" }]);
    await library.admit(sampleCertificate(), at);
    expect((await library.get(name)).status).toBe("working");
  });

  it("get() shows a skill with a certificate of version 1 as untested, and what to do", async () => {
    await placeFirstVersion();
    expect(await library.get(name)).toMatchObject({
      status: "untested",
      problem: expect.stringContaining("version 1"),
      needsReproof: true,
    });
    expect(await library.storedProof(name)).toMatchObject({
      kind: "first",
      certificate: { skill: name, suite: { cases: expect.any(Array) } },
      source: sampleSource,
    });
    await expect(library.write(draft("other\n"), at)).rejects.toMatchObject({
      code: "SKILL_NAME_INVALID",
    });
  });

  it.each<[string, () => Promise<unknown>, string]>([
    ["a folder", () => mkdir(certificatePath()), "no plain file"],
    ["a huge file", () => writeFile(certificatePath(), Buffer.alloc(17 << 20, 32)), "too large"],
    [
      "one nested too deep",
      () => writeFile(certificatePath(), `{"a":${"[".repeat(9_999)}${"]".repeat(9_999)}}`),
      "nested deeper",
    ],
    [
      "one of a later version",
      () => writeFile(certificatePath(), '{"schemaVersion":9}'),
      "version 9",
    ],
    ["half of one", () => writeFile(certificatePath(), '{"schemaVersion":2,'), "no JSON"],
  ])("get() shows a skill as untested with %s for a certificate", async (_name, place, problem) => {
    await library.write(draft(), at);
    await place();
    const skill = await library.get(name);
    expect(skill).toMatchObject({ status: "untested", problem: expect.stringContaining(problem) });
    expect(skill.certificate).toBeUndefined();
    expect(await library.storedProof(name)).toMatchObject({ kind: "unreadable" });
    await expect(library.write(draft("other\n"), at)).rejects.toMatchObject({
      code: "SKILL_NAME_INVALID",
    });
  });

  it("get() follows no link in a certificate's place, and nothing is written through it", async () => {
    await admitted();
    const elsewhere = join(root, "elsewhere.json");
    await writeFile(elsewhere, await readFile(certificatePath()));
    await rm(certificatePath());
    await symlink(elsewhere, certificatePath());
    const text = await readFile(elsewhere, "utf8");
    await expect(library.get(name)).rejects.toMatchObject({ code: "PATH_OUTSIDE_WORKSPACE" });
    await expect(library.admit(sampleCertificate(), at)).rejects.toMatchObject({
      code: "PATH_OUTSIDE_WORKSPACE",
    });
    expect((await library.list()).map(({ status }) => status)).toEqual(["untested"]);
    expect(await readFile(elsewhere, "utf8")).toBe(text);
  });

  it("get() shows a skill as untested once a skill that it uses has changed", async () => {
    await mkdir(join(root, "skills"));
    await writeFile(join(root, "skills", "helper.py"), "x = 1\n");
    const certificate = sampleCertificate();
    const dependencies = [{ skill: "helper", code: digestBytes("x = 1\n") }];
    await admitted({ ...certificate, digests: { ...certificate.digests, dependencies } });
    expect((await library.get(name)).status).toBe("working");
    await writeFile(join(root, "skills", "helper.py"), "x = 2\n");
    expect(await library.get(name)).toMatchObject({
      status: "untested",
      problem: expect.stringContaining("helper, which it uses, was changed"),
    });
  });
});

describe("write() and fail()", () => {
  it("write() of other bytes takes an unproven skill's certificate away", async () => {
    await admitted(unproven());
    await library.write(draft("other\n"), at);
    expect(await readdir(join(root, "skills"))).not.toContain(`${name}.certificate.json`);
    const skill = await library.get(name);
    expect(skill).toMatchObject({ status: "untested", source: "other\n" });
    expect(skill.problem).toBeUndefined();
    expect(await library.nameFor(goal, "python", name)).toBe(name);
  });
});

describe("renew()", () => {
  it("renew() signs anew what another installation signed", async () => {
    await admitted();
    const moved = openSkillLibrary({ workspaceRoot: root, memory, keys: memoryKeys(), demotions });
    await moved.renew(await moved.storedProof(name), sampleCertificate(), at);
    expect((await moved.get(name)).status).toBe("working");
    expect((await library.get(name)).status).toBe("untested");
  });

  it("renew() takes the place of a certificate of version 1", async () => {
    const path = await placeFirstVersion();
    await library.renew(await library.storedProof(name), sampleCertificate(), at);
    expect((await library.get(name)).status).toBe("working");
    await expect(readFile(path)).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("renew() refuses when the certificate on disk is another by now", async () => {
    await admitted();
    const seen = await library.storedProof(name);
    const other = signCertificate(sampleCertificate({ goal: "Another" }), await keys.signingKey());
    await writeFile(certificatePath(), printCertificate(other));
    await expect(library.renew(seen, sampleCertificate(), at)).rejects.toMatchObject({
      code: "SKILL_NOT_PROVEN",
    });
    expect(await readFile(certificatePath(), "utf8")).toBe(printCertificate(other));
  });
});

describe("addProof() and demote()", () => {
  it("addProof() and demote() sign what they change", async () => {
    await admitted();
    const certificate = await workingCertificate();
    const [proof] = certificate.proofs;
    if (proof === undefined) {
      throw new Error("the certificate holds no proof");
    }
    await library.addProof(certificate, { ...proof, runtime: "cpython-3.11/native" }, at);
    const more = await library.get(name);
    expect(more.certificate?.proofs.map(({ runtime }) => runtime)).toEqual([
      proof.runtime,
      "cpython-3.11/native",
    ]);
    await library.demote(certificate, { runtime: "r", reason: "f(1) fails", at: at.toISOString() });
    expect(await library.get(name)).toMatchObject({
      status: "untested",
      problem: "on r it answers wrongly: f(1) fails",
    });
  });

  it("demote() is not undone by an older certificate put back, in this workspace or a copy", async () => {
    await admitted();
    const older = await readFile(certificatePath());
    await library.demote(await workingCertificate(), {
      ...{ runtime: "r", reason: "f(1) fails", at: at.toISOString() },
    });
    await writeFile(certificatePath(), older);
    const problem = expect.stringContaining("on r it answered wrongly at 2026-01-01");
    expect(await library.get(name)).toMatchObject({ status: "untested", problem });
    expect((await library.list()).map(({ status }) => status)).toEqual(["untested"]);
    expect(await library.findWorking(goal, "python")).toBeUndefined();
    const again = openDemotionRecords(join(root, "demoted"));
    const restarted = openSkillLibrary({
      ...{ workspaceRoot: root, memory, keys },
      demotions: again,
    });
    expect(await restarted.get(name)).toMatchObject({ status: "untested", problem });
    const copy = join(root, "copy");
    await cp(join(root, "skills"), join(copy, "skills"), { recursive: true });
    const copied = openSkillLibrary({ workspaceRoot: copy, memory, keys, demotions });
    expect(await copied.get(name)).toMatchObject({ status: "untested", problem });
  });

  it("renew() makes a demoted skill working again, and older certificates stay refused", async () => {
    await admitted();
    const older = await readFile(certificatePath());
    const demotion = { runtime: "r", reason: "f(1) fails", at: at.toISOString() };
    await library.demote(await workingCertificate(), demotion);
    await writeFile(certificatePath(), older);
    const seen = await library.storedProof(name);
    expect(seen).toMatchObject({ kind: "read", demotion });
    // Also where the clock was set back since.
    const issuedAt = "2025-12-31T00:00:00.000Z";
    await library.renew(seen, sampleCertificate({ issuedAt }), at);
    expect((await library.get(name)).status).toBe("working");
    await writeFile(certificatePath(), older);
    expect((await library.get(name)).status).toBe("working");
    await library.demote(await workingCertificate(), {
      ...demotion,
      at: "2026-02-01T00:00:00.000Z",
    });
    await writeFile(certificatePath(), older);
    const newer = sampleCertificate({ issuedAt: "2026-03-01T00:00:00.000Z" });
    await library.renew(await library.storedProof(name), newer, at);
    expect((await library.get(name)).status).toBe("working");
    await writeFile(certificatePath(), older);
    expect((await library.get(name)).status).toBe("untested");
  });

  it("demote() leaves the skill untested when it dies before the certificate is written", async () => {
    await admitted();
    const demotion = { runtime: "r", reason: "x", at: at.toISOString() };
    const code = (await workingCertificate()).digests.code;
    await demotions.record(code, demotion);
    expect((await library.get(name)).status).toBe("untested");
  });

  it("demote() changes nothing of a certificate that another installation signed", async () => {
    await admitted();
    const text = await readFile(certificatePath(), "utf8");
    const { certificate } = await library.get(name);
    const moved = openSkillLibrary({ workspaceRoot: root, memory, keys: memoryKeys(), demotions });
    const demotion = { runtime: "r", reason: "x", at: at.toISOString() };
    await expect(certificate && moved.demote(certificate, demotion)).rejects.toMatchObject({
      code: "SKILL_NOT_PROVEN",
    });
    expect(await readFile(certificatePath(), "utf8")).toBe(text);
  });
});
