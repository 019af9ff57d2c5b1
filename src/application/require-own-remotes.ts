import { modelChain, namedModels, type RoleSettings } from "../config/model-chain.ts";
import type { Config } from "../config/schema.ts";
import { AgentError } from "../shared/errors.ts";
import { leadsElsewhere } from "../shared/model-destination.ts";
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
    ...namedModels(config),
    ...given.flatMap((names) => (names === undefined ? [] : modelChain(names))),
  ]);
  const named = namedModels({ ...recorded.models, peers: recorded.peers });
  const foreign = named.find((name) => leadsElsewhere(name) && !own.has(name));
  if (foreign === undefined) return;
  throw new AgentError(
    "REMOTE_NOT_ALLOWED",
    `Resuming run ${runId}: its journal names ${foreign}, which is not on this machine, and your settings do not; a model elsewhere is yours to name; give --model ${foreign}, or another.`,
    { blame: "caller" },
  );
}
