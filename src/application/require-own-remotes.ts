import { modelChain, type RoleSettings, roleChains } from "../config/model-chain.ts";
import type { Config } from "../config/schema.ts";
import { parseModelName } from "../model/model-name.ts";
import { isCloudModel } from "../model/ollama/model-names.ts";
import { AgentError } from "../shared/errors.ts";
import type { RoleOptions } from "./model-settings.ts";

/**
 * A journal lies in the workspace, which may be a stranger's: a model on another machine is asked only
 * where the person names it too, in settings or for this very run.
 *
 * @throws {AgentError} REMOTE_NOT_ALLOWED for one that the journal alone names.
 */
export function requireOwnRemotes(
  runId: string,
  recorded: { readonly models: RoleSettings; readonly peers: readonly string[] },
  config: Config,
  options: RoleOptions,
): void {
  const given = [options.model, options.coder, options.tester, options.analyst];
  const own = new Set([
    ...Object.values(roleChains(config)).flat(),
    ...config.peers,
    ...given.flatMap((names) => (names === undefined ? [] : modelChain(names))),
  ]);
  const named = [...Object.values(roleChains(recorded.models)).flat(), ...recorded.peers];
  const foreign = named.find((name) => isElsewhere(name) && !own.has(name));
  if (foreign === undefined) return;
  throw new AgentError(
    "REMOTE_NOT_ALLOWED",
    `Resuming run ${runId}: its journal names ${foreign}, which is not on this machine, and your settings do not; a model elsewhere is yours to name; give --model ${foreign}, or another.`,
    { blame: "caller" },
  );
}

function isElsewhere(name: string): boolean {
  const source = parseModelName(name);
  switch (source.kind) {
    case "openai":
    case "anthropic":
      return true;
    case "compatible":
      return !source.server.isLoopback;
    case "ollama":
      return isCloudModel(source.model);
    case "embedded":
    case "replay":
    case "recordings":
      return false;
    default:
      return source satisfies never;
  }
}
