import { appendFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Application, SkillVerification } from "../../src/application/application.ts";
import { AgentBase } from "../../src/application/autonomous-agent.ts";
import { openKeyRing } from "../../src/config/signing-key.ts";
import { recall } from "../../src/loop/recall.ts";
import type { Run } from "../../src/loop/run.ts";
import { openMemory } from "../../src/memory/memory-json.ts";
import type { JsonValue } from "../../src/shared/json.ts";
import { openDemotionRecords } from "../../src/skills/demotion-records.ts";
import { openSkillLibrary } from "../../src/skills/workspace-library.ts";
import type { Certificate } from "../../src/verify/certificate.ts";
import { printCertificate, signCertificate } from "../../src/verify/certificate-signature.ts";
import { suiteDigest } from "../../src/verify/certify.ts";
import type { Evidence } from "../../src/verify/evidence.ts";
import type { WiringOptions } from "../../src/wiring.ts";
import {
  openTemporaryApplication,
  type TemporaryApplication,
} from "../support/temporary-application.ts";
import { errorOf } from "./run-support.ts";

const source = "export function double(n: number): number {\n  return 2 * n;\n}\n";
const cases: JsonValue[] = [
  { args: [1], returns: 2 },
  { args: [0], returns: 0 },
  { args: [-1.5], returns: -3 },
];

let keys: string;
/** One for all tests but those that look at the whole library: its processes stay warm. */
let shared: TemporaryApplication;
let opened: TemporaryApplication;
let application: Application;
let counter = 0;
/** Another one in each test. */
let name: string;

const keyPath = (installation: string) => join(keys, installation, "signing-key.pem");
const wiring = (installation = "own") => ({ signingKeyPath: keyPath(installation) });
const certificatePath = () => join(opened.workspaceRoot, "skills", `${name}.certificate.json`);
const sourcePath = () => join(opened.workspaceRoot, "skills", `${name}.ts`);
const readText = () => readFile(certificatePath(), "utf8");

beforeAll(async () => {
  keys = await mkdtemp(join(tmpdir(), "keys-"));
  shared = await openTemporaryApplication({}, wiring());
});
beforeEach(() => {
  counter += 1;
  name = `doubler_${counter}`;
  opened = shared;
  ({ application } = opened);
});
afterEach(async () => {
  if (opened !== shared) {
    await opened.remove();
  }
});
afterAll(async () => {
  await shared.remove();
  await rm(keys, { recursive: true, force: true });
});

async function openOwn(more: Partial<WiringOptions> = {}): Promise<void> {
  opened = await openTemporaryApplication({}, { ...wiring(), ...more });
  ({ application } = opened);
}

async function added(): Promise<void> {
  const result = await application.addSkill({ language: "typescript", source, name, cases });
  expect(result.status).toBe("working");
}

async function verifyOne(on: Application = application): Promise<SkillVerification> {
  const [found] = await on.verifySkills([name]);
  if (found === undefined) {
    throw new Error("nothing was verified");
  }
  return found;
}

const failing = (found: SkillVerification) =>
  found.checks.filter(({ state }) => state === "fails").map(({ part }) => part);

/** The same skill, its certificate changed and signed by this installation as if it had proven it. */
async function forge(change: (certificate: Certificate) => Certificate): Promise<void> {
  const key = await openKeyRing(keyPath("own")).signingKey();
  const changed = change(JSON.parse(await readText()));
  const digests = { ...changed.digests, suite: suiteDigest(changed.suite) };
  await writeFile(
    certificatePath(),
    printCertificate(signCertificate({ ...changed, digests }, key)),
  );
}

/** Another installation on a copy of the workspace; it is given back closed. */
async function elsewhere<T>(work: (other: TemporaryApplication) => Promise<T>): Promise<T> {
  const other = await openTemporaryApplication({}, wiring(`other-${counter}`));
  try {
    await cp(opened.workspaceRoot, other.workspaceRoot, { recursive: true });
    return await work(other);
  } finally {
    await other.remove();
  }
}

