import { readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Config } from "../../config/schema.ts";
import { defaultCacheDirectory } from "../../shared/cache-directory.ts";
import { AgentError, systemErrorCode } from "../../shared/errors.ts";
import { type DownloadedModel, type DownloadOptions, downloadModel } from "./download.ts";
import { EmbeddedModel, type EmbeddedModelConfig } from "./embedded-model.ts";
import type { EmbeddedSource } from "./embedded-name.ts";
import { Hub, type HubSource } from "./hub.ts";

export type EmbeddedConfig = EmbeddedModelConfig & Pick<Config, "cacheDirectory">;

/** Opens each embedded model once: a second process would hold its weights a second time. */
export class EmbeddedModels {
  readonly #opened = new Map<string, Promise<EmbeddedModel>>();

  /** @throws {AgentError} MODEL_MISSING, MODEL_ENGINE_MISSING, MODEL_FILE_DAMAGED, MODEL_TOO_LARGE. */
  async open(name: string, source: EmbeddedSource, config: EmbeddedConfig): Promise<EmbeddedModel> {
    const path = await findModelFile(source, config);
    if (path === undefined) throw notDownloaded(name);
    const opening = this.#opened.get(path) ?? EmbeddedModel.open(name, path, config);
    this.#opened.set(path, opening);
    try {
      return await opening;
    } catch (error) {
      this.#opened.delete(path);
      throw error;
    }
  }

  /** Ends the processes; a call under way fails. */
  async close(): Promise<void> {
    const opened = await Promise.allSettled(this.#opened.values());
    this.#opened.clear();
    await Promise.all(
      opened.map(async (one) => (one.status === "fulfilled" ? one.value.close() : undefined)),
    );
  }
}

/** Returns the path of a model's first file, or undefined when it is not downloaded yet. */
export async function findModelFile(
  source: EmbeddedSource,
  config: Pick<Config, "cacheDirectory">,
): Promise<string | undefined> {
  if (source.kind === "file") return resolve(source.path);
  const folder = join(
    modelsDirectory(config),
    source.owner,
    source.repository,
    source.quantization,
  );
  try {
    const names = await readdir(folder);
    const [first] = names.filter((name) => name.endsWith(".gguf")).sort();
    // A model in several files is there when its last part is.
    const isWhole = first !== undefined && names.includes(lastPartOf(first));
    return isWhole ? join(folder, first) : undefined;
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Bytes of the model's file, the first of several; undefined when it is not there. */
export async function modelFileBytes(
  source: EmbeddedSource,
  config: Pick<Config, "cacheDirectory">,
): Promise<number | undefined> {
  const path = await findModelFile(source, config);
  return path === undefined ? undefined : (await stat(path).catch(() => undefined))?.size;
}

/** @throws {AgentError} see `downloadModel`. */
export async function pullEmbedded(
  source: HubSource,
  config: Pick<Config, "cacheDirectory">,
  options: DownloadOptions,
): Promise<DownloadedModel> {
  const hub = new Hub();
  try {
    return await downloadModel(hub, source, modelsDirectory(config), options);
  } finally {
    await hub.close();
  }
}

function modelsDirectory({ cacheDirectory }: Pick<Config, "cacheDirectory">): string {
  return join(cacheDirectory ?? defaultCacheDirectory(), "models");
}

/** Parts are fetched in order, so the last one comes last. */
function lastPartOf(name: string): string {
  return name.replace(/-\d{5}-of-(\d{5})\.gguf$/, "-$1-of-$1.gguf");
}

function notDownloaded(name: string): AgentError {
  return new AgentError(
    "MODEL_MISSING",
    `Opening the model ${name}: it is not downloaded, its file is wanted; give --pull to download it.`,
    { blame: "environment" },
  );
}
