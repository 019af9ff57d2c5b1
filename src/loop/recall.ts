import { normalizeGoal } from "../shared/goal.ts";
import type { RelatedSkill } from "./prompt-slots.ts";
import type { Run } from "./run.ts";

const failureLimit = 5;
const skillLimit = 2;
/** Share of the shorter goal's words that both goals must have; "csv parser" is near "csv to json". */
const leastSharedWords = 0.5;

/** What earlier runs taught; never anything of a suite, a certificate or a journal. */
export interface Recalled {
  readonly failures: readonly string[];
  /** Working skills for similar goals, nearest first. */
  readonly skills: readonly RelatedSkill[];
}

/** Looks up what is near the goal, once an attempt for failures and the same way on a replay. */
export async function recall(run: Run): Promise<Recalled> {
  return { failures: await recallFailures(run), skills: await recallSkills(run) };
}

async function recallFailures(run: Run): Promise<readonly string[]> {
  const recalled = await run.journal.step("recall", async () => {
    const { goal, skill } = run.directive;
    const failures = await run.memory.recallFailures({ goal, skill }, failureLimit);
    // This run's own failures reach the coder as facts; twice would waste the window.
    return failures
      .filter(({ failure }) => failure.run_id !== run.journal.runId)
      .map(({ failure }) => ({ skill: failure.skill, text: `${failure.kind}: ${failure.error}` }));
  });
  if (recalled.length > 0) {
    const skills = [...new Set(recalled.map((one) => one.skill))];
    run.emit({ type: "failures-recalled", count: recalled.length, skills });
  }
  return recalled.map((one) => one.text);
}

async function recallSkills(run: Run): Promise<readonly RelatedSkill[]> {
  const recalled = await run.journal.step("recall-skills", async () => {
    const { goal, language, skill: ownName } = run.directive;
    const wanted = wordsOf(goal);
    return (await run.skills.list())
      .filter((skill) => skill.status === "working" && skill.name !== ownName)
      .filter((skill) => skill.language === language)
      .map((skill) => ({ skill, nearness: sharedWords(wanted, wordsOf(skill.goal)) }))
      .filter(({ nearness }) => nearness >= leastSharedWords)
      .toSorted((a, b) => b.nearness - a.nearness)
      .slice(0, skillLimit)
      .map(({ skill: { name, description, source } }) => ({ name, description, source }));
  });
  if (recalled.length > 0) {
    run.emit({ type: "skills-recalled", skills: recalled.map((skill) => skill.name) });
  }
  return recalled;
}

function wordsOf(goal: string): ReadonlySet<string> {
  const words = normalizeGoal(goal).split(/[^\p{L}\p{N}]+/u);
  return new Set(words.filter((word) => word.length > 2));
}

function sharedWords(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const shared = [...one].filter((word) => other.has(word)).length;
  return shared / Math.max(1, Math.min(one.size, other.size));
}