describe("verifySkills()", () => {
  it("verifySkills() runs the whole proof again and writes nothing when it holds", async () => {
    await added();
    const before = await readText();
    const told: string[] = [];
    const [found] = await application.verifySkills([name, name], {
      onCheck: (skill, { part }) => told.push(`${skill} ${part}`),
    });
    expect(found).toMatchObject({ skill: name, holds: true, outcome: "unchanged" });
    const parts = ["code", "signature", "contract", "suite", "dependencies", "strength", "cases"];
    const rest = ["signer", "safety", "deno-2.9", "stubs", "flake runs", "mutants", "analysis"];
    expect(found?.stepsOff).toEqual(["analysis"]);
    expect(told).toEqual([...parts, ...rest].map((part) => `${name} ${part}`));
    expect(await readText()).toBe(before);
  });

  it("verifySkills() names what changed, and says untested, when the file was edited", async () => {
    await added();
    const before = await readText();
    await appendFile(sourcePath(), "// edited\n");
    const found = await verifyOne();
    expect(found).toMatchObject({ holds: false, status: "untested", outcome: "unchanged" });
    expect(failing(found)).toEqual(["code"]);
    expect(await readText()).toBe(before);
    await writeFile(sourcePath(), source);
    expect(await verifyOne()).toMatchObject({ holds: true });
  });

  it("verifySkills() refuses a certificate whose suite was changed with its digest", async () => {
    await added();
    const changed: Certificate = JSON.parse(await readText());
    const suite = { cases: changed.suite.cases.slice(1) };
    const digests = { ...changed.digests, suite: suiteDigest(suite) };
    await writeFile(certificatePath(), printCertificate({ ...changed, suite, digests }));
    expect(failing(await verifyOne())).toEqual(["signature", "cases"]);
    expect(await errorOf(application.useSkill(name, [1]))).toMatchObject({
      code: "SKILL_NOT_PROVEN",
      message: expect.stringContaining("changed after it was signed"),
    });
  });

  it("verifySkills() demotes a skill that answers wrongly, and lifts that once it is right again", async () => {
    await added();
    await forge((certificate) => ({
      ...certificate,
      suite: {
        cases: certificate.suite.cases.map((one) =>
          one.kind === "returns" && one.args[0] === 1 ? { ...one, expected: 3 } : one,
        ),
      },
    }));
    expect((await application.showSkill(name)).status).toBe("working");
    const older = await readText();
    const found = await verifyOne();
    expect(found).toMatchObject({ holds: false, status: "untested", outcome: "demoted" });
    expect(found.checks.find(({ part }) => part === "deno-2.9")?.detail).toContain(
      "double(1) => 3",
    );
    expect((await application.showSkill(name)).problem).toContain("it answers wrongly");
    expect(failing(await verifyOne())).toEqual(["deno-2.9", "strength"]);
    await writeFile(certificatePath(), older);
    expect((await application.showSkill(name)).problem).toContain("it answered wrongly at");
    expect(await errorOf(application.useSkill(name, [4]))).toMatchObject({
      code: "SKILL_NOT_PROVEN",
    });
    expect(failing(await verifyOne())).toEqual(["deno-2.9", "strength"]);
    await forge((certificate) => ({
      ...certificate,
      suite: {
        cases: certificate.suite.cases.map((one) =>
          one.kind === "returns" && one.args[0] === 1 ? { ...one, expected: 2 } : one,
        ),
      },
    }));
    expect(await verifyOne()).toMatchObject({ holds: true, status: "working", outcome: "signed" });
  });

  it("verifySkills() signs what another installation proved, and then that one asks for a proof", async () => {
    await added();
    await elsewhere(async (other) => {
      const there = other.application;
      expect(await errorOf(there.useSkill(name, [4]))).toMatchObject({
        code: "SKILL_NOT_PROVEN",
        message: expect.stringContaining(`autodidact verify ${name}`),
      });
      expect(await verifyOne(there)).toMatchObject({ holds: true, outcome: "signed" });
      expect(await there.useSkill(name, [4])).toMatchObject({ outcome: { value: 8 } });
      const { signature }: Certificate = JSON.parse(await readText());
      expect((await there.showSkill(name)).certificate?.origin).toEqual({
        claimedBy: signature.publicKey,
      });
      expect(await verifyOne(there)).toMatchObject({ holds: true, outcome: "unchanged" });
      const path = join("skills", `${name}.certificate.json`);
      await cp(join(other.workspaceRoot, path), join(opened.workspaceRoot, path));
    });
    expect(await application.showSkill(name)).toMatchObject({ status: "untested" });
  });

  it("verifySkills() does not sign what another installation proved and fails here", async () => {
    await added();
    await forge((certificate) => ({
      ...certificate,
      suite: { cases: certificate.suite.cases.map((one) => ({ ...one, args: [7] })) },
    }));
    await elsewhere(async (other) => {
      const found = await verifyOne(other.application);
      expect(found).toMatchObject({ holds: false, outcome: "unchanged" });
      expect(failing(found)).toEqual(["deno-2.9", "signer"]);
    });
  });

  it("verifySkills() runs nothing of a source that may not be run", async () => {
    await added();
    const reading = `export function double(n: number): number {\n  return eval("2*n");\n}\n`;
    await writeFile(sourcePath(), reading);
    const found = await verifyOne();
    expect(failing(found)).toEqual(["code", "safety"]);
    expect(found.checks.map(({ part }) => part)).not.toContain("deno-2.9");
  });

  it("verifySkills() brings a certificate of version 1 up to date once it holds", async () => {
    await added();
    const { contract, suite, proofs, digests, goal } = JSON.parse(await readText()) as Certificate;
    const first = {
      ...{ schemaVersion: 1, skill: name, goal, claim: "proven to its contract" },
      ...{ codeDigest: digests.code, contract, suite, proofs, analysis: "agreed", models: ["m"] },
      ...{ attempts: 2, runId: "r1", admittedAt: "2026-01-01T00:00:00.000Z" },
    };
    await rm(certificatePath());
    const folder = join(opened.workspaceRoot, "certificates");
    await mkdir(folder, { recursive: true });
    const firstPath = join(folder, `${name}.json`);
    await writeFile(firstPath, JSON.stringify(first));
    expect(await application.showSkill(name)).toMatchObject({
      status: "untested",
      problem: expect.stringContaining("version 1"),
    });
    expect(await verifyOne()).toMatchObject({ holds: true, outcome: "signed" });
    expect(JSON.parse(await readText())).toMatchObject({
      ...{ schemaVersion: 2, models: ["m"], attempts: 2, runId: "r1" },
      origin: { claimedBy: null },
    });
    await expect(readFile(firstPath)).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("verifySkills() looks at all that are said to be proven, and at nothing when a name is unknown", async () => {
    await openOwn();
    await added();
    await application.addSkill({
      language: "typescript",
      source,
      name: "weak",
      cases: cases.slice(2),
    });
    expect((await application.verifySkills()).map(({ skill }) => skill)).toEqual([name]);
    await rm(certificatePath());
    expect(await application.verifySkills()).toMatchObject([
      { skill: name, holds: false, checks: [{ part: "certificate", state: "fails" }] },
    ]);
    expect(await errorOf(application.verifySkills(["weak", "nobody"]))).toMatchObject({
      code: "SKILL_NOT_FOUND",
    });
    expect(failing((await application.verifySkills(["weak"]))[0] as SkillVerification)).toEqual([
      "strength",
    ]);
  });

  it("verifySkills() stops when it is told to", async () => {
    await added();
    const signal = AbortSignal.abort();
    expect(await errorOf(application.verifySkills([name], { signal }))).toMatchObject({
      code: "ABORTED",
    });
  });
});

describe("verifySkills() with steps beyond the cases", () => {
  const evidence: Evidence = {
    strength: "proven",
    stubs: [{ stub: "returns-nothing", failedCases: 3 }],
    flakiness: { runs: 3, varied: ["random seed"], quarantined: [] },
    removedCases: [],
    stepsOff: ["mutants"],
  };
  const weak: Evidence = { ...evidence, stubs: [{ stub: "returns-nothing", failedCases: 0 }] };

  it("verifySkills() repeats them, and an unproven skill becomes working once they hold", async () => {
    let found = weak;
    await openOwn({ gatherEvidence: async () => found });
    const given = { language: "typescript", source, name, cases } as const;
    expect(await application.addSkill(given)).toMatchObject({
      status: "untested",
      missing: ["a program that returns nothing passes every case; add one that it fails"],
    });
    expect(JSON.parse(await readText())).toMatchObject({ strength: "unproven", evidence: weak });
    expect(failing(await verifyOne())).toEqual(["stubs", "strength"]);
    found = evidence;
    expect(await verifyOne()).toMatchObject({ holds: true, status: "working", outcome: "signed" });
    expect(JSON.parse(await readText())).toMatchObject({ strength: "proven", evidence });
    found = weak;
    const again = await verifyOne();
    expect(again).toMatchObject({ holds: false, status: "working", outcome: "unchanged" });
    expect(failing(again)).toEqual(["stubs"]);
  });
});

describe("verifySkills() where settings differ from those of the proof", () => {
  const strong: JsonValue[] = [...cases, { args: [4], returns: 8 }];
  const weak: JsonValue[] = [1, 2, 3].map((n) => ({ args: [n], returns: 2 * n }));
  const branched =
    "export function double(n: number): number {\n  if (n < -100) return 0;\n  if (n > 100) return 200;\n  return 2 * n;\n}\n";

  /** Proven where no mutant was tried, then the same workspace under the settings as they are. */
  async function provenWithout(code: string, given: readonly JsonValue[]): Promise<void> {
    opened = await openTemporaryApplication({ maxMutants: 0, flakeRuns: 1 }, wiring());
    const result = await opened.application.addSkill({
      ...{ language: "typescript", name, source: code, cases: given },
    });
    expect(result.status).toBe("working");
    const recorded: Certificate = JSON.parse(await readText());
    expect(recorded.stepsOff).toEqual(["analysis", "mutants", "flake runs"]);
    const there = opened;
    try {
      const here = await openTemporaryApplication({ maxMutants: 30, flakeRuns: 3 }, wiring());
      await cp(there.workspaceRoot, here.workspaceRoot, { recursive: true });
      opened = here;
      ({ application } = here);
    } finally {
      await there.remove();
    }
  }

  it("verifySkills() proves anew, and signs, what was proven under weaker settings", async () => {
    await provenWithout(source, strong);
    const found = await verifyOne();
    expect(found).toMatchObject({ holds: true, status: "working", outcome: "signed" });
    expect(found.checks.at(-1)?.detail).toContain(
      "weaker settings (at most 0 mutants, 30 are tried here; flake runs 1, here 3)",
    );
    const { evidence, policy, stepsOff } = JSON.parse(await readText()) as Certificate;
    expect(evidence?.mutation?.score).toBeGreaterThanOrEqual(0.8);
    expect(policy).toMatchObject({ maxMutants: 30, flakeRuns: 3 });
    expect(stepsOff).toEqual(["analysis"]);
    expect(await verifyOne()).toMatchObject({ holds: true, outcome: "unchanged" });
  });

  it("verifySkills() reports what weaker settings let pass, and leaves the certificate", async () => {
    await provenWithout(branched, weak);
    const before = await readText();
    const found = await verifyOne();
    expect(found).toMatchObject({ holds: false, status: "working", outcome: "unchanged" });
    expect(failing(found)).toEqual(["mutants", "policy"]);
    const mutants = found.checks.find(({ part }) => part === "mutants");
    expect(mutants?.more?.length).toBeGreaterThan(1);
    expect(mutants?.more?.join("\n")).toContain("line 2 with");
    expect(await readText()).toBe(before);
  });

  it("verifySkills() says what the settings keep it from repeating", async () => {
    await openOwn();
    await added();
    const there = opened;
    const here = await openTemporaryApplication({ maxMutants: 0, flakeRuns: 1 }, wiring());
    try {
      await cp(there.workspaceRoot, here.workspaceRoot, { recursive: true });
      const found = await verifyOne(here.application);
      expect(found).toMatchObject({ holds: true, outcome: "unchanged" });
      const skipped = found.checks.filter(({ state }) => state === "skipped");
      expect(skipped.map(({ part }) => part)).toEqual(["flake runs", "mutants", "analysis"]);
      expect(skipped[1]?.detail).toContain("maxMutants is 0 here; the certificate says");
      expect(found.stepsOff).toEqual(["analysis"]);
    } finally {
      await here.remove();
    }
  });
});

/** What another run for a similar goal, and one for the same goal, would be given. */
async function recalledAndOffered() {
  const { workspaceRoot } = opened;
  const memory = openMemory({ workspaceRoot, failuresPerSkill: 12 });
  const skills = openSkillLibrary({
    ...{ workspaceRoot, memory, keys: openKeyRing(keyPath("own")) },
    demotions: openDemotionRecords(join(keys, "own", "demoted")),
  });
  const [skill] = await skills.list();
  const goal = skill?.goal ?? "";
  const run = {
    directive: { goal: `${goal} again`, language: "typescript", skill: "another" },
    ...{ skills, memory, emit: () => {} },
    journal: { runId: "r", step: (_name: string, work: () => unknown) => work() },
  };
  try {
    return {
      recalled: (await recall(run as unknown as Run)).skills.map((one) => one.name),
      offered: (await skills.findWorking(goal, "typescript"))?.name,
    };
  } finally {
    memory.close();
  }
}

describe("a skill whose bytes changed", () => {
  it("is untested from that moment in every face, and neither recalled nor offered", async () => {
    await openOwn();
    await added();
    const faces = async () => ({
      list: (await application.listSkills())[0]?.status,
      show: (await application.showSkill(name)).status,
      memory: (await application.readMemory()).skills[0]?.status,
    });
    expect(await faces()).toEqual({ list: "working", show: "working", memory: "working" });
    await appendFile(sourcePath(), " ");
    expect(await faces()).toEqual({ list: "untested", show: "untested", memory: "untested" });
    const agent = new AgentBase(async () => application, {});
    expect([
      (await agent.skills.list())[0]?.status,
      (await agent.skills.get(name)).status,
      (await agent.memory.read()).skills[0]?.status,
    ]).toEqual(["untested", "untested", "untested"]);
    for (const work of [
      () => application.useSkill(name, [1]),
      () => application.openSkill(name),
      () => agent.use(name, [1]),
      () => agent.useStream(name, [[1]]).next(),
    ]) {
      expect(await errorOf(work())).toMatchObject({
        code: "SKILL_NOT_PROVEN",
        // No goal would make it again.
        message: expect.stringContaining("autodidact add FILE --cases CASES"),
      });
    }
    expect(await recalledAndOffered()).toEqual({ recalled: [], offered: undefined });
    await writeFile(sourcePath(), source);
    expect(await recalledAndOffered()).toEqual({ recalled: [name], offered: name });
    await appendFile(sourcePath(), " ");
    const again = await opened.reopen();
    expect((await again.readMemory()).skills).toMatchObject([{ name, status: "untested" }]);
  });
});
