import type { BackendName } from "../../src/sandbox/backend.ts";
import { underCi } from "../support/under-ci.ts";

/** Under CI on Linux every backend can be made available; elsewhere only Deno's own. */
export function missingIsFailure(backendName: BackendName): boolean {
  return backendName === "deno" || (underCi() && process.platform === "linux");
}
