import type { ProgramOrigin } from "./behaviour.ts";

/** What sets a program apart from another one, the most independent first. */
export const independences = [
  "other model",
  "other language",
  "other prompt",
  "same prompt",
] as const;
export type Independence = (typeof independences)[number];

/**
 * The strongest thing that sets a peer apart. Errors of one model cluster, whatever it is asked in,
 * so another model comes before another language, and that before another prompt.
 */
export function independenceOf(own: ProgramOrigin, peer: ProgramOrigin): Independence {
  if (peer.model !== own.model) {
    return "other model";
  }
  if (peer.language !== own.language) {
    return "other language";
  }
  return peer.prompt === own.prompt ? "same prompt" : "other prompt";
}
