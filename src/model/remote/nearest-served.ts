import { AgentError } from "../../shared/errors.ts";
import { describeNearest } from "../nearest-models.ts";
import { listModels } from "./list-models.ts";
import type { RemoteServer } from "./remote-server.ts";

/** Names the models of a server that are most like the one it lacks; nothing when it does not tell. */
export async function nearestServed(
  server: RemoteServer,
  model: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  try {
    const names = (await listModels(server, signal)).map(({ id }) => id);
    return describeNearest(model, names);
  } catch (error) {
    if (error instanceof AgentError && error.code !== "ABORTED") return "";
    throw error;
  }
}
