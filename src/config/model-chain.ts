import type { Role } from "../shared/events.ts";
import type { Config } from "./schema.ts";

/** As a setting, a flag or an option names models. */
export type ModelNames = string | readonly string[];

export type RoleSettings = Pick<Config, "model"> &
  Partial<Pick<Config, "coder" | "tester" | "analyst">>;

/**
 * The models of a chain, the first to ask first. A text with commas names several; a recording's
 * path may hold commas itself and is one.
 */
export function modelChain(names: ModelNames): readonly string[] {
  if (typeof names !== "string") {
    return names.flatMap(modelChain);
  }
  const text = names.trim();
  const parts = /^replay:/i.test(text) ? [text] : text.split(",").map((part) => part.trim());
  const named = parts.filter((part) => part !== "");
  // One that names nothing is refused where it is opened.
  return named.length === 0 ? [text] : [...new Set(named)];
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

/** A peer that is the run's own model, asked otherwise; any other names a model. */
export function isOwnPeer(name: string): name is "other-prompt" | "other-language" {
  return name === "other-prompt" || name === "other-language";
}

/** For a person: `a, then b`. */
export function describeChain(names: readonly string[]): string {
  return names.join(", then ");
}
