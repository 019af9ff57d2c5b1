import { testSize } from "./requirements.ts";

/**
 * Settings of a test that is not about them: each run again and each mutant is a process or more. Those
 * of a user under CI and at full size.
 */
export const quickSettings = testSize(1, 0, 0) === 1 ? { maxMutants: 8, flakeRuns: 2 } : {};
