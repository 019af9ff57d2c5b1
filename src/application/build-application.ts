import type { Application, DirectiveRun } from "./application.ts";
import { startDirectiveRun } from "./event-stream.ts";
import type { Parts } from "./parts.ts";

/** Joins the use cases to one object; each is loaded when it is first called. */
export function buildApplication(parts: Parts, close: () => Promise<void>): Application {
  const application: Application = {
    config: parts.config,
    runDirective: (goal, options = {}) =>
      deferred(async () => (await import("./run-directive.ts")).runDirective(parts, goal, options)),
    resumeRun: (runId, options = {}) =>
      deferred(async () => (await import("./resume-run.ts")).resumeRun(parts, runId, options)),
    runAll: async (goals, options = {}) =>
      (await import("./run-all.ts")).runAll(application, goals, options),
    useSkill: async (name, input, options = {}) =>
      (await import("./use-skill.ts")).useSkill(parts, name, input, options),
    openSkill: async (name, options = {}) =>
      (await import("./use-skill.ts")).openSkill(parts, name, options),
    addSkill: async (given, options = {}) =>
      (await import("./add-skill.ts")).addSkill(parts, given, options),
    verifySkills: async (names, options = {}) =>
      (await import("./verify-skills.ts")).verifySkills(parts, names, options),
    runInSandbox: async (program, options = {}) =>
      (await import("./run-in-sandbox.ts")).runInSandbox(parts, program, options),
    // Both at once: nearly all of it is waiting for processes.
    sandboxStatus: (isAnew = false) =>
      Promise.all([
        parts.sandboxStatus("python", isAnew),
        parts.sandboxStatus("typescript", isAnew),
      ]),
    listSkills: async () => {
      await parts.workspace();
      return (await parts.skills()).list();
    },
    showSkill: async (name) => (await parts.skills()).get(name),
    listRuns: async () => (await import("./list-runs.ts")).listRuns(parts),
    showRun: async (runId, onDamage) =>
      (await import("./list-runs.ts")).showRun(parts, runId, onDamage),
    replayRun: async (runId, options = {}) =>
      (await import("./replay-run.ts")).replayRun(parts, runId, options),
    compareModels: async (runId, model, options = {}) =>
      (await import("./compare-models.ts")).compareModels(parts, runId, model, options),
    pendingRuns: async () => (await import("./resume-run.ts")).pendingRuns(parts),
    readMemory: async () => (await import("./read-memory.ts")).readMemory(parts),
    doctor: async () => (await import("./doctor.ts")).doctor(parts),
    modelReadiness: async (goal, model) => {
      const { readinessOf } = await import("./resolve-model.ts");
      const { settingsWith } = await import("./model-settings.ts");
      return readinessOf(parts, goal, parts.config.language, settingsWith(parts.config, { model }));
    },
    remotesToAllow: (names) => parts.remotesToAllow(names),
    allowRemote: (destination, isRemembered) => parts.allowRemote(destination, isRemembered),
    skillCosts: async () => (await import("./skill-costs.ts")).skillCosts(parts),
    pullModel: (model, onProgress, signal) => parts.pullModel(model, onProgress, signal),
    close,
  };
  return application;
}

/** A run whose use case is still being loaded. */
function deferred(load: () => Promise<DirectiveRun>): DirectiveRun {
  return startDirectiveRun(async (emit) => {
    const run = await load();
    for await (const event of run) {
      emit(event);
    }
    return run.result;
  });
}
