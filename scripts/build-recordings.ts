import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { configSchema } from "../src/config/schema.ts";
import type { JournalEntry } from "../src/journal/journal.ts";
import { unknownModelContextTokens } from "../src/model/model-table.ts";
import { packageRoot } from "../src/shared/package-root.ts";
import { openApplication } from "../src/wiring.ts";
import { type RecordingSource, readRecordingSource } from "./recordings-source.ts";
import { createScriptedModel } from "./scripted-model.ts";

/** Recordings carry no real time: building them twice must give the same bytes. */
const recordedAt = "2026-11-22T00:00:00.000Z";

const folder = join(packageRoot(), "recordings");
const wanted = process.argv.slice(2);

for (const file of (await readdir(join(folder, "source"))).sort()) {
  const name = basename(file, ".md");
  if (wanted.length === 0 || wanted.includes(name)) {
    const source = readRecordingSource(await readFile(join(folder, "source", file), "utf8"));
    const lines = await playThrough(source, name);
    await writeFile(join(folder, `${name}.jsonl`), `${lines.join("\n")}\n`);
    console.log(`${name}: ${lines.length - 1} answers`);
  }
}

/** Plays the written answers through the real loop, so that each is kept with the prompt it answers. */
async function playThrough(source: RecordingSource, name: string): Promise<string[]> {
  const workspaceRoot = await mkdtemp(join(tmpdir(), "autodidact-recording-"));
  const scripted = createScriptedModel(source);
  const application = await openApplication({
    config: configSchema.parse({ workspaceRoot, language: source.language }),
    chatModel: { ...scripted, contextTokens: unknownModelContextTokens },
  });
  try {
    const run = application.runDirective(source.goal, {});
    for await (const event of run) {
      if (event.type === "attempt-failed" || event.type === "case-dropped") {
        console.log(`  ${name}: ${JSON.stringify(event).slice(0, 300)}`);
      }
    }
    const result = await run.result;
    const unused = scripted.unused();
    if (result.status !== "completed" || unused.length > 0) {
      throw new Error(`${name}: ended ${result.status}, not asked for: ${unused.join(", ")}`);
    }
    return (await application.showRun(result.runId)).flatMap((entry) => keep(entry, source, name));
  } finally {
    await application.close();
    await rm(workspaceRoot, { recursive: true, force: true });
  }
}

function keep(entry: JournalEntry, source: RecordingSource, name: string): string[] {
  if (entry.type === "run-started") {
    const { goal, language, aliases, label: recordingLabel } = source;
    const { schemaVersion } = entry;
    const options = { language, aliases };
    const started = { type: entry.type, at: recordedAt, schemaVersion, runId: name, goal };
    return [JSON.stringify({ ...started, options, settings: {}, recordingLabel })];
  }
  if (entry.type === "model-answered") {
    const { seed: _seed, ...rest } = entry;
    const answer = { ...entry.answer, model: "written-by-hand", durationMs: 0, firstTokenMs: 0 };
    return [JSON.stringify({ ...rest, at: recordedAt, answer })];
  }
  return [];
}
