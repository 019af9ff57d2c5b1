import type { Memory, SkillRecord } from "../memory/memory.ts";
import { type Clock, systemClock } from "../shared/clock.ts";
import { canonicalJson, digestBytes } from "../shared/digest.ts";
import { AgentError } from "../shared/errors.ts";
import { normalizeGoal, skillNameFromGoal } from "../shared/goal.ts";
import type { JsonValue, Language } from "../shared/json.ts";
import { acquireLock } from "../shared/lock.ts";
import { nearestWord } from "../shared/nearest-word.ts";
import type { KeyRing } from "../shared/signing.ts";
import type { Certificate, Demotion, Proof, UnsignedCertificate } from "../verify/certificate.ts";
import { printCertificate, signCertificate } from "../verify/certificate-signature.ts";
import type { DemotionRecords } from "./demotion-records.ts";
import type { Skill, SkillLibrary, StoredProof } from "./library.ts";
import { SkillFiles } from "./skill-files.ts";
import { checkSkillName, isSkillName, nameInvalid, numberedName, shownName } from "./skill-name.ts";
import { type IndexedSkill, SkillReader } from "./skill-reader.ts";

const lockWaitMs = 30_000;
const mostNumbers = 10_000;

export interface SkillLibraryOptions {
  readonly workspaceRoot: string;
  readonly memory: Memory;
  /** Signs certificates; only those signed by it make a skill working. */
  readonly keys: KeyRing;
  /** Wrong answers that this installation keeps in mind, wherever the certificate may come from. */
  readonly demotions: DemotionRecords;
  /** Dates the record that reserves a name. */
  readonly clock?: Clock;
}

/**
 * The skills of a workspace folder: `skills/NAME.py|.ts`, `skills/NAME.certificate.json`, one record
 * each in memory. Certificate and bytes decide what is `working`; memory is the index. Everything that
 * writes holds `skills/.lock`, also against other processes. A proven skill's bytes are never
 * overwritten here, not even when they were edited by hand since.
 */
export function openSkillLibrary(options: SkillLibraryOptions): SkillLibrary {
  return new WorkspaceLibrary(options);
}

type SkillDraft = Parameters<SkillLibrary["fail"]>[0];

class WorkspaceLibrary implements SkillLibrary {
  readonly #files: SkillFiles;
  readonly #memory: Memory;
  readonly #clock: Clock;
  readonly #keys: KeyRing;
  readonly #demotions: DemotionRecords;
  readonly #reader: SkillReader;

  constructor(options: SkillLibraryOptions) {
    this.#files = new SkillFiles(options.workspaceRoot);
    this.#memory = options.memory;
    this.#clock = options.clock ?? systemClock;
    this.#keys = options.keys;
    this.#demotions = options.demotions;
    this.#reader = new SkillReader(this.#files, options.keys, options.demotions);
  }

  async list(): Promise<Skill[]> {
    const { skills } = await this.#memory.read();
    const recorded = skills.filter((record) => isSkillName(record.name));
    const known = new Set(recorded.map((record) => `${record.name} ${record.language}`));
    const strays = (await this.#files.listSources())
      .filter((file) => !known.has(`${file.name} ${file.language}`))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    return this.#reader.readAll([...recorded, ...strays]);
  }

  async get(name: string): Promise<Skill> {
    return this.#reader.read(await this.#find(name));
  }

  async storedProof(name: string): Promise<StoredProof> {
    return this.#reader.storedProof(await this.#find(name));
  }

  async #find(name: string): Promise<IndexedSkill> {
    const { skills } = await this.#memory.read();
    const record = skills.find((other) => other.name === name);
    if (record !== undefined && isSkillName(name)) {
      return record;
    }
    const sources = await this.#files.listSources();
    const stray = sources.find((file) => file.name === name);
    if (stray !== undefined) {
      return stray;
    }
    const names = [...skills.map((other) => other.name), ...sources.map((file) => file.name)];
    throw skillNotFound(name, names);
  }

