import type { Application, DirectiveRun, RunResult } from "../../application/application.ts";
import type { Config } from "../../config/schema.ts";
import type { AgentEvent } from "../../shared/events.ts";

type Method = Exclude<keyof Application, "config" | "close">;

/** One expected call and what it gives; `does` sees the call's arguments. */
export interface Step {
  readonly method: Method;
  readonly does: (...args: never[]) => unknown;
}

export interface FakeApplication extends Application {
  readonly isClosed: () => boolean;
  /** Throws when expected calls were not made. */
  readonly expectDone: () => void;
}

/** An application that expects exactly these calls in this order. */
export function fakeApplication(config: Config, steps: readonly Step[]): FakeApplication {
  const left = [...steps];
  let isClosed = false;
  const take = (method: Method, args: readonly unknown[]): unknown => {
    const step = left.shift();
    if (step?.method !== method) {
      throw new Error(`${method} was called; ${step?.method ?? "nothing"} was expected`);
    }
    return Reflect.apply(step.does, undefined, args);
  };
  const later = async (method: Method, ...args: readonly unknown[]) => take(method, args);
  const calls: Record<Method, (...args: never[]) => unknown> = {
    runDirective: (...args) => take("runDirective", args),
    resumeRun: (...args) => take("resumeRun", args),
    runAll: (...args) => later("runAll", ...args),
    useSkill: (...args) => later("useSkill", ...args),
    openSkill: (...args) => later("openSkill", ...args),
    addSkill: (...args) => later("addSkill", ...args),
    verifySkills: (...args) => later("verifySkills", ...args),
    runInSandbox: (...args) => later("runInSandbox", ...args),
    sandboxStatus: (...args) => later("sandboxStatus", ...args),
    skillCosts: () => later("skillCosts"),
    listSkills: () => later("listSkills"),
    showSkill: (...args) => later("showSkill", ...args),
    listRuns: () => later("listRuns"),
    showRun: (...args) => later("showRun", ...args),
    replayRun: (...args) => later("replayRun", ...args),
    compareModels: (...args) => later("compareModels", ...args),
    pendingRuns: () => later("pendingRuns"),
    readMemory: () => later("readMemory"),
    doctor: () => later("doctor"),
    modelReadiness: (...args) => later("modelReadiness", ...args),
    remotesToAllow: (...args) => later("remotesToAllow", ...args),
    allowRemote: (...args) => later("allowRemote", ...args),
    pullModel: (...args) => later("pullModel", ...args),
  };
  const fake = {
    ...calls,
    config,
    close: async () => {
      isClosed = true;
    },
    isClosed: () => isClosed,
    expectDone: () => {
      if (left.length > 0) {
        throw new Error(`never called: ${left.map(({ method }) => method).join(", ")}`);
      }
    },
  };
  return fake as FakeApplication;
}

/** A run that tells these events; `result` may be an error. */
export function fakeRun(events: readonly AgentEvent[], result: RunResult | Error): DirectiveRun {
  const settled = result instanceof Error ? Promise.reject(result) : Promise.resolve(result);
  settled.catch(() => {});
  return {
    result: settled,
    async *[Symbol.asyncIterator]() {
      yield* events;
    },
  };
}
