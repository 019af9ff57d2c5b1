import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RoleSettings, roleChains } from "../config/model-chain.ts";
import type { JournalEntry } from "../journal/journal.ts";
import { readJournal } from "../journal/read-journal.ts";
import { journalPath } from "../journal/run-id.ts";
import { openRunJournal } from "../journal/run-journal.ts";
import type { JudgeRequest } from "../loop/run.ts";
import { openMemory } from "../memory/memory-json.ts";
import { openLedger } from "../model/budget/open-ledger.ts";
import type { ChatModel } from "../model/chat-model.ts";
import { unknownModelContextTokens } from "../model/model-table.ts";
import { AgentError } from "../shared/errors.ts";
import { once } from "../shared/once.ts";
import { openDemotionRecords } from "../skills/demotion-records.ts";
import { openSkillLibrary } from "../skills/workspace-library.ts";
import { executeRun } from "./execute-run.ts";
import type { Parts } from "./parts.ts";
import { readStartedRun } from "./read-started-run.ts";
import { linksOf, type ResolvedModels } from "./resolve-model.ts";
import { prepareWorkspace } from "./workspace.ts";

/** Steps that come from outside of a run; all others are its own work, and done anew. */
const givenSteps: ReadonlySet<string> = new Set([
  "clock",
  "seed",
  "person",
  "model-switched",
  "recall",
  "recall-skills",
]);

export interface Replayed {
  /** The journal that the replay wrote. */
  readonly entries: readonly JournalEntry[];
  /** What was judged, in order. */
  readonly judged: readonly JudgeRequest[];
  /** Why it went no further than the recording; undefined when it came to its end. */
  readonly stopped?: AgentError;
}

/** Runs a recorded run again, from its answers, in a workspace that is removed afterwards. */
export async function replayJournal(
  parts: Parts,
  runId: string,
  entries: readonly JournalEntry[],
  signal: AbortSignal | undefined,
): Promise<Replayed> {
  const { directive, settings, models } = readStartedRun(entries, `Replaying run ${runId}`);
  const root = await mkdtemp(join(tmpdir(), "autodidact-replay-"));
  const closing: (() => Promise<void> | void)[] = [];
  try {
    const paths = await prepareWorkspace(root);
    const path = journalPath(paths.runs, runId);
    const lines = entries.filter(isGiven).map((entry) => `${JSON.stringify(entry)}\n`);
    await writeFile(path, lines.join(""));
    const replaying = replayParts(parts, root, paths, closing, (name) =>
      recordedModel(runId, name, entries),
    );
    const judged: JudgeRequest[] = [];
    const journal = await openRunJournal({ runsDirectory: paths.runs, runId, fsync: false });
    try {
      await executeRun(replaying, {
        directive,
        openModels: async () => recordedModels(replaying, models, entries),
        journal,
        settings,
        resumed: false,
        confirm: hadPerson(entries) ? async () => true : undefined,
        signal,
        emit: () => {},
        onJudge: (request) => judged.push(request),
      });
      return { entries: await readJournal(path), judged };
    } catch (error) {
      const isEnd = error instanceof AgentError && error.code === "RECORDING_EXHAUSTED";
      if (!isEnd) {
        throw error;
      }
      return { entries: await readJournal(path), judged, stopped: error };
    } finally {
      await journal.close();
    }
  } finally {
    for (const close of closing) {
      await close();
    }
    await rm(root, { recursive: true, force: true });
  }
}

function isGiven(entry: JournalEntry): boolean {
  return (
    entry.type === "run-started" ||
    entry.type === "model-answered" ||
    (entry.type === "step-recorded" && givenSteps.has(entry.step))
  );
}

function hadPerson(entries: readonly JournalEntry[]): boolean {
  return entries.some((entry) => entry.type === "step-recorded" && entry.step === "person");
}

/** The parts of this application, with memory, skills and ledger of a workspace of their own. */
function replayParts(
  parts: Parts,
  root: string,
  paths: Awaited<ReturnType<Parts["workspace"]>>,
  closing: (() => Promise<void> | void)[],
  open: (name: string) => ChatModel,
): Parts {
  const memory = once(async () => {
    const { failuresPerSkill } = parts.config;
    const opened = openMemory({ workspaceRoot: root, failuresPerSkill, onWarning: () => {} });
    closing.push(() => opened.close());
    return opened;
  });
  // Nothing is asked, so that nothing may be counted, and no other process's calls let go of.
  const ledger = once(async () => {
    const options = { workspaceRoot: root, runsDirectory: paths.runs, clock: parts.clock };
    const opened = await openLedger({ ...options, onWarning: () => {} });
    closing.push(() => opened.close());
    return opened;
  });
  return {
    ...parts,
    workspace: async () => paths,
    memory,
    ledger,
    skills: once(async () =>
      openSkillLibrary({
        workspaceRoot: root,
        memory: await memory(),
        keys: await parts.keys(),
        demotions: openDemotionRecords(join(root, "demoted")),
      }),
    ),
    model: async (name) => open(name),
    warnings: () => [],
  };
}

function recordedModels(
  parts: Parts,
  models: RoleSettings,
  entries: readonly JournalEntry[],
): ResolvedModels {
  const links = linksOf(parts, roleChains(models));
  const label = entries.find((entry) => entry.type === "run-started")?.recordingLabel;
  return { links, ...(label === undefined ? {} : { recordingLabel: label }) };
}

/** The model as the journal knows it: what it has not answered there it cannot be asked. */
function recordedModel(runId: string, name: string, entries: readonly JournalEntry[]): ChatModel {
  const label = entries.find((entry) => entry.type === "run-started")?.recordingLabel;
  return {
    name,
    contextTokens: unknownModelContextTokens,
    ...(label === undefined ? {} : { recordingLabel: label }),
    chat: async ({ role, order }) => {
      throw new AgentError(
        "RECORDING_EXHAUSTED",
        `Replaying run ${runId}: call ${order + 1} of the ${role} is not in its journal; the run was cut off there, or goes another way now; resume it to go on with a model.`,
        { blame: "caller" },
      );
    },
  };
}
