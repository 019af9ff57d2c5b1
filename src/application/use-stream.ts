import { AgentError } from "../shared/errors.ts";
import type { JsonValue } from "../shared/json.ts";
import type { OpenSkill, StreamResult } from "./application.ts";

/**
 * Gives the result of each input in order and closes the skill at the end, also when whoever
 * iterates stops early. Takes the next input when the last result was taken.
 *
 * @throws {AgentError} what is not the input's fault: an abort, a sandbox that cannot start.
 */
export async function* useStream(
  skill: string,
  opened: OpenSkill,
  inputs: AsyncIterable<JsonValue> | Iterable<JsonValue>,
): AsyncGenerator<StreamResult, void, undefined> {
  let index = 0;
  try {
    for await (const input of inputs) {
      yield await oneResult(skill, opened, input, index);
      index += 1;
    }
  } finally {
    await opened.close();
  }
}

async function oneResult(
  skill: string,
  opened: OpenSkill,
  input: JsonValue,
  index: number,
): Promise<StreamResult> {
  try {
    return { index, ...(await opened.call(input)) };
  } catch (error) {
    if (error instanceof AgentError && error.code === "USAGE") {
      return { index, skill, error };
    }
    throw error;
  }
}
