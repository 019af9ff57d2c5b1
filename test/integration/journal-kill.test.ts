import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openRunJournal } from "../../src/journal/run-journal.ts";
import { testSize } from "../support/requirements.ts";

const child = fileURLToPath(new URL("./journal-kill-child.ts", import.meta.url));
const rounds = testSize(8, 200);
const runId = "20261122-140000000-abcdefgh";

let runsDirectory: string;
beforeEach(async () => {
  runsDirectory = await mkdtemp(join(tmpdir(), "runs-"));
});
afterEach(() => rm(runsDirectory, { recursive: true }));

interface Writer {
  readonly process: ChildProcess;
  /** What it has named so far. */
  lines(): string[];
  opened: Promise<unknown>;
}

function startWriter(): Writer {
  const writer = spawn(process.execPath, [child, runsDirectory, runId], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let printed = "";
  writer.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  return {
    process: writer,
    // The last line may be unfinished.
    lines: () => printed.split("\n").slice(0, -1),
    opened: once(writer.stdout, "data"),
  };
}

async function kill(writer: Writer): Promise<void> {
  const gone = once(writer.process, "close");
  writer.process.kill("SIGKILL");
  await gone;
}

const never = () => Promise.reject(new Error("must not be asked again"));

describe("a journal whose writer is killed", () => {
  it(`openRunJournal() holds every acknowledged step and answer after ${rounds} kills at random instants`, async () => {
    for (let round = 0; round < rounds; round += 1) {
      const writer = startWriter();
      await writer.opened;
      await sleep(Math.random() * 60);
      await kill(writer);
      const journal = await openRunJournal({ runsDirectory, runId });
      expect(journal.damage?.kind).not.toBe("middle");
      for (const line of writer.lines()) {
        const [kind, text = ""] = line.split(" ");
        if (kind === "step") expect(await journal.step("count", never)).toBe(Number(text));
        if (kind !== "answer") continue;
        const request = { role: "coder", order: Number(text), messages: [] } as const;
        expect((await journal.answer(request, never)).answer.text).toBe(line);
      }
      await journal.close();
      await rm(journal.path);
    }
  });

  it("openRunJournal() refuses a run of another process, and gets it once that one is killed", async () => {
    const writer = startWriter();
    await writer.opened;
    try {
      await expect(openRunJournal({ runsDirectory, runId })).rejects.toMatchObject({
        code: "ALREADY_RUNNING",
      });
    } finally {
      await kill(writer);
    }
    const journal = await openRunJournal({ runsDirectory, runId });
    await journal.close();
  });
});
