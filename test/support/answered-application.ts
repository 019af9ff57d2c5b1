import type { Config } from "../../src/config/schema.ts";
import { type OllamaServer, type OllamaServerOptions, startOllamaServer } from "./ollama-server.ts";
import { openTemporaryApplication, type TemporaryApplication } from "./temporary-application.ts";

interface AnsweredApplication {
  readonly server: OllamaServer;
  readonly opened: TemporaryApplication;
}

/** A server, and the whole application on a workspace of its own that asks it. */
export async function openAnsweredApplication(
  options: OllamaServerOptions,
  settings: Partial<Config>,
): Promise<AnsweredApplication> {
  const server = await startOllamaServer(options);
  const opened = await openTemporaryApplication({ ...settings, ollamaHost: server.host });
  return { server, opened };
}

/** Ends both; answers of a script that nobody asked for do not matter. */
export async function closeAnsweredApplication(parts: AnsweredApplication): Promise<void> {
  await parts.opened.remove();
  await parts.server.close({ allowLeftOver: true });
}

let goals = 0;

/** A goal that no run of this file had before. */
export function newGoal(): string {
  goals += 1;
  return `Add one, task number ${goals}`;
}
