import type { TaggedValue, WorkFile } from "../sandbox/sandbox.ts";

interface CaseBase {
  /** `c1`, `c2`, … within its suite. */
  readonly id: string;
  readonly args: readonly TaggedValue[];
  /** In the work folder before the call. */
  readonly files: readonly WorkFile[];
  /** What the work folder must hold after the call, beside the check of the answer itself. */
  readonly filesAfter: readonly WorkFile[];
  readonly origin: "example" | "model" | "analyst";
  /** Never shown to whoever mends the code. */
  readonly sealed: boolean;
  readonly why: string;
}

/** One call and what must come back. */
export type Case =
  | (CaseBase & {
      readonly kind: "returns";
      readonly expected: TaggedValue;
      /** How far apart numbers may lie, instead of the contract's; absent for nearly every case. */
      readonly tolerance?: number;
    })
  | (CaseBase & { readonly kind: "raises"; readonly errorType: string })
  | (CaseBase & { readonly kind: "property"; readonly expression: string });

export interface Suite {
  readonly cases: readonly Case[];
}

/** Of a model's own, or of somebody's: with fewer nothing would be sealed, and a table would pass. */
export const minimumCases = 3;

export interface DroppedCase {
  readonly text: string;
  readonly reason: string;
}
