import { availableParallelism, freemem, homedir } from "node:os";
import { dirname, join } from "node:path";
import type { Application, ConfigValue } from "./application/application.ts";
import type { GatherEvidence } from "./application/gather-evidence.ts";
import type { Parts } from "./application/parts.ts";
import type { Config } from "./config/schema.ts";
import type { ChatModel } from "./model/chat-model.ts";
import type { SafetyRule } from "./safety/safety.ts";
import { unlessAborted } from "./sandbox/aborted.ts";
import type { OpenSandboxOptions } from "./sandbox/open-sandbox.ts";
import type { Sandbox } from "./sandbox/sandbox.ts";
import { warmProcessCount } from "./sandbox/warm-process-count.ts";
import { systemClock } from "./shared/clock.ts";
import type { Language } from "./shared/json.ts";
import { once } from "./shared/once.ts";

export interface WiringOptions {
  readonly config: Config;
  readonly values?: readonly ConfigValue[];
  /** Rules that are functions; patterns may stand in the configuration too. */
  readonly safetyRules?: readonly SafetyRule[];
  /** A model of your own instead of the configured one; it is taken to be ready. */
  readonly chatModel?: ChatModel;
  /** Another file than the one in the user's own configuration folder; demotions are kept beside it. */
  readonly signingKeyPath?: string;
  /** The same for what was consented to. */
  readonly remoteConsentsPath?: string;
  /** What tests a suite beyond its cases, instead of the built-in steps. */
  readonly gatherEvidence?: GatherEvidence;
  readonly onWarning?: (message: string) => void;
  /** Taken instead of those built here: a test's sandbox that executes nothing of a model's, say. */
  readonly parts?: Partial<Parts>;
}

interface Closable {
  close(): Promise<void> | void;
}

type ModelParts = Pick<
  Parts,
  | "model"
  | "modelReadiness"
  | "remotesToAllow"
  | "allowRemote"
  | "modelServer"
  | "modelSizeBytes"
  | "pullModel"
>;

function modelParts(options: WiringOptions, keep: (opened: Closable) => void): ModelParts {
  const consents = once(async () => {
    const { openRemoteConsents, remoteConsentsPath } = await import("./config/remote-consents.ts");
    return openRemoteConsents(
      options.remoteConsentsPath ?? remoteConsentsPath(process.env, homedir()),
    );
  });
  const config = {
    ...options.config,
    consents: { has: async (destination: string) => (await consents()).has(destination) },
  };
  const turns = once(async () => new (await import("./model/model-turns.ts")).ModelTurns());
  const services = once(async () => {
    const { CallQueues } = await import("./model/call-queue.ts");
    const { openEmbeddedModels } = await import("./model/open-model.ts");
    const embedded = once(async () => {
      const models = await openEmbeddedModels();
      keep(models);
      return models;
    });
    return { queues: new CallQueues(), embedded };
  });
  return {
    model: async (name) => {
      if (options.chatModel !== undefined) {
        return options.chatModel;
      }
      const [{ openModel }, { parseModelName }] = await Promise.all([
        import("./model/open-model.ts"),
        import("./model/model-name.ts"),
      ]);
      const model = await openModel(name, config, await services());
      if (!config.modelTurns || parseModelName(name).kind !== "ollama") {
        return model;
      }
      const { takingTurns } = await import("./model/model-turns.ts");
      return takingTurns(model, await turns());
    },
    modelReadiness: async (goal, language, name) => {
      if (options.chatModel !== undefined) {
        const { contextTokens } = options.chatModel;
        return { kind: "ready", model: options.chatModel.name, contextTokens };
      }
      const { modelReadiness } = await import("./application/model-readiness.ts");
      return modelReadiness(config, goal, language, name, await services());
    },
    remotesToAllow: async (names) => {
      if (options.chatModel !== undefined) return undefined;
      const { remotesToAllow } = await import("./application/remotes-to-allow.ts");
      return remotesToAllow(config, names);
    },
    allowRemote: async (destination, isRemembered) =>
      (await consents()).allow(destination, isRemembered),
    modelServer: async () => {
      const { modelServer } = await import("./application/model-readiness.ts");
      return modelServer(config);
    },
    modelSizeBytes: async (name) => {
      const { modelSizeBytes } = await import("./application/model-readiness.ts");
      return modelSizeBytes(config, name);
    },
    pullModel: async (name, onProgress, signal) => {
      const { pullModel } = await import("./application/model-readiness.ts");
      return pullModel(config, name, onProgress, signal);
    },
  };
}

type SandboxParts = Pick<Parts, "sandbox" | "referenceSandbox" | "openBackend" | "sandboxStatus">;

