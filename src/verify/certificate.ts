import type { Contract } from "./contract.ts";
import type { Suite } from "./suite.ts";

/** One proof of a skill on one runtime: facts only, no durations. */
export interface Proof {
  readonly runtime: string;
  readonly backend: string;
  readonly openPassed: number;
  readonly sealedPassed: number;
  readonly examplesPassed: number;
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
  readonly proofs: readonly Proof[];
  readonly analysis: "agreed" | "off" | "unreadable";
  readonly models: readonly string[];
  readonly recordingLabel?: string;
  readonly attempts: number;
  readonly runId: string;
  readonly admittedAt: string;
}
