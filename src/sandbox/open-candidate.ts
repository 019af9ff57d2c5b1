import type { Backend, BackendName, BackendOutlook } from "./backend.ts";
import { launchedSandbox, type PoolSize } from "./launched-sandbox.ts";
import { type ProvenSandbox, provenSandbox } from "./proven-sandbox.ts";
import { createSelfTestCache } from "./self-test-cache.ts";

export type Candidate =
  | { readonly kind: "usable"; readonly name: BackendName; readonly sandbox: ProvenSandbox }
  | {
      readonly kind: "unusable";
      readonly why: Omit<Extract<BackendOutlook, { kind: "unusable" }>, "kind">;
    };

export interface CandidateOptions extends PoolSize {
  readonly cacheDirectory: string;
}

/** One backend as a sandbox that tests itself before its first program; starts nothing yet. */
export async function openCandidate(
  backend: Backend,
  options: CandidateOptions,
): Promise<Candidate> {
  const outlook = await backend.look();
  if (outlook.kind === "unusable") {
    const { reason, remedy } = outlook;
    return { kind: "unusable", why: { reason, remedy } };
  }
  const { launcher } = outlook;
  const { language, name } = backend;
  const cache = createSelfTestCache(options.cacheDirectory, `${language}-${name}`, launcher.facts);
  const sandbox = launchedSandbox(language, name, launcher, options);
  // One is taken now and then; none is kept ready.
  const reseeded =
    launcher.reseeded &&
    launchedSandbox(language, name, launcher.reseeded, { ...options, warmProcesses: 0 });
  const whole = reseeded === undefined ? sandbox : { ...sandbox, reseeded };
  return { kind: "usable", name, sandbox: provenSandbox(whole, cache) };
}
