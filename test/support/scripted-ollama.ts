import type { Role } from "../../src/shared/events.ts";
import type { ChatBody } from "./ollama-server.ts";
import type { Reply } from "./ollama-wire.ts";

/** Whose part a request asks the model to play; the prompts' forms tell. */
export function roleOf(request: ChatBody): Role {
  const format = JSON.stringify(request.format ?? "");
  if (request.format === undefined) return "coder";
  if (format.includes('"entry"')) return "planner";
  return format.includes('"cases"') ? "tester" : "analyst";
}

/** Gives the n-th answer of each role in turn; `answer` counts per role, from 0. */
export function byRole(
  answer: (role: Role, order: number) => Reply | undefined,
): (request: ChatBody) => Reply | undefined {
  const counts = new Map<Role, number>();
  return (request) => {
    const role = roleOf(request);
    const order = counts.get(role) ?? 0;
    counts.set(role, order + 1);
    return answer(role, order);
  };
}
