import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { openSandbox } from "../../src/sandbox/open-sandbox.ts";
import { openSourceReader } from "../../src/syntax/source-reader.ts";
import { findPython } from "../sandbox-peers.ts";
import type { ArenaTools } from "./observe.ts";
import {
  type ArenaOptions,
  type Collection,
  collections,
  playCollection,
} from "./play-collections.ts";
import { plotArena } from "./plot.ts";
import { type ArenaFigures, type CollectionFigures, reportLines } from "./report.ts";
import { measureSpeed } from "./speed.ts";

const usage =
  "Running the arena: a folder with the recorded data is wanted; give --data FOLDER or set AUTODIDACT_BENCH_DATA. " +
  `Further: --json FILE, --plot FILE, --limit N, --ablation, --collection NAME (${collections.join(", ")}).`;

async function runArena(
  dataFolder: string,
  chosen: readonly Collection[],
  options: Pick<ArenaOptions, "limit" | "ablates">,
): Promise<ArenaFigures> {
  const sandbox = await openSandbox("python", { warmProcesses: 2 });
  await sandbox.warm();
  const reader = openSourceReader();
  const counts = {
    executions: 0,
    processes: 0,
    programs: 0,
    executionMs: 0,
    insideMs: 0,
    startsMs: [],
  };
  const interpreter = await findPython();
  const tools: ArenaTools = { sandbox, reader, counts, interpreter };
  try {
    const played: CollectionFigures[] = [];
    for (const collection of chosen) {
      played.push(await playCollection(tools, collection, { ...options, dataFolder }));
      console.error(`${collection}: ${played.at(-1)?.seconds ?? 0} s`);
    }
    const speed = measureSpeed(counts);
    const { runtime, backend } = sandbox;
    return { runtime, backend, collections: played, speed };
  } finally {
    await Promise.all([sandbox.close(), reader.close()]);
  }
}

const { values } = parseArgs({
  options: {
    data: { type: "string" },
    json: { type: "string" },
    plot: { type: "string" },
    collection: { type: "string" },
    limit: { type: "string" },
    ablation: { type: "boolean", default: false },
  },
});
const dataFolder = values.data ?? process.env["AUTODIDACT_BENCH_DATA"];
const chosen = collections.filter(
  (name) => values.collection === undefined || values.collection === name,
);
const limit = values.limit === undefined ? undefined : Number(values.limit);
if (dataFolder === undefined || chosen.length === 0 || Number.isNaN(limit)) {
  console.error(usage);
  process.exitCode = 2;
} else {
  const figures = await runArena(dataFolder, chosen, { limit, ablates: values.ablation });
  console.log(reportLines(figures).join("\n"));
  if (values.json !== undefined) {
    await writeFile(values.json, `${JSON.stringify(figures, null, 2)}\n`);
  }
  if (values.plot !== undefined) {
    await writeFile(values.plot, plotArena(figures.collections));
  }
}
