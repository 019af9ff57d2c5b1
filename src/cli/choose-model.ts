import type { Application, ModelReadiness } from "../application/application.ts";
import { modelChain } from "../config/model-chain.ts";
import { normalizeGoal } from "../shared/goal.ts";
import type { Language } from "../shared/json.ts";
import { askConsent, emitProblem } from "./ask-consent.ts";
import { formatBytes } from "./format.ts";
import { renderUnready } from "./render-unready.ts";
import { safeLine } from "./safe-text.ts";
import { verbatim } from "./screen.ts";
import type { Session } from "./session.ts";

export interface ModelWish {
  readonly goal: string;
  readonly language: Language;
  /** True when another skill is wanted although one works. */
  readonly again: boolean;
  /** True when a missing model is to be pulled without asking. */
  readonly pull: boolean;
}

/** `model` is absent when the configured one is ready. */
export type ModelChoice =
  | { readonly kind: "chosen"; readonly model?: string }
  /** No model; the person has been told what to do. */
  | { readonly kind: "none" };

type Missing = Extract<ModelReadiness, { kind: "missing" }>;

/** Finds out which model can work on a goal, and asks where a person has to decide. */
export async function chooseModel(session: Session, wish: ModelWish): Promise<ModelChoice> {
  const application = await session.application();
  const { chosenModel } = session;
  const readiness = await application.modelReadiness(wish.goal, chosenModel);
  if (readiness.kind === "ready") {
    return chosenModel === undefined ? { kind: "chosen" } : { kind: "chosen", model: chosenModel };
  }
  if (!wish.again && (await hasWorkingSkill(application, wish))) {
    // The existing skill will be offered; no model is needed for that.
    return { kind: "chosen" };
  }
  switch (readiness.kind) {
    case "recorded":
      if (session.isNews(readiness.problem)) {
        session.screen.note(...renderUnready(readiness, session.screen));
      }
      if (!session.screen.isLive) {
        // A terminal shows it with the run's first lines; a log of problems would not.
        session.screen.note(
          `📼 Recorded answers are used for this goal: ${safeLine(readiness.label)}`,
        );
      }
      return { kind: "chosen", model: "recordings" };
    case "remote-not-allowed":
      // What it takes beyond consent, a key say, is found out then.
      return (await askConsent(session, application, readiness))
        ? chooseModel(session, wish)
        : { kind: "none" };
    case "unreachable":
      session.screen.note(...renderUnready(readiness, session.screen));
      emitProblem(session, readiness);
      return { kind: "none" };
    case "missing":
      return chooseInstead(session, application, readiness, wish.pull);
  }
}

async function hasWorkingSkill(application: Application, wish: ModelWish): Promise<boolean> {
  const goal = normalizeGoal(wish.goal);
  const skills = await application.listSkills();
  return skills.some(
    (skill) =>
      skill.status === "working" &&
      skill.language === wish.language &&
      normalizeGoal(skill.goal) === goal,
  );
}

async function chooseInstead(
  session: Session,
  application: Application,
  missing: Missing,
  pullWithoutAsking: boolean,
): Promise<ModelChoice> {
  const { pullWithProgress } = await import("./pull-model.ts");
  if (pullWithoutAsking) {
    await pullWithProgress(session, application, missing.model);
    return { kind: "chosen" };
  }
  // Another one than that of a single role, or of a chain's end, would be no answer to the question.
  const { config } = await session.config();
  const [wanted] = modelChain(session.chosenModel ?? config.model);
  if (!session.screen.canAsk || missing.model !== wanted) {
    tellMissing(session, missing);
    return { kind: "none" };
  }
  const answer = await askForModel(missing);
  if (answer === undefined) {
    tellMissing(session, missing);
    return { kind: "none" };
  }
  if (answer !== missing.model) {
    session.chosenModel = answer;
    return { kind: "chosen", model: answer };
  }
  await pullWithProgress(session, application, missing.model);
  return { kind: "chosen" };
}

function tellMissing(session: Session, missing: Missing): void {
  const { screen, program } = session;
  const installed = missing.installed.map(({ name }) => safeLine(name)).join(", ");
  screen.note(
    `⚠️  The model ${safeLine(missing.model)} is not installed.`,
    ...(missing.isDownload === true ? [] : [`     Installed: ${installed || "none"}`]),
    ...(installed === "" ? [] : [verbatim(`     Use one of them: ${program} --model NAME "GOAL"`)]),
    pullAdvice(missing, program),
  );
  emitProblem(session, missing);
}

function pullAdvice(missing: Missing, program: string) {
  const name = safeLine(missing.model);
  return verbatim(
    missing.isDownload === true
      ? `     Download it: ${program} --pull --model ${name} "GOAL"`
      : `     Pull it${describeSize(missing.pullSizeBytes)}: ollama pull ${name}   (or give --pull)`,
  );
}

/** Returns the model to take, the missing one when it is to be pulled, or undefined for none. */
async function askForModel(missing: Missing): Promise<string | undefined> {
  const { select, isCancel } = await import("@clack/prompts");
  const answer = await select({
    message: `The model ${safeLine(missing.model)} is not installed. Which one shall work?`,
    options: [
      ...missing.installed.map(({ name, sizeBytes }) => ({
        value: name,
        label: safeLine(name),
        hint: `installed, ${formatBytes(sizeBytes)}`,
      })),
      {
        value: missing.model,
        label: pullLabel(missing),
      },
      { value: "", label: "None, stop here" },
    ],
  });
  return isCancel(answer) || answer === "" ? undefined : answer;
}

function pullLabel(missing: Missing): string {
  const name = safeLine(missing.model);
  return missing.isDownload === true
    ? `Download ${name} from its hub into the cache folder`
    : `Pull ${name}${describeSize(missing.pullSizeBytes)}`;
}

function describeSize(bytes: number | undefined): string {
  return bytes === undefined ? "" : ` (${formatBytes(bytes)})`;
}
