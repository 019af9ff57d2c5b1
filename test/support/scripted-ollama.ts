import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type RecordingSource, readRecordingSource } from "../../scripts/recordings-source.ts";
import type { Role } from "../../src/shared/events.ts";
import { packageRoot } from "../../src/shared/package-root.ts";
import { type ChatBody, type OllamaServer, startOllamaServer } from "./ollama-server.ts";
import type { Reply } from "./ollama-wire.ts";

/** The answers of a goal written under `recordings/source/`. */
export async function readSource(name: string): Promise<RecordingSource> {
  const path = join(packageRoot(), "recordings", "source", `${name}.md`);
  return readRecordingSource(await readFile(path, "utf8"));
}

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

/** A server whose model gives the answers of a source, each once. */
export async function startOllamaFor(source: RecordingSource): Promise<OllamaServer> {
  return startOllamaServer({
    answer: byRole(
      (role, order) => source.answers.find((one) => one.role === role && one.order === order)?.text,
    ),
  });
}
