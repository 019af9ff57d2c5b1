import { sourceExtension } from "../shared/json.ts";
import { enterPhase } from "./phase.ts";
import type { Run } from "./run.ts";
import type { LoopState, StateChange } from "./state.ts";

/** WRITE: the candidate becomes the skill's file, status `untested`; a lost attempt passes through. */
export async function write(run: Run, state: LoopState): Promise<StateChange> {
  const { candidate, contract } = state;
  if (candidate === null || contract === null || state.problem !== null) {
    return {};
  }
  const { skill: name, language, goal } = run.directive;
  const leave = enterPhase(run, "write", state.attempt, `${name}${sourceExtension(language)}`);
  const at = new Date(await run.journal.step("clock", () => run.clock.now().toISOString()));
  const { description } = contract;
  const { source } = candidate;
  // A step, so that replaying never writes an old candidate over the one that came after it.
  const path = await run.journal.step("write", () =>
    run.skills.write({ name, language, goal, description, source }, at),
  );
  run.emit({ type: "skill-file-written", path });
  leave();
  return {};
}
