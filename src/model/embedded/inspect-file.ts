import { stat } from "node:fs/promises";
import type { GgufFileInfo, GgufInsights, Llama } from "node-llama-cpp";
import type { Inspection } from "./engine-protocol.ts";
import { detailOf, Refused } from "./refused.ts";

type Library = typeof import("node-llama-cpp");

/** A smaller window holds no prompt of ours with its answer. */
const smallestContextTokens = 2_048;

/**
 * Reads the head of a model file and says what it needs, without loading its weights. The window is
 * halved until it fits, down to 2,048 tokens.
 *
 * @throws {Refused} no-file, damaged, too-large.
 */
export async function inspectFile(
  library: Library,
  llama: Llama,
  path: string,
  wantedTokens: number,
): Promise<Inspection> {
  const fileBytes = await sizeOf(path);
  const info = await readHead(library, path);
  requireWholeWeights(info, fileBytes);
  const insights = await library.GgufInsights.from(info, llama);
  const trainedContextTokens = insights.trainContextSize ?? wantedTokens;
  const availableBytes = process.availableMemory();
  let contextTokens = Math.min(wantedTokens, trainedContextTokens);
  let neededBytes = await needed(insights, contextTokens);
  while (neededBytes > availableBytes && contextTokens / 2 >= smallestContextTokens) {
    contextTokens = Math.floor(contextTokens / 2);
    neededBytes = await needed(insights, contextTokens);
  }
  if (neededBytes > availableBytes) {
    throw new Refused(
      "too-large",
      `it needs ${gigabytes(neededBytes)} with a window of ${contextTokens} tokens, and ${gigabytes(availableBytes)} of memory are free`,
    );
  }
  const architecture = info.metadata.general.architecture;
  return {
    architecture,
    fileBytes,
    trainedContextTokens,
    contextTokens,
    neededBytes,
    availableBytes,
  };
}

async function sizeOf(path: string): Promise<number> {
  try {
    const found = await stat(path);
    if (found.isFile()) return found.size;
  } catch (error) {
    throw new Refused("no-file", detailOf(error), error);
  }
  throw new Refused("no-file", "it is no file");
}

async function readHead(library: Library, path: string): Promise<GgufFileInfo> {
  try {
    return await library.readGgufFileInfo(path, { sourceType: "filesystem", logWarnings: false });
  } catch (error) {
    throw new Refused("damaged", `its head cannot be read: ${detailOf(error)}`, error);
  }
}

/** A download that was cut off has a whole head and too few weights. */
function requireWholeWeights(info: GgufFileInfo, fileBytes: number): void {
  // A model in several files keeps most weights in the others; the engine itself checks those.
  if (info.splicedParts > 1) return;
  const lastOffset = Math.max(0, ...(info.tensorInfo ?? []).map((tensor) => Number(tensor.offset)));
  const wanted = Number(info.infoEndOffset ?? 0) + lastOffset;
  if (fileBytes > wanted) return;
  throw new Refused(
    "damaged",
    `it has ${fileBytes} bytes where its own table of contents needs more than ${wanted}`,
  );
}

async function needed(insights: GgufInsights, contextTokens: number): Promise<number> {
  const weights = await insights.estimateModelResourceRequirementsV2({ gpuLayers: 0 });
  const context = await insights.estimateContextResourceRequirementsV2({
    contextSize: contextTokens,
    modelGpuLayers: 0,
  });
  return weights.cpuRam + context.cpuRam;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
