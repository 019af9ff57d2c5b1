import type { Contract } from "./contract.ts";
import type { Evidence } from "./evidence.ts";
import type { Suite } from "./suite.ts";

/** One proof of a skill on one runtime: facts only, no durations. */
export interface Proof {
  readonly runtime: string;
  readonly backend: string;
  readonly openPassed: number;
  readonly sealedPassed: number;
  readonly examplesPassed: number;
}

/** Why a skill that was proven is not used any more: on a further runtime it answers wrongly. */
export interface Demotion {
  readonly runtime: string;
  /** One line for a person; nothing of a sealed case. */
  readonly reason: string;
  readonly at: string;
}

/** The evidence on which a skill was admitted: "proven to its contract", no more. */
export interface Certificate {
  readonly schemaVersion: 1;
  readonly skill: string;
  readonly goal: string;
  readonly claim: "proven to its contract";
  /** SHA-256 of the skill's bytes, `sha256:` before it. */
  readonly codeDigest: string;
  readonly contractDigest: string;
  readonly suiteDigest: string;
  readonly contract: Contract;
  readonly suite: Suite;
  /** One a runtime, that of the reference first. */
  readonly proofs: readonly Proof[];
  /** What was found out beyond the verdicts on the cases. */
  readonly evidence?: Evidence;
  /** What a proof would still need; absent, or empty, when proven. */
  readonly missing?: readonly string[];
  readonly analysis: "agreed" | "off" | "unreadable";
  readonly models: readonly string[];
  readonly recordingLabel?: string;
  readonly attempts: number;
  readonly runId: string;
  readonly admittedAt: string;
  /** The skill is `untested` while this stands. */
  readonly demoted?: Demotion;
}
