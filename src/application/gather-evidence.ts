import type { Contract } from "../verify/contract.ts";
import type { Evidence } from "../verify/evidence.ts";
import type { Suite } from "../verify/suite.ts";

export interface EvidenceRequest {
  readonly contract: Contract;
  readonly suite: Suite;
  readonly source: string;
  readonly signal: AbortSignal | undefined;
}

/**
 * Tests a suite that a source has passed: stubs, flake runs, mutants, whatever needs no model. The
 * same request gives the same evidence, so that a proof can be repeated.
 *
 * @throws {AgentError} SANDBOX_UNAVAILABLE, ABORTED
 */
export type GatherEvidence = (request: EvidenceRequest) => Promise<Evidence>;
