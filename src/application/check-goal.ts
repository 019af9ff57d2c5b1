import { AgentError } from "../shared/errors.ts";

const maxGoalCharacters = 8_000;

/**
 * Returns the goal, trimmed.
 *
 * @throws {AgentError} GOAL_INVALID when it is empty or too long to fit a prompt.
 */
export function checkGoal(goal: string): string {
  // Programs in plain JavaScript are callers too.
  const trimmed = typeof goal === "string" ? goal.trim() : "";
  if (trimmed === "") {
    throw new AgentError(
      "GOAL_INVALID",
      'Reading the goal: it is empty, a sentence is wanted; try "Create a JSON validator skill".',
      { blame: "caller" },
    );
  }
  if (trimmed.length > maxGoalCharacters) {
    throw new AgentError(
      "GOAL_INVALID",
      `Reading the goal: it has ${trimmed.length} characters, at most ${maxGoalCharacters} are wanted; say it shorter, and give files with --input.`,
      { blame: "caller" },
    );
  }
  return trimmed;
}
