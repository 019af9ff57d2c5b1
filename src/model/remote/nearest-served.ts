import { AgentError } from "../../shared/errors.ts";
import { nearestWords } from "../../shared/nearest-word.ts";
import { listModels } from "./list-models.ts";
import type { RemoteServer } from "./remote-server.ts";

const shownNames = 3;

/** Names the models of a server that are most like the one it lacks; nothing when it does not tell. */
export async function nearestServed(
  server: RemoteServer,
  model: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  try {
    const served = await listModels(server, signal);
    return describeNearest(
      model,
      served.map(({ id }) => id),
    );
  } catch (error) {
    if (error instanceof AgentError && error.code !== "ABORTED") return "";
    throw error;
  }
}

export function describeNearest(model: string, names: readonly string[]): string {
  const near = nearestWords(model, names, shownNames);
  return near.length === 0
    ? "The server has no models."
    : `The nearest it has: ${near.join(", ")}.`;
}
