import { namedModels, type RoleSettings, roleChains } from "../config/model-chain.ts";
import { type ChainLink, isDown, type RoleLinks } from "../model/model-chain.ts";
import { AgentError } from "../shared/errors.ts";
import type { Role } from "../shared/events.ts";
import type { Language } from "../shared/json.ts";
import { once } from "../shared/once.ts";
import type { ModelReadiness } from "./application.ts";
import { isRecording } from "./model-settings.ts";
import type { Parts } from "./parts.ts";

export interface ResolvedModels {
  readonly links: RoleLinks;
  /** Where recorded answers come from, when the first model is a recording. */
  readonly recordingLabel?: string;
  /** Set when recorded answers stand in for a server that does not answer. */
  readonly warning?: string;
}

/**
 * Finds the models for a goal, one chain a role: those asked for, or, when no server answers, the
 * recordings that ship with the package, if they hold the goal. Of each chain one at least must be
 * ready; which one answers is found out call by call. What would leave this machine, in whatever role and
 * at whatever place of a chain, has to be consented to now. A run that has live answers already must not go
 * on with recorded ones: they belong to another contract.
 *
 * @throws {AgentError} MODEL_UNREACHABLE, MODEL_MISSING, REMOTE_NOT_ALLOWED, each with its remedy.
 */
export async function resolveModels(
  parts: Parts,
  goal: string,
  language: Language,
  settings: RoleSettings,
  options: { readonly mayUseRecordings: boolean; readonly peers: readonly string[] },
): Promise<ResolvedModels> {
  const chains = roleChains(settings);
  const names = namedModels({ ...settings, peers: options.peers });
  const remote = await parts.remotesToAllow(names);
  if (remote !== undefined) throw unreadyError(names.join(", "), remote);
  for (const [name, readiness] of await unreadyChains(parts, goal, language, chains)) {
    if (readiness.kind === "recorded" && options.mayUseRecordings) {
      const warning = `${readiness.problem} Recorded answers are used for this goal (${readiness.label}).`;
      const links = linksOf(parts, roleChains({ model: "recordings" }));
      return { links, warning, ...(await labelOf(links)) };
    }
    throw unreadyError(name, readiness);
  }
  const links = linksOf(parts, chains);
  return { links, ...(await labelOf(links)) };
}

/** Whether every role has a model that can be asked; the first one of whom that is not so. */
export async function readinessOf(
  parts: Parts,
  goal: string,
  language: Language,
  settings: RoleSettings,
): Promise<ModelReadiness> {
  const { peers } = parts.config;
  const remote = await parts.remotesToAllow(namedModels({ ...settings, peers }));
  if (remote !== undefined) return remote;
  const chains = roleChains(settings);
  const [first] = await unreadyChains(parts, goal, language, chains);
  return first?.[1] ?? readinessOfChain(parts, goal, language, chains.planner);
}

async function unreadyChains(
  parts: Parts,
  goal: string,
  language: Language,
  chains: Record<Role, readonly string[]>,
): Promise<readonly [string, ModelReadiness][]> {
  const different = new Map(Object.values(chains).map((chain) => [chain.join("\n"), chain]));
  const unready: [string, ModelReadiness][] = [];
  for (const chain of different.values()) {
    const found = await readinessOfChain(parts, goal, language, chain);
    // Recordings stand in for all roles or for none.
    const isSingle = found.kind === "recorded" && chain.join() !== chains.planner.join();
    const readiness: ModelReadiness = isSingle ? { ...found, kind: "unreachable" } : found;
    if (readiness.kind !== "ready") unready.push([chain.join(", "), readiness]);
  }
  return unready;
}

/** Of the first model that is ready; of the first one of all when none is, which may be its error. */
async function readinessOfChain(
  parts: Parts,
  goal: string,
  language: Language,
  chain: readonly string[],
): Promise<ModelReadiness> {
  let first: ModelReadiness | AgentError | undefined;
  for (const name of chain) {
    const readiness = await parts.modelReadiness(goal, language, name).catch(onlyDown);
    first ??= readiness;
    if (readiness instanceof AgentError) continue;
    // A consent that is missing is no reason to ask somebody else.
    const isRefused = readiness === first && readiness.kind === "remote-not-allowed";
    if (isRefused || readiness.kind === "ready") return readiness;
  }
  if (first instanceof AgentError) throw first;
  return first ?? parts.modelReadiness(goal, language, "");
}

/** The chain goes on after a model that is down; anything else is thrown on. */
function onlyDown(error: unknown): AgentError {
  if (isDown(error)) return error;
  throw error;
}

/** Chains of the same models are one: what is down for one role is so for the others. */
export function linksOf(parts: Parts, chains: Record<Role, readonly string[]>): RoleLinks {
  const shared = new Map<string, readonly ChainLink[]>();
  const of = (names: readonly string[]): readonly ChainLink[] => {
    const key = names.join("\n");
    const links =
      shared.get(key) ?? names.map((name) => ({ name, open: once(() => parts.model(name)) }));
    shared.set(key, links);
    return links;
  };
  const { planner, tester, coder, analyst } = chains;
  return { planner: of(planner), tester: of(tester), coder: of(coder), analyst: of(analyst) };
}

/**
 * A recording says so before its first answer; a live model need not be opened for it.
 *
 * @throws {AgentError} USAGE for one in a chain: its answers would stand unlabelled among live ones.
 */
async function labelOf(links: RoleLinks) {
  const chains = Object.values(links);
  const mixed = chains.find(
    (chain) => chain.length > 1 && chain.some(({ name }) => isRecording(name)),
  );
  if (mixed !== undefined) {
    const names = mixed.map(({ name }) => name).join(", ");
    throw new AgentError(
      "USAGE",
      `Opening the models ${names}: one of them is a recording, which stands alone; take it out of the chain.`,
      { blame: "caller" },
    );
  }
  const recorded = chains.map(([first]) => first).find((link) => link && isRecording(link.name));
  const label = (await recorded?.open())?.recordingLabel;
  return label === undefined ? {} : { recordingLabel: label };
}

function unreadyError(name: string, readiness: ModelReadiness): AgentError {
  switch (readiness.kind) {
    case "recorded":
    case "unreachable":
      return unreachable(name, readiness);
    case "remote-not-allowed":
      return new AgentError("REMOTE_NOT_ALLOWED", withRemedy(name, readiness), {
        blame: "caller",
      });
    case "missing": {
      if (readiness.isDownload === true) return notDownloaded(readiness.model);
      const installed = readiness.installed.map((one) => one.name).join(", ");
      return new AgentError(
        "MODEL_MISSING",
        `Opening the model: ${readiness.model} is not installed, one of these is: ${installed || "none"}; choose one with --model, or run: ollama pull ${readiness.model}`,
        { blame: "environment" },
      );
    }
    case "ready":
      throw new TypeError(`opening the model ${name}: it is ready, which is no error`);
  }
}

function notDownloaded(model: string): AgentError {
  return new AgentError(
    "MODEL_MISSING",
    `Opening the model ${model}: its file is not downloaded, it is wanted; give --pull to download it.`,
    { blame: "environment" },
  );
}

type Unready = Extract<ModelReadiness, { readonly problem: string }>;

function unreachable(name: string, readiness: Unready): AgentError {
  return new AgentError("MODEL_UNREACHABLE", withRemedy(name, readiness), {
    blame: "environment",
    isRetryable: true,
  });
}

function withRemedy(name: string, { problem, remedy }: Unready): string {
  const heading = `Opening the model ${name}: it cannot be asked. ${problem} What to do:`;
  return [heading, ...remedy.map((line) => `  ${line}`)].join("\n");
}
