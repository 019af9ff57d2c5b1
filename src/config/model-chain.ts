import type { Role } from "../shared/events.ts";
import type { Config } from "./schema.ts";

/** As a setting, a flag or an option names models. */
export type ModelNames = string | readonly string[];

export type RoleSettings = Pick<Config, "model"> &
  Partial<Pick<Config, "coder" | "tester" | "analyst">>;

/**
 * The models of a chain, the first to ask first. Of a list each text is one name; any other text with
 * commas names several, but for a recording's, whose path may hold commas.
 */
export function modelChain(names: ModelNames): readonly string[] {
  const isOne = typeof names === "string" && /^\s*replay:/i.test(names);
  const texts = typeof names !== "string" ? names : isOne ? [names] : names.split(",");
  const named = texts.map((text) => text.trim()).filter((text) => text !== "");
  // One that names nothing is refused where it is opened.
  return named.length === 0 ? [""] : [...new Set(named)];
}

/** Who is asked in each role; the planner is asked by `model`. */
export function roleChains(settings: RoleSettings): Record<Role, readonly string[]> {
  const { model, coder = model, tester = model, analyst = model } = settings;
  return {
    planner: modelChain(model),
    tester: modelChain(tester),
    coder: modelChain(coder),
    analyst: modelChain(analyst),
  };
}

/** Every model that may be asked, in whatever role, peers among them, each once. */
export function namedModels(
  settings: RoleSettings & { readonly peers: readonly string[] },
): readonly string[] {
  const peers = settings.peers.filter((peer) => !isOwnPeer(peer));
  return [...new Set([...Object.values(roleChains(settings)).flat(), ...peers])];
}

/** A peer that is the run's own model, asked otherwise; any other names a model. */
export function isOwnPeer(name: string): name is "other-prompt" | "other-language" {
  return name === "other-prompt" || name === "other-language";
}

/** For a person: `a, then b`. */
export function describeChain(names: readonly string[]): string {
  return names.join(", then ");
}
