import type { SkillRecord } from "../memory/memory.ts";
import { digestBytes } from "../shared/digest.ts";
import { AgentError } from "../shared/errors.ts";
import type { KeyRing } from "../shared/signing.ts";
import type { Certificate, Demotion } from "../verify/certificate.ts";
import { type CertificateReading, readCertificate } from "../verify/certificate-reader.ts";
import {
  type CertificateSubject,
  checkCertificate,
  checkParts,
} from "../verify/check-certificate.ts";
import type { DemotionRecords } from "./demotion-records.ts";
import type { Skill, StoredProof } from "./library.ts";
import type { SkillFileName, SkillFiles } from "./skill-files.ts";
import { isSkillName } from "./skill-name.ts";

const readAtOnce = 16;

/** What the index knows of a skill; a file nobody recorded has name and language only. */
export type IndexedSkill = SkillFileName & Partial<SkillRecord>;

type Standing = Pick<Skill, "certificate" | "problem" | "needsReproof">;

/** Puts a skill together from its files and its record; the files decide what is `working`. */
export class SkillReader {
  readonly #files: SkillFiles;
  readonly #keys: KeyRing;
  readonly #demotions: DemotionRecords;

  constructor(files: SkillFiles, keys: KeyRing, demotions: DemotionRecords) {
    this.#files = files;
    this.#keys = keys;
    this.#demotions = demotions;
  }

  /**
   * @throws {AgentError} PATH_OUTSIDE_WORKSPACE when a file is a symbolic link; CONFIG_INVALID when
   * there is a certificate, and the signing key cannot be read.
   */
  async read(indexed: IndexedSkill): Promise<Skill> {
    const { name, language } = indexed;
    const bytes = await this.#files.readSource(name, language);
    const standing = await this.#standing(indexed, bytes);
    const proven = standing.certificate;
    return {
      name,
      language,
      description: proven?.contract.description ?? indexed.description ?? "",
      goal: indexed.goal ?? proven?.goal ?? "",
      status:
        proven !== undefined ? "working" : indexed.status === "failed" ? "failed" : "untested",
      path: this.#files.sourcePath(name, language),
      source: bytes?.toString("utf8") ?? "",
      ...standing,
    };
  }

  /** In the order given. A file that is a link is shown untested and without its content. */
  async readAll(indexed: readonly IndexedSkill[]): Promise<Skill[]> {
    const skills: Skill[] = [];
    for (let start = 0; start < indexed.length; start += readAtOnce) {
      const part = indexed.slice(start, start + readAtOnce);
      skills.push(...(await Promise.all(part.map((item) => this.#readOrHide(item)))));
    }
    return skills;
  }

  /** The name's certificate; it may be about other bytes than those on disk. */
  async certificateState(name: string): Promise<CertificateReading | { readonly kind: "none" }> {
    const bytes = await this.#files.readCertificate(name);
    if (bytes === "none") {
      return { kind: "none" };
    }
    const reading: CertificateReading =
      bytes === "unreadable"
        ? { kind: "unreadable", problem: "is no plain file, or too large" }
        : readCertificate(bytes);
    const isAnothers = reading.kind !== "unreadable" && reading.certificate.skill !== name;
    return isAnothers ? { kind: "unreadable", problem: "is about another skill" } : reading;
  }

  async storedProof({ name, language }: SkillFileName): Promise<StoredProof> {
    const reading = await this.certificateState(name);
    if (reading.kind === "none" || reading.kind === "unreadable") {
      return reading;
    }
    const bytes = await this.#files.readSource(name, language);
    if (bytes === undefined || reading.certificate.contract.language !== language) {
      return { kind: "unreadable", problem: "is about a file that is not there" };
    }
    const source = bytes.toString("utf8");
    if (reading.kind === "first") {
      return { ...reading, source };
    }
    const { certificate } = reading;
    const demotion = certificate.demoted ?? (await this.#demotionOf(certificate));
    return {
      ...reading,
      source,
      parts: await this.parts(certificate, bytes),
      ...(demotion === undefined ? {} : { demotion }),
    };
  }

  #demotionOf({ digests, issuedAt }: Certificate): Promise<Demotion | undefined> {
    return this.#demotions.standing(digests.code, issuedAt);
  }

  async parts(certificate: Certificate, source: Uint8Array) {
    return checkParts(certificate, await this.#subject(certificate, source));
  }

  async #standing({ name, language }: SkillFileName, bytes: Buffer | undefined): Promise<Standing> {
    const reading = await this.certificateState(name);
    switch (reading.kind) {
      case "none":
        return {};
      case "unreadable":
        return { problem: `its certificate ${reading.problem}` };
      case "first":
        return {
          problem: "its certificate is of version 1, which nobody signed",
          needsReproof: true,
        };
      case "read": {
        const { certificate } = reading;
        if (bytes === undefined || certificate.contract.language !== language) {
          return {};
        }
        const check = checkCertificate(certificate, await this.#subject(certificate, bytes));
        return check.kind === "matches"
          ? { certificate }
          : { problem: check.problem, ...(check.needsReproof ? { needsReproof: true } : {}) };
      }
    }
  }

  async #subject(certificate: Certificate, source: Uint8Array): Promise<CertificateSubject> {
    const digests = new Map<string, string>();
    for (const { skill } of certificate.digests.dependencies) {
      const bytes = isSkillName(skill) ? await this.#anySource(skill) : undefined;
      if (bytes !== undefined) {
        digests.set(skill, digestBytes(bytes));
      }
    }
    const demotion = await this.#demotionOf(certificate);
    return {
      source,
      publicKey: await this.#keys.publicKey(),
      dependencyDigest: (skill) => digests.get(skill),
      ...(demotion === undefined ? {} : { demotion }),
    };
  }

  async #anySource(name: string): Promise<Buffer | undefined> {
    const [language] = await this.#files.languagesOf(name);
    return language === undefined ? undefined : this.#files.readSource(name, language);
  }

  async #readOrHide(indexed: IndexedSkill): Promise<Skill> {
    try {
      return await this.read(indexed);
    } catch (error) {
      if (!(error instanceof AgentError) || error.code !== "PATH_OUTSIDE_WORKSPACE") {
        throw error;
      }
      const { name, language, description = "", goal = "" } = indexed;
      const path = this.#files.sourcePath(name, language);
      return { name, language, description, goal, status: "untested", path, source: "" };
    }
  }
}
