import type { Config } from "../config/schema.ts";
import type { Memory } from "../memory/memory.ts";
import type { SpendLedger } from "../model/budget/spend-ledger.ts";
import type { ChatModel } from "../model/chat-model.ts";
import type { SafetyReader } from "../safety/safety.ts";
import type { BackendName } from "../sandbox/backend.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import type { SandboxStatus } from "../sandbox/sandbox-status.ts";
import type { Clock } from "../shared/clock.ts";
import type { Language } from "../shared/json.ts";
import type { KeyRing } from "../shared/signing.ts";
import type { SkillLibrary } from "../skills/library.ts";
import type { SourceReader } from "../syntax/source-facts.ts";
import type {
  ConfigValue,
  ModelReadiness,
  PulledModel,
  PullProgress,
  RemoteNotAllowed,
} from "./application.ts";
import type { GatherEvidence } from "./gather-evidence.ts";
import type { WorkspacePaths } from "./workspace.ts";

export type ModelServer =
  | {
      readonly kind: "answers";
      readonly name: string;
      readonly version: string;
      readonly url: string;
    }
  | { readonly kind: "unreachable"; readonly name: string; readonly problem: string };

/** What the use cases work with; constructed by wiring, each part when it is first asked for. */
export interface Parts {
  readonly config: Config;
  readonly configValues: readonly ConfigValue[];
  readonly clock: Clock;
  /** Creates the workspace's folders when they are missing. */
  workspace(): Promise<WorkspacePaths>;
  memory(): Promise<Memory>;
  /** The key that certificates are signed with; made when it is first needed. */
  keys(): Promise<KeyRing>;
  skills(): Promise<SkillLibrary>;
  reader(): Promise<SourceReader>;
  safety(): Promise<SafetyReader>;
  /**
   * The strongest backend whose self-test held. An abort ends the waiting; the opening, which others
   * may wait for too, ends with the application. @throws {AgentError} SANDBOX_UNAVAILABLE
   */
  sandbox(language: Language, signal?: AbortSignal): Promise<Sandbox>;
  /**
   * The strongest of the reference runtime, on which every proof is made; the very same as
   * `sandbox` where that has this runtime. @throws {AgentError} SANDBOX_UNAVAILABLE
   */
  referenceSandbox(language: Language, signal?: AbortSignal): Promise<Sandbox>;
  /** A sandbox of one named backend; whoever asked closes it. @throws {AgentError} SANDBOX_UNAVAILABLE */
  openBackend(language: Language, backend: BackendName, signal?: AbortSignal): Promise<Sandbox>;
  /** What every backend is worth here; `isAnew` tests all now. */
  sandboxStatus(language: Language, isAnew: boolean): Promise<SandboxStatus>;
  /** Tests a suite that a source has passed, without a model. */
  readonly gatherEvidence: GatherEvidence;
  /** What model calls cost in this workspace. */
  ledger(): Promise<SpendLedger>;
  model(name: string): Promise<ChatModel>;
  modelReadiness(goal: string, language: Language, name: string): Promise<ModelReadiness>;
  /** See `Application.remotesToAllow`. */
  remotesToAllow(names: readonly string[]): Promise<RemoteNotAllowed | undefined>;
  /** Consent of a person; see `Application.allowRemote`. */
  allowRemote(destination: string, isRemembered: boolean): Promise<void>;
  modelServer(): Promise<ModelServer>;
  /** On disk; undefined when neither the server nor the model table knows it. */
  modelSizeBytes(name: string): Promise<number | undefined>;
  pullModel(
    name: string,
    onProgress: (progress: PullProgress) => void,
    signal?: AbortSignal,
  ): Promise<PulledModel>;
  /** What went wrong without stopping anything since this was last asked. */
  warnings(): readonly string[];
}
