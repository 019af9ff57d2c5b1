import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Application } from "../../src/application/application.ts";
import { configSchema } from "../../src/config/schema.ts";
import type { ChatRequest } from "../../src/model/chat-model.ts";
import { openApplication } from "../../src/wiring.ts";
import { inProcessParts } from "../support/in-process-parts.ts";
import { scriptedChat } from "../support/scripted-chat.ts";
import { scriptedAnswer } from "./kill-steps-script.ts";
import { errorOf, follow, goal, ofType } from "./run-support.ts";

let folder: string;
const opened: Application[] = [];
const asked: ChatRequest[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-forged-"));
  asked.length = 0;
});
afterEach(async () => {
  for (const application of opened.splice(0)) await application.close();
  await rm(folder, { recursive: true, force: true });
});

async function open(workspace: string, key: string): Promise<Application> {
  const workspaceRoot = join(folder, workspace);
  const application = await openApplication({
    config: configSchema.parse({ workspaceRoot, language: "typescript", maxIterations: 3 }),
    chatModel: scriptedChat((request) => {
      asked.push(request);
      return scriptedAnswer("success", request);
    }),
    signingKeyPath: join(folder, key),
    parts: inProcessParts(),
  });
  opened.push(application);
  return application;
}

/** A workspace whose run was cut off before its skill was admitted; its journal, changed line by line. */
async function cutOff(change: (line: string) => string) {
  const { result } = await follow((await open("made", "key")).runDirective(goal));
  const runs = join(folder, "copy", "runs");
  await cp(join(folder, "made"), join(folder, "copy"), { recursive: true });
  await rm(join(folder, "copy", "skills", `${result.skill}.certificate.json`));
  const path = join(runs, `${result.runId}.jsonl`);
  const lines = (await readFile(path, "utf8")).split("\n");
  const end = lines.findIndex((line) => line.includes('"step":"admit"'));
  const text = lines.slice(0, end).map(change).join("\n");
  await writeFile(path, `${text}\n`);
  asked.length = 0;
  return { ...result, runs, path, text };
}

/** The run's program, made wrong; what its journal says of its tests stays. */
const makeWrong = (line: string) => line.replaceAll("n + 1", "n + 2");

describe("resumeRun()", () => {
  it("takes over what its own journal says was tested", async () => {
    const { runId, skill } = await cutOff((line) => line);
    const mine = await open("copy", "key");
    expect((await follow(mine.resumeRun(runId))).result.status).toBe("completed");
    expect(await mine.showSkill(skill)).toMatchObject({ status: "working" });
    expect(asked).toEqual([]);
  });

  it("refuses a journal that another installation began, and leaves it as it is", async () => {
    const { runId, skill, path, text } = await cutOff(makeWrong);
    const mine = await open("copy", "another-key");
    expect(await errorOf(follow(mine.resumeRun(runId)))).toMatchObject({
      code: "JOURNAL_DAMAGED",
      message: expect.stringContaining("not as this installation wrote it"),
    });
    expect(await readFile(path, "utf8")).toBe(`${text}\n`);
    expect(await mine.showSkill(skill)).toMatchObject({ status: "untested" });
  });

  it.each([
    ["whose program was replaced behind its tests", makeWrong, "coder"],
    [
      "of which a step has a value of another type",
      (line: string) =>
        line.includes('"step":"vet-cases"') ? line.replace(/"value":.*/, '"value":5}') : line,
      "coder",
    ],
  ])("asks again from the changed line of a journal on %s", async (_title, change, role) => {
    const { runId, skill, runs } = await cutOff(change);
    const mine = await open("copy", "key");
    const { result, events } = await follow(mine.resumeRun(runId));
    expect(result.status).toBe("completed");
    expect(ofType(events, "warning-raised")).toMatchObject([
      { message: expect.stringContaining("not as this installation wrote it") },
    ]);
    expect(asked.map((request) => request.role)).toContain(role);
    const { source, status } = await mine.showSkill(skill);
    expect({ status, isRight: source.includes("n + 1") }).toEqual({
      status: "working",
      isRight: true,
    });
    expect((await readdir(runs)).filter((name) => name.includes(".damaged-"))).toHaveLength(1);
  });
});