function sandboxParts(config: Config, keep: (opened: Closable) => void): SandboxParts {
  const { cacheDirectory } = config;
  const folder = cacheDirectory === undefined ? {} : { cacheDirectory };
  const insisted = config.sandbox === "auto" ? {} : { backend: config.sandbox };
  const closing = new AbortController();
  const opened = new Set<Promise<Sandbox>>();
  keep({
    close: async () => {
      closing.abort();
      const settled = await Promise.allSettled(opened);
      const sandboxes = settled.flatMap((each) =>
        each.status === "fulfilled" ? [each.value] : [],
      );
      await Promise.all(sandboxes.map((sandbox) => sandbox.close()));
    },
  });
  const open = async (
    language: Language,
    { signal, ...options }: OpenSandboxOptions,
  ): Promise<Sandbox> => {
    const { openSandbox } = await import("./sandbox/open-sandbox.ts");
    return await openSandbox(language, {
      ...folder,
      ...warmProcesses(config, language),
      ...options,
      signal: signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal]),
    });
  };
  /** Opened for everybody; it ends with the application. */
  const openShared = (language: Language, options: OpenSandboxOptions): Promise<Sandbox> => {
    const opening = open(language, options);
    opened.add(opening);
    opening.catch(() => opened.delete(opening));
    return opening;
  };
  const inUse = {
    python: once(() => openShared("python", insisted)),
    typescript: once(() => openShared("typescript", insisted)),
  };
  const pythonReference = once(async () => {
    const { pythonReferenceRuntime } = await import("./sandbox/deno-backend.ts");
    const sandbox = await inUse.python();
    return sandbox.runtime === pythonReferenceRuntime
      ? sandbox
      : // Every proof starts a few of these and no use does; each ready one holds 220 MB.
        await openShared("python", { referenceOnly: true, warmProcesses: 1 });
  });
  return {
    sandbox: (language, signal) => unlessAborted(inUse[language](), signal),
    // Every backend of TypeScript is the same Deno.
    referenceSandbox: (language, signal) =>
      unlessAborted(language === "python" ? pythonReference() : inUse.typescript(), signal),
    openBackend: (language, backend, signal) =>
      open(language, { backend, ...(signal === undefined ? {} : { signal }) }),
    sandboxStatus: async (language, isAnew) => {
      const { sandboxStatus } = await import("./sandbox/sandbox-status.ts");
      return await sandboxStatus(language, { ...folder, ...insisted, isAnew });
    },
  };
}

/** By what the machine has, unless somebody says how many. */
function warmProcesses(config: Config, language: Language): OpenSandboxOptions {
  const machine = { cores: availableParallelism(), freeMemoryBytes: freemem() };
  return {
    warmProcesses: config.warmProcesses ?? warmProcessCount(language, machine),
    warmIdleMs: config.warmIdleMs,
  };
}

/** What is on disk. */
function storedParts(
  options: WiringOptions,
  keep: <T extends Closable>(part: T) => T,
  warn: (message: string) => void,
) {
  const { config } = options;
  const workspace = once(async () => {
    const { prepareWorkspace } = await import("./application/workspace.ts");
    return prepareWorkspace(config.workspaceRoot);
  });
  const memory = once(async () => {
    const { openMemory } = await import("./memory/memory-json.ts");
    const { root, runs } = await workspace();
    const { failuresPerSkill } = config;
    const known = async () => {
      const { knownRecords } = await import("./application/known-records.ts");
      return knownRecords(root, runs);
    };
    return keep(openMemory({ workspaceRoot: root, failuresPerSkill, known, onWarning: warn }));
  });
  const keyPath = once(async () => {
    const { signingKeyPath } = await import("./config/signing-key.ts");
    return options.signingKeyPath ?? signingKeyPath(process.env, homedir());
  });
  const keys = once(async () => {
    const { openKeyRing } = await import("./config/signing-key.ts");
    return openKeyRing(await keyPath());
  });
  const ledger = once(async () => {
    const { openLedger } = await import("./model/budget/open-ledger.ts");
    const { root, runs } = await workspace();
    return keep(
      await openLedger({
        workspaceRoot: root,
        runsDirectory: runs,
        clock: systemClock,
        onWarning: warn,
      }),
    );
  });
  return { workspace, memory, keyPath, keys, ledger };
}

function buildParts(options: WiringOptions, toClose: Closable[], warnings: string[]): Parts {
  const { config } = options;
  const keep = <T extends Closable>(part: T): T => {
    toClose.push(part);
    return part;
  };
  const warn = (message: string) => {
    warnings.push(message);
    options.onWarning?.(message);
  };
  const { workspace, memory, keyPath, keys, ledger } = storedParts(options, keep, warn);
  const reader = once(async () => {
    const { openSourceReader } = await import("./syntax/source-reader.ts");
    return keep(openSourceReader());
  });
  const parts: Parts = {
    config,
    configValues: options.values ?? [],
    clock: systemClock,
    workspace,
    memory,
    keys,
    ledger,
    reader,
    ...sandboxParts(config, keep),
    skills: once(async () => {
      const [{ openSkillLibrary }, { openDemotionRecords }] = await Promise.all([
        import("./skills/workspace-library.ts"),
        import("./skills/demotion-records.ts"),
      ]);
      const { root } = await workspace();
      return openSkillLibrary({
        workspaceRoot: root,
        memory: await memory(),
        keys: await keys(),
        demotions: openDemotionRecords(join(dirname(await keyPath()), "demoted")),
      });
    }),
    safety: once(async () => {
      const { openSafetyReader } = await import("./safety/open-safety-reader.ts");
      const rules = options.safetyRules ?? [];
      return openSafetyReader({ reader: await reader(), rules, patterns: config.safety.patterns });
    }),
    ...modelParts(options, keep),
    gatherEvidence:
      options.gatherEvidence ??
      (async (request) => {
        const { gatherEvidence } = await import("./application/gather-evidence.ts");
        return gatherEvidence(parts, request);
      }),
    warnings: () => warnings.splice(0),
    ...options.parts,
  };
  return parts;
}

/** Constructs the application; nothing heavy is loaded before the use case that needs it is called. */
export async function openApplication(options: WiringOptions): Promise<Application> {
  // Before LangGraph is loaded: its tracing would send goals and code to a server of its makers.
  const { turnTracingOff } = await import("./model/tracing-off.ts");
  turnTracingOff(process.env);
  const toClose: Closable[] = [];
  const parts = buildParts(options, toClose, []);
  const { buildApplication } = await import("./application/build-application.ts");
  return buildApplication(parts, async () => {
    // The processes, which were named first, first: memory must outlive whoever may still write to it.
    const [processes, ...others] = toClose.splice(0);
    await processes?.close();
    for (const part of others.reverse()) {
      await part.close();
    }
  });
}
