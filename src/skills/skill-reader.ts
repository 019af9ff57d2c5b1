import type { SkillRecord } from "../memory/memory.ts";
import { AgentError } from "../shared/errors.ts";
import type { Certificate } from "../verify/certificate.ts";
import { readCertificate } from "../verify/certificate-reader.ts";
import { checkCertificate } from "../verify/certify.ts";
import type { Skill } from "./library.ts";
import type { SkillFileName, SkillFiles } from "./skill-files.ts";

const readAtOnce = 16;

/** What the index knows of a skill; a file nobody recorded has name and language only. */
export type IndexedSkill = SkillFileName & Partial<SkillRecord>;

/** Puts a skill together from its files and its record; the files decide what is `working`. */
export class SkillReader {
  readonly #files: SkillFiles;

  constructor(files: SkillFiles) {
    this.#files = files;
  }

  /** @throws {AgentError} PATH_OUTSIDE_WORKSPACE when a file is a symbolic link. */
  async read(indexed: IndexedSkill): Promise<Skill> {
    const { name, language } = indexed;
    const bytes = await this.#files.readSource(name, language);
    const certificate = await this.certificateState(name);
    const isAbout = typeof certificate === "object" && certificate.contract.language === language;
    const check = bytes !== undefined && isAbout ? checkCertificate(certificate, bytes) : undefined;
    const isWorking = check?.kind === "matches";
    const proven = isWorking && isAbout ? certificate : undefined;
    return {
      name,
      language,
      description: proven?.contract.description ?? indexed.description ?? "",
      goal: indexed.goal ?? proven?.goal ?? "",
      status: isWorking ? "working" : indexed.status === "failed" ? "failed" : "untested",
      path: this.#files.sourcePath(name, language),
      source: bytes?.toString("utf8") ?? "",
      ...(proven === undefined ? {} : { certificate: proven }),
      ...(check?.kind === "differs" ? { problem: check.problem } : {}),
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
  async certificateState(name: string): Promise<Certificate | "none" | "unreadable"> {
    const text = await this.#files.readCertificate(name);
    if (text === undefined) {
      const { hasCertificate } = await this.#files.present(name);
      return hasCertificate ? "unreadable" : "none";
    }
    const certificate = readCertificate(text);
    return certificate?.skill === name ? certificate : "unreadable";
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
