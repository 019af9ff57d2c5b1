import type { ExecutionLimits } from "../sandbox/sandbox.ts";
import type { ModelSwitch } from "../shared/events.ts";
import type { Signature } from "../shared/signing.ts";
import type { Contract } from "./contract.ts";
import type { Evidence, Strength } from "./evidence.ts";
import type { Case, Suite } from "./suite.ts";

/** One proof of a skill on one runtime: facts only, no durations. */
export interface Proof {
  /** Implementation, minor version and class of backend: `cpython-3.14/wasm`. */
  readonly runtime: string;
  readonly backend: string;
  readonly openPassed: number;
  readonly sealedPassed: number;
  readonly examplesPassed: number;
}

/** Why a skill that was proven is not used any more: it answers wrongly on a runtime. */
export interface Demotion {
  readonly runtime: string;
  /** One line for a person; nothing of a sealed case. */
  readonly reason: string;
  readonly at: string;
}

/** SHA-256, `sha256:` before it, of what the proof is about; nothing that passes with time. */
export interface CertificateDigests {
  /** Of the skill's bytes. */
  readonly code: string;
  readonly contract: string;
  readonly suite: string;
  /** Other skills that this one imports or calls, by the bytes they had. */
  readonly dependencies: readonly { readonly skill: string; readonly code: string }[];
}

export type KindCounts = Readonly<Record<Case["kind"], number>>;

/** The settings that the proof was made under; what a part did not have is absent. */
export interface ProofPolicy {
  readonly limits: ExecutionLimits;
  readonly maxIterations?: number;
  readonly suiteCases?: number;
  readonly sealedShare?: number;
  readonly minMutationScore?: number;
  readonly maxMutants?: number;
  readonly flakeRuns?: number;
  readonly candidates?: number;
}

/**
 * What it cost to get there; in no digest, since a replay takes another time. Of a run that was cut
 * off, `durationMs` counts from when it went on.
 */
export interface ProofCost {
  readonly modelCalls: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
  readonly durationMs: number;
  /** Sent, a call whose first model was down counting twice; absent in older certificates. */
  readonly requests?: number;
  /** In US dollars; null where a price was not known; absent in older certificates. */
  readonly money?: number | null;
}

/**
 * Present where this installation proved a skill again whose certificate it had found: how the skill
 * came to be is then what that certificate told (`analysis`, `models`, `recordingLabel`, `attempts`,
 * `cost`, `runId`, which cases were sealed or a person's own, removed cases, and of the policy what asks a
 * model).
 */
export interface ClaimedOrigin {
  /** The key that signed what was found, as in `Signature`; null when nobody had. */
  readonly claimedBy: string | null;
}

/** The evidence on a skill: "proven to its contract", no more. */
export interface Certificate {
  readonly schemaVersion: 2;
  readonly skill: string;
  readonly goal: string;
  readonly claim: "proven to its contract" | "not proven";
  readonly strength: Strength | "unproven";
  /** What a proof would still need, a line each; empty when the skill is proven. */
  readonly missing: readonly string[];
  readonly digests: CertificateDigests;
  readonly contract: Contract;
  readonly suite: Suite;
  /** How many cases of each kind the suite holds. */
  readonly cases: {
    readonly open: KindCounts;
    readonly sealed: KindCounts;
    /** Of the open ones, those that a person gave. */
    readonly examples: number;
  };
  /** One a runtime, that of the reference first. */
  readonly proofs: readonly Proof[];
  readonly policy: ProofPolicy;
  /** What was found out beyond the cases; absent when no such step ran. */
  readonly evidence?: Evidence;
  readonly analysis: "agreed" | "off" | "unreadable";
  /** Optional steps that were left out. */
  readonly stepsOff: readonly string[];
  /** Empty when no model wrote anything. */
  readonly models: readonly string[];
  /** Where the next model of a chain took over; absent when none did. */
  readonly modelSwitches?: readonly ModelSwitch[];
  readonly recordingLabel?: string;
  readonly attempts: number;
  readonly cost: ProofCost;
  /** Absent when the code came with its cases, and no run made it. */
  readonly runId?: string;
  /** Absent when this installation saw how the skill came to be. */
  readonly origin?: ClaimedOrigin;
  readonly issuedAt: string;
  /** The skill is `untested` while this stands. */
  readonly demoted?: Demotion;
  /** Over the canonical JSON of everything else, algorithm and public key included. */
  readonly signature: Signature;
}

/** A certificate that nobody has signed yet. */
export type UnsignedCertificate = Omit<Certificate, "signature">;
