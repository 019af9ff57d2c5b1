import { z } from "zod";
import { parseJson } from "../../shared/json.ts";
import { type Asked, modelError } from "../model-errors.ts";
import { Watchdog } from "../watchdog.ts";
import { remoteFetch } from "./remote-fetch.ts";
import type { RemoteServer } from "./remote-server.ts";
import { remoteConnectionError } from "./status-error.ts";

export interface ServedModel {
  readonly id: string;
  /** Prompt and answer together, on servers that say: vLLM, llama.cpp, OpenRouter. */
  readonly contextTokens?: number;
}

const listSchema = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      max_model_len: z.number().nullish(),
      context_length: z.number().nullish(),
      meta: z.object({ n_ctx: z.number().nullish() }).nullish(),
    }),
  ),
});

const listTimeoutMs = 30_000;
const maxListBytes = 16 * 1024 * 1024;

/**
 * Asks which models the server has.
 *
 * @throws {AgentError} as a chat does; MODEL_PROTOCOL where the server has no such list.
 * @see https://platform.openai.com/docs/api-reference/models/list
 * @see https://docs.anthropic.com/en/api/models-list
 */
export async function listModels(
  server: RemoteServer,
  signal?: AbortSignal,
): Promise<ServedModel[]> {
  const asked = server.asked("Asking the server for its models");
  const watch = new Watchdog({
    asked,
    firstTimeoutMs: listTimeoutMs,
    idleTimeoutMs: listTimeoutMs,
    sign: "byte",
    signal,
    logHint: "look at the server's log",
    connectionError: remoteConnectionError,
  });
  try {
    return await server.connections.use(async (send) => {
      let bytes = 0;
      const fetch = remoteFetch({
        server,
        asked,
        send,
        signal: watch.signal,
        contentType: /json/i,
        onChunk: (chunk) => {
          bytes += chunk.length;
          watch.sawProgress();
          if (bytes > maxListBytes) throw tooLong(asked);
          return chunk;
        },
      });
      const query = server.kind === "anthropic" ? "?limit=1000" : "";
      const response = await fetch(`${server.endpoint.url}/models${query}`, {
        headers: { ...server.headers },
      });
      return readList(asked, await response.text()).map((model) => ({
        ...model,
        id: server.withoutKey(model.id),
      }));
    });
  } catch (error) {
    throw watch.explain(error);
  } finally {
    watch.stop();
  }
}

function tooLong(asked: Asked): Error {
  return modelError(
    "MODEL_PROTOCOL",
    asked,
    `${asked.url}/models sent more than ${maxListBytes} bytes; a list of models is wanted; check the URL and any proxy in between`,
    { blame: "environment" },
  );
}

function readList(asked: Asked, text: string): ServedModel[] {
  const parsed = listSchema.safeParse(parseJson(text));
  if (!parsed.success) {
    throw modelError(
      "MODEL_PROTOCOL",
      asked,
      `${asked.url}/models holds no list of models; check the URL and any proxy in between`,
      { blame: "environment" },
    );
  }
  return parsed.data.data.map(({ id, max_model_len: length, context_length: window, meta }) => {
    const contextTokens = length ?? window ?? meta?.n_ctx;
    return { id, ...(typeof contextTokens === "number" ? { contextTokens } : {}) };
  });
}
