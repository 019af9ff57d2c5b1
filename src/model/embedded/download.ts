import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, rename, rm, stat, statfs, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { AgentError, systemErrorCode } from "../../shared/errors.ts";
import { fileError } from "../../shared/file-error.ts";
import { connectionFailed, type Hub, type HubFile, type HubSource } from "./hub.ts";

export interface DownloadProgress {
  readonly status: string;
  readonly completedBytes: number;
  readonly totalBytes: number;
}

export interface DownloadOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Waits before the connection is tried again; for tests. */
  readonly wait?: (ms: number) => Promise<void>;
}

export interface DownloadedModel {
  /** Of its first file. */
  readonly path: string;
  /** Of each file, in order. */
  readonly sha256: readonly string[];
}

/** After this many broken connections in a row that brought nothing, it is given up. */
const maxFruitlessTries = 4;
const firstWaitMs = 1_000;

/** Where the files of a model of a hub are kept, first part first. */
function modelPath(directory: string, source: HubSource, name: string): string {
  const { owner, repository, quantization } = source;
  return join(directory, owner, repository, quantization, basename(name));
}

/**
 * Downloads what is missing of a model. What a stop, a crash
 * or a broken connection leaves is a `.partial` file, at whose end the next download goes on. A file
 * gets its name when its SHA-256 is what the hub says; its digest is kept beside it as `.sha256`.
 *
 * @throws {AgentError} MODEL_FILE_DAMAGED when the digest differs, DISK_FULL before anything is
 * fetched when it cannot fit, ABORTED, and what `Hub` throws.
 */
export async function downloadModel(
  hub: Hub,
  source: HubSource,
  directory: string,
  options: DownloadOptions = {},
): Promise<DownloadedModel> {
  const files = await hub.files(source, options.signal);
  const download = new Download(hub, source, directory, files, options);
  return await download.run();
}

class Download {
  readonly #hub: Hub;
  readonly #source: HubSource;
  readonly #directory: string;
  readonly #files: readonly HubFile[];
  readonly #options: DownloadOptions;
  readonly #totalBytes: number;
  #completedBytes = 0;

  constructor(
    hub: Hub,
    source: HubSource,
    directory: string,
    files: readonly HubFile[],
    options: DownloadOptions,
  ) {
    this.#hub = hub;
    this.#source = source;
    this.#directory = directory;
    this.#files = files;
    this.#options = options;
    this.#totalBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  }

  async run(): Promise<DownloadedModel> {
    const paths = this.#files.map((file) => modelPath(this.#directory, this.#source, file.name));
    const [first = ""] = paths;
    try {
      await mkdir(dirname(first), { recursive: true });
      await this.#requireRoom(dirname(first));
      const sha256: string[] = [];
      for (const [index, file] of this.#files.entries()) {
        sha256.push(await this.#complete(file, paths[index] ?? ""));
      }
      return { path: first, sha256 };
    } catch (error) {
      throw fileError("Downloading a model", first, error);
    }
  }

  async #requireRoom(folder: string): Promise<void> {
    const { bavail, bsize } = await statfs(folder);
    const present = await Promise.all(
      this.#files.map(async (file) => {
        const path = modelPath(this.#directory, this.#source, file.name);
        return (await sizeOf(path)) ?? (await sizeOf(partialOf(path))) ?? 0;
      }),
    );
    const missing = this.#totalBytes - present.reduce((sum, bytes) => sum + bytes, 0);
    if (bavail * bsize >= missing) return;
    throw new AgentError(
      "DISK_FULL",
      `Downloading a model: ${folder} has ${bavail * bsize} bytes left, ${missing} are wanted; make room, or set cacheDirectory to another disk.`,
      { blame: "environment" },
    );
  }

  /** Returns its digest. */
  async #complete(file: HubFile, path: string): Promise<string> {
    if ((await sizeOf(path)) === file.sizeBytes) {
      this.#completedBytes += file.sizeBytes;
      return await digestOf(path);
    }
    await this.#fetchAll(file, partialOf(path));
    this.#tell(`checking ${basename(path)}`);
    const sha256 = await digestOf(partialOf(path));
    if (file.sha256 !== undefined && sha256 !== file.sha256) {
      await rm(partialOf(path));
      throw new AgentError(
        "MODEL_FILE_DAMAGED",
        `Downloading a model: ${file.name} has the SHA-256 ${sha256}, ${file.sha256} is wanted; it was thrown away; run it again.`,
        { blame: "environment", isRetryable: true },
      );
    }
    await writeFile(`${path}.sha256`, `${sha256}  ${basename(path)}\n`);
    await rename(partialOf(path), path);
    return sha256;
  }

  async #fetchAll(file: HubFile, partial: string): Promise<void> {
    const { wait = delay } = this.#options;
    const before = this.#completedBytes;
    let have = (await sizeOf(partial)) ?? 0;
    let fruitless = 0;
    while (have !== file.sizeBytes) {
      this.#completedBytes = before + have;
      const reached = await this.#fetchSome(file, partial, have, fruitless + 1 < maxFruitlessTries);
      fruitless = reached > have ? 0 : fruitless + 1;
      have = reached;
      // Without an error: the hub says that the file is longer than what it sends.
      if (have !== file.sizeBytes && fruitless >= maxFruitlessTries) {
        const found = new Error(`it ends after ${have} of ${file.sizeBytes} bytes`);
        const url = this.#hub.fileUrl(this.#source, file.name);
        throw connectionFailed(url, found, this.#options.signal, true);
      }
      if (have !== file.sizeBytes && fruitless > 0) await wait(firstWaitMs * 2 ** (fruitless - 1));
    }
    this.#completedBytes = before + file.sizeBytes;
  }

  /** Returns how many bytes are there now, also after a broken connection when that may be tried again. */
  async #fetchSome(
    file: HubFile,
    partial: string,
    have: number,
    mayBreak: boolean,
  ): Promise<number> {
    const { signal } = this.#options;
    const url = this.#hub.fileUrl(this.#source, file.name);
    const isTooLong = have > file.sizeBytes;
    const range = have > 0 && !isTooLong ? { range: `bytes=${have}-` } : {};
    try {
      const response = await this.#hub.request(url, { headers: range, signal });
      // A server that does not go on where it was asked to sends all of it again.
      const at = response.status === 206 ? have : 0;
      this.#completedBytes -= have - at;
      await this.#append(partial, at, file.sizeBytes, response.body ?? []);
    } catch (error) {
      const failure = connectionFailed(url, error, signal, true);
      if (!mayBreak || !failure.isRetryable) throw failure;
    }
    return (await sizeOf(partial)) ?? 0;
  }

  async #append(
    partial: string,
    at: number,
    sizeBytes: number,
    body: AsyncIterable<unknown> | Iterable<unknown>,
  ): Promise<void> {
    const handle = await open(partial, at === 0 ? "w" : "r+");
    try {
      let position = at;
      for await (const chunk of body) {
        const bytes = (chunk as Uint8Array).subarray(0, sizeBytes - position);
        await handle.writev([bytes], position).catch((error: unknown) => {
          throw fileError("Downloading a model", partial, error);
        });
        position += bytes.length;
        this.#completedBytes += bytes.length;
        this.#tell("downloading");
        if (position >= sizeBytes) break;
      }
      await handle.datasync();
    } finally {
      await handle.close();
    }
  }

  #tell(status: string): void {
    const { onProgress } = this.#options;
    onProgress?.({ status, completedBytes: this.#completedBytes, totalBytes: this.#totalBytes });
  }
}

function partialOf(path: string): string {
  return `${path}.partial`;
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest("hex");
}
