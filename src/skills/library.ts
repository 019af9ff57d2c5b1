import type { SkillStatus } from "../shared/events.ts";
import type { Language } from "../shared/json.ts";
import type { Certificate, Demotion, Proof, UnsignedCertificate } from "../verify/certificate.ts";
import type { FirstCertificate } from "../verify/certificate-reader.ts";
import type { PartCheck } from "../verify/check-certificate.ts";

export interface Skill {
  readonly name: string;
  readonly language: Language;
  readonly description: string;
  readonly goal: string;
  /** `working` only while the certificate matches the bytes on disk. */
  readonly status: SkillStatus;
  readonly path: string;
  readonly source: string;
  /** Only that of a working skill. */
  readonly certificate?: Certificate;
  /** Why a skill that has a certificate is not working, for a person. */
  readonly problem?: string;
  /** True when running the proof again here, without a model, may make it working. */
  readonly needsReproof?: boolean;
}

/** What is on disk of a skill's proof, whether it still holds or not. */
export type StoredProof =
  | { readonly kind: "none" }
  | { readonly kind: "unreadable"; readonly problem: string }
  | { readonly kind: "first"; readonly certificate: FirstCertificate; readonly source: string }
  | {
      readonly kind: "read";
      readonly certificate: Certificate;
      readonly source: string;
      /** What its digests and signature are worth now. */
      readonly parts: readonly PartCheck[];
      /** What makes it untested: told by the certificate, or known here although it tells nothing. */
      readonly demotion?: Demotion;
    };

/** The skills of one workspace. */
export interface SkillLibrary {
  list(): Promise<Skill[]>;
  /** @throws {AgentError} SKILL_NOT_FOUND */
  get(name: string): Promise<Skill>;
  /**
   * The name for a goal's skill: as the guide makes it (`create_a_json_validator_skill`), with a
   * number behind it when another goal has that name already. `wanted` is checked, not changed.
   *
   * @throws {AgentError} SKILL_NAME_INVALID for a wanted name that is no plain identifier.
   */
  nameFor(goal: string, language: Language, wanted?: string): Promise<string>;
  /**
   * Refuses a name that `nameFor` would refuse for what is wanted, and reserves nothing.
   *
   * @throws {AgentError} SKILL_NAME_INVALID
   */
  refuseTaken(goal: string, language: Language, wanted: string): Promise<void>;
  /** A working skill that meets the goal already (same goal but for articles and wording), if any. */
  findWorking(goal: string, language: Language): Promise<Skill | undefined>;
  /** Writes the source, status `untested`; an older certificate no longer matches. Returns the path. */
  write(
    skill: { name: string; language: Language; goal: string; description: string; source: string },
    at: Date,
  ): Promise<string>;
  /**
   * Signs and stores the certificate, then marks the skill `working`, or `untested` when the
   * certificate says that it is unproven. Returns the certificate's path.
   *
   * @throws {AgentError} SKILL_NOT_PROVEN when it is not about the bytes on disk; CONFIG_INVALID when
   * the signing key cannot be used.
   */
  admit(certificate: UnsignedCertificate, at: Date): Promise<string>;
  /** @throws {AgentError} SKILL_NOT_FOUND */
  storedProof(name: string): Promise<StoredProof>;
  /**
   * Puts a certificate in place of the one that `storedProof` gave, signed here.
   *
   * @throws {AgentError} SKILL_NOT_PROVEN when what is on disk is another by now.
   */
  renew(seen: StoredProof, certificate: UnsignedCertificate, at: Date): Promise<string>;
  /**
   * Adds a proof on a further runtime to the certificate, in place of an earlier one on it.
   *
   * @throws {AgentError} SKILL_NOT_PROVEN when the certificate is no longer about the proven bytes.
   */
  addProof(proven: Certificate, proof: Proof, at: Date): Promise<void>;
  /**
   * Marks a proven skill `untested`, with the reason in its certificate and in this installation's own
   * record, so that an older certificate does not undo it; otherwise like `addProof`.
   */
  demote(proven: Certificate, demotion: Demotion): Promise<void>;
  /** Marks the skill `failed`, keeping `source` as its best candidate. */
  fail(
    skill: {
      name: string;
      language: Language;
      goal: string;
      description: string;
      source: string | undefined;
    },
    at: Date,
  ): Promise<void>;
}
