import { type ModelNames, modelChain, type RoleSettings } from "../config/model-chain.ts";
import type { Config } from "../config/schema.ts";

export interface RoleOptions {
  readonly model?: ModelNames | undefined;
  readonly coder?: ModelNames | undefined;
  readonly tester?: ModelNames | undefined;
  readonly analyst?: ModelNames | undefined;
}

type Roles = Pick<RoleSettings, "coder" | "tester" | "analyst">;

/** Who is asked in a run: what its options name, else what the settings do. */
export function settingsWith(
  settings: Pick<Config, "model" | "coder" | "tester" | "analyst"> | RoleSettings,
  options: RoleOptions,
): RoleSettings {
  const model = chosen(options.model) ?? settings.model;
  // A recording holds the answers of every role.
  const isRecorded = options.model !== undefined && modelChain(model).every(isRecording);
  const own = isRecorded ? {} : rolesOf(settings);
  return { model, ...own, ...rolesOf(options) };
}

function rolesOf(from: RoleOptions): Roles {
  const [coder, tester, analyst] = [chosen(from.coder), chosen(from.tester), chosen(from.analyst)];
  return {
    ...(coder === undefined ? {} : { coder }),
    ...(tester === undefined ? {} : { tester }),
    ...(analyst === undefined ? {} : { analyst }),
  };
}

function chosen(names: ModelNames | undefined): string | string[] | undefined {
  return names === undefined || typeof names === "string" ? names : [...names];
}

/** True for a name that stands for answers given before. */
export function isRecording(name: string): boolean {
  return /^(?:recordings$|replay:)/i.test(name.trim());
}
