import type { Case } from "./suite.ts";

type WithoutPlace<T> = T extends unknown ? Omit<T, "id" | "sealed"> : never;

/** A case before it has a place in a suite: no id yet, not yet open or sealed. */
export type DraftCase = WithoutPlace<Case>;