  async nameFor(goal: string, language: Language, wanted?: string): Promise<string> {
    if (wanted !== undefined) {
      checkSkillName(wanted);
    }
    return this.#locked(async () => {
      const { skills } = await this.#memory.read();
      const name = await this.#freeName(goal, language, wanted, skills);
      if (!skills.some((record) => record.name === name)) {
        await this.#memory.recordSkill(
          { name, status: "untested", description: goal, goal, language },
          this.#clock.now(),
        );
      }
      return name;
    });
  }

  async refuseTaken(goal: string, language: Language, wanted: string): Promise<void> {
    checkSkillName(wanted);
    const { skills } = await this.#memory.read();
    await this.#freeName(goal, language, wanted, skills);
  }

  async findWorking(goal: string, language: Language): Promise<Skill | undefined> {
    const { skills } = await this.#memory.read();
    const wanted = normalizeGoal(goal);
    const near = skills.filter(
      (record) =>
        isSkillName(record.name) &&
        record.language === language &&
        normalizeGoal(record.goal) === wanted,
    );
    const found = await this.#reader.readAll(near);
    return found.findLast((skill) => skill.status === "working");
  }

  async write(skill: SkillDraft & { source: string }, at: Date): Promise<string> {
    checkSkillName(skill.name);
    return this.#locked(async () => {
      const record = await this.#refuseForeign(skill);
      const held = await this.#heldProof(skill.name);
      if (held === undefined) {
        return this.#writeAs("untested", skill, at);
      }
      if (held !== digestBytes(skill.source)) {
        throw nameInvalid(`${shownName(skill.name)} holds a proven skill that stays as it is`);
      }
      const path = await this.#files.writeSource(skill.name, skill.language, skill.source);
      if (record === undefined) {
        await this.#record("working", skill, at);
      }
      return path;
    });
  }

  async admit(certificate: UnsignedCertificate, at: Date): Promise<string> {
    checkSkillName(certificate.skill);
    return this.#locked(() => this.#store(certificate, at));
  }

  async renew(seen: StoredProof, certificate: UnsignedCertificate, at: Date): Promise<string> {
    const { skill: name, contract } = certificate;
    checkSkillName(name);
    return this.#locked(async () => {
      const { language } = contract;
      const now = await this.#reader.storedProof({ name, language });
      if (canonicalJson(plain(now)) !== canonicalJson(plain(seen))) {
        throw notProven(name, "its file or certificate was changed meanwhile");
      }
      return this.#store(certificate, at);
    });
  }

  /** Signs, checks against the bytes on disk, and writes; the caller holds the lock. */
  async #store(certificate: UnsignedCertificate, at: Date): Promise<string> {
    const { skill: name, contract, goal, strength } = certificate;
    const skill = { name, language: contract.language, goal, description: contract.description };
    await this.#refuseForeign(skill);
    const source = await this.#files.readSource(name, contract.language);
    if (source === undefined || contract.name !== name) {
      throw notProven(name, "its file or contract is another's");
    }
    const signed = signCertificate(certificate, await this.#keys.signingKey());
    await this.#demotions.outlive(certificate.digests.code, certificate.issuedAt);
    const isUnproven = strength === "unproven";
    const wrong = (await this.#reader.parts(signed, source)).find(
      ({ part, problem }) => problem !== undefined && !(isUnproven && part === "strength"),
    );
    if (wrong?.problem !== undefined) {
      throw notProven(name, wrong.problem);
    }
    // The certificate is what makes a skill working; a crash before the record is healed by
    // whoever reads both.
    const path = await this.#files.writeCertificate(name, printCertificate(signed));
    await this.#record(isUnproven ? "untested" : "working", skill, at);
    return path;
  }

  async addProof(proven: Certificate, proof: Proof, at: Date): Promise<void> {
    await this.#amend(proven, at, "working", async (certificate) => ({
      ...certificate,
      proofs: [...certificate.proofs.filter(({ runtime }) => runtime !== proof.runtime), proof],
    }));
  }

  async demote(proven: Certificate, demoted: Demotion): Promise<void> {
    const at = new Date(demoted.at);
    await this.#amend(proven, at, "untested", async (certificate) => {
      // First, so that a crash in between leaves the skill untested.
      await this.#demotions.record(certificate.digests.code, demoted);
      return { ...certificate, demoted };
    });
  }

  /** The certificate is read again under the lock: another process may have amended it meanwhile. */
  async #amend(
    { skill: name, contract, goal, digests }: Certificate,
    at: Date,
    status: SkillRecord["status"],
    change: (certificate: Certificate) => Promise<Certificate>,
  ): Promise<void> {
    checkSkillName(name);
    await this.#locked(async () => {
      const { language, description } = contract;
      const stored = await this.#reader.storedProof({ name, language });
      const isSame =
        stored.kind === "read" &&
        stored.certificate.digests.code === digests.code &&
        stored.certificate.digests.suite === digests.suite &&
        stored.parts.every(({ problem }) => problem === undefined);
      if (!isSame) {
        throw notProven(name, "its file or certificate was changed meanwhile");
      }
      const key = await this.#keys.signingKey();
      const changed = signCertificate(await change(stored.certificate), key);
      await this.#files.writeCertificate(name, printCertificate(changed));
      await this.#record(status, { name, language, goal, description }, at);
    });
  }

  /** A name that holds a proven skill by now stays as it is: another run was quicker. */
  async fail(skill: SkillDraft, at: Date): Promise<void> {
    checkSkillName(skill.name);
    await this.#locked(async () => {
      await this.#refuseForeign(skill);
      if ((await this.#heldProof(skill.name)) !== undefined) {
        return;
      }
      const { source } = skill;
      if (source === undefined) {
        await this.#record("failed", skill, at);
      } else {
        await this.#writeAs("failed", { ...skill, source }, at);
      }
    });
  }

  async #writeAs(
    status: "untested" | "failed",
    skill: SkillDraft & { source: string },
    at: Date,
  ): Promise<string> {
    // An unproven skill's certificate says nothing of what comes in its place.
    await this.#files.removeCertificate(skill.name);
    const path = await this.#files.writeSource(skill.name, skill.language, skill.source);
    await this.#record(status, skill, at);
    return path;
  }

  /**
   * The digest of the bytes that were proven under this name, whoever proved them and however much was
   * changed since; undefined when nothing was, or too little.
   */
  async #heldProof(name: string): Promise<string | undefined> {
    const reading = await this.#reader.certificateState(name);
    switch (reading.kind) {
      case "none":
        return undefined;
      case "unreadable":
        return "";
      case "first":
        return reading.certificate.codeDigest;
      case "read":
        return reading.certificate.strength === "unproven"
          ? undefined
          : reading.certificate.digests.code;
    }
  }

  async #record(
    status: SkillRecord["status"],
    skill: Omit<SkillDraft, "source">,
    at: Date,
  ): Promise<void> {
    const { name, language, goal, description } = skill;
    await this.#memory.recordSkill({ name, status, description, goal, language }, at);
  }

  /** Two goals, or two languages, never share a name. Returns the name's record, if it has one. */
  async #refuseForeign(
    skill: Pick<SkillDraft, "name" | "goal" | "language">,
  ): Promise<SkillRecord | undefined> {
    const { skills } = await this.#memory.read();
    const record = skills.find((other) => other.name === skill.name);
    const problem = foreignProblem(record, skill.goal, skill.language);
    const languages = await this.#files.languagesOf(skill.name);
    const isOther = languages.some((language) => language !== skill.language);
    if (problem !== undefined || isOther) {
      throw nameInvalid(`${shownName(skill.name)} ${problem ?? "is a file of the other language"}`);
    }
    return record;
  }

  async #freeName(
    goal: string,
    language: Language,
    wanted: string | undefined,
    records: readonly SkillRecord[],
  ): Promise<string> {
    const base = wanted ?? skillNameFromGoal(goal);
    const byName = new Map(records.map((record) => [record.name, record]));
    const last = wanted === undefined ? mostNumbers : 1;
    let problem: string | undefined;
    for (let number = 1; number <= last; number += 1) {
      const name = numberedName(base, number);
      problem = await this.#takenProblem(name, goal, language, byName.get(name));
      if (problem === undefined) {
        return name;
      }
    }
    throw nameInvalid(`${shownName(base)} ${problem ?? "is taken"}`);
  }

  async #takenProblem(
    name: string,
    goal: string,
    language: Language,
    record: SkillRecord | undefined,
  ): Promise<string | undefined> {
    const foreign = foreignProblem(record, goal, language);
    if (foreign !== undefined) {
      return foreign;
    }
    const languages = await this.#files.languagesOf(name);
    if ((await this.#heldProof(name)) !== undefined) {
      return "holds a proven skill, which is never overwritten";
    }
    const isOwn = record !== undefined && languages.every((other) => other === language);
    return languages.length === 0 || isOwn ? undefined : "is a file already that no run made";
  }

  async #locked<T>(work: () => Promise<T>): Promise<T> {
    await this.#files.prepare();
    const lock = await acquireLock(this.#files.lockPath, { waitMs: lockWaitMs });
    try {
      return await work();
    } finally {
      lock.release();
    }
  }
}

function plain(proof: StoredProof): JsonValue {
  return proof as unknown as JsonValue;
}

function foreignProblem(
  record: SkillRecord | undefined,
  goal: string,
  language: Language,
): string | undefined {
  if (record === undefined) {
    return undefined;
  }
  if (normalizeGoal(record.goal) !== normalizeGoal(goal)) {
    return `belongs to the goal ${shownName(record.goal)}`;
  }
  return record.language === language ? undefined : `is a ${record.language} skill`;
}

function skillNotFound(name: string, names: readonly string[]): AgentError {
  const near = nearestWord(name, names);
  const hint = near === undefined ? "see the list of skills" : `did you mean ${near}?`;
  return new AgentError(
    "SKILL_NOT_FOUND",
    `Finding a skill: there is no skill ${shownName(name)}, the name of a learned one is wanted; ${hint}`,
    { blame: "caller" },
  );
}

function notProven(name: string, problem: string): AgentError {
  return new AgentError(
    "SKILL_NOT_PROVEN",
    `Admitting the skill ${name}: ${problem}, a certificate of the bytes on disk is wanted; run the goal again.`,
    { blame: "environment" },
  );
}
