import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { configSchema } from "../../src/config/schema.ts";
import { readJournal } from "../../src/journal/read-journal.ts";
import type { Language } from "../../src/shared/json.ts";
import { openApplication } from "../../src/wiring.ts";
import { type ChatBody, type OllamaServer, startOllamaServer } from "../support/ollama-server.ts";
import { testSize } from "../support/requirements.ts";
import { roleOf } from "../support/scripted-ollama.ts";
import {
  agreeAnswer,
  codeAnswer,
  contractAnswer,
  follow,
  goal,
  lastingFacts,
  suiteAnswer,
} from "./run-support.ts";

const child = fileURLToPath(new URL("./run-killed-child.ts", import.meta.url));
const skill = "create_a_skill_that_adds_one";
const allCalls = ["planner 0", "tester 0", "coder 0", "analyst 0", "coder 1", "analyst 1"];

let server: OllamaServer;
let languageAnswered: Language = "typescript";
const folders: string[] = [];

/** Answers from the request alone, since a call that was cut off may come twice: wrong first, then right. */
function answer(request: ChatBody): string {
  const isRetry = JSON.stringify(request.messages).includes("Your last version:");
  switch (roleOf(request)) {
    case "planner":
      return contractAnswer;
    case "tester":
      return suiteAnswer;
    case "coder":
      return codeAnswer(isRetry ? "n + 1" : "n + 2", languageAnswered);
    case "analyst":
      return agreeAnswer;
  }
}

beforeAll(async () => {
  server = await startOllamaServer({ answer });
});

afterEach(async () => {
  for (const folder of folders.splice(0)) {
    await rm(folder, { recursive: true, force: true });
  }
});

afterAll(async () => {
  await server.close();
});

async function newWorkspace(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "autodidact-killed-"));
  folders.push(folder);
  return folder;
}

function start(workspaceRoot: string, language: Language, ...goalOrNone: string[]): ChildProcess {
  const args = [child, workspaceRoot, server.host, language, ...goalOrNone];
  return spawn(process.execPath, args, { stdio: ["ignore", "inherit", "inherit"] });
}

async function journalOf(workspaceRoot: string): Promise<string | undefined> {
  const folder = join(workspaceRoot, "runs");
  const names = existsSync(folder) ? await readdir(folder) : [];
  const name = names.find((one) => one.endsWith(".jsonl"));
  return name === undefined ? undefined : join(folder, name);
}

async function journalLines(workspaceRoot: string): Promise<number> {
  const path = await journalOf(workspaceRoot);
  return path === undefined ? 0 : (await readFile(path, "utf8")).split("\n").length - 1;
}

/** Processes that descend from one, children first. */
async function descendantsOf(processId: number): Promise<number[]> {
  const parents = new Map<number, number>();
  for (const name of await readdir("/proc")) {
    const stat = /^\d+$/.test(name)
      ? await readFile(`/proc/${name}/stat`, "utf8").catch(() => "")
      : "";
    const parent = /^\d+ \(.*\) \S (\d+)/s.exec(stat)?.[1];
    if (parent !== undefined) parents.set(Number(name), Number(parent));
  }
  const found = [processId];
  for (const ancestor of found) {
    for (const [one, parent] of parents) if (parent === ancestor) found.push(one);
  }
  return found.slice(1);
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}

/** Kills a run once its journal has so many lines, and waits until nothing of it is left. */
async function killAtLine(
  workspaceRoot: string,
  running: ChildProcess,
  line: number,
): Promise<"killed" | "ended"> {
  const exited = once(running, "exit");
  while (running.exitCode === null && (await journalLines(workspaceRoot)) < line) {
    await sleep(4);
  }
  const { pid = 0 } = running;
  const started = existsSync("/proc/self/stat") ? await descendantsOf(pid) : [];
  running.kill("SIGKILL");
  await exited;
  await expect.poll(() => started.filter(isAlive), { timeout: 20_000, interval: 20 }).toEqual([]);
  return running.signalCode === "SIGKILL" ? "killed" : "ended";
}

async function answeredCalls(workspaceRoot: string): Promise<string[]> {
  const path = await journalOf(workspaceRoot);
  const entries = path === undefined ? [] : await readJournal(path);
  return entries
    .filter((entry) => entry.type === "model-answered")
    .map(({ role, order }) => `${role} ${order}`);
}

async function readableMemory(workspaceRoot: string): Promise<void> {
  const path = join(workspaceRoot, "memory.json");
  if (existsSync(path)) {
    expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({ schemaVersion: 1 });
  }
}

/** Ends what was cut off, as the next start of the program does; returns the calls it made. */
async function finish(workspaceRoot: string, language: Language, kills: number): Promise<string[]> {
  const before = server.chats().length;
  const ollamaHost = server.host;
  const config = configSchema.parse({ workspaceRoot, ollamaHost, language, maxMutants: 8 });
  const application = await openApplication({ config });
  try {
    const [pending, ...others] = await application.pendingRuns();
    expect(others).toEqual([]);
    // Killed before its first line or after its last, it is the goal that is given again.
    const run =
      pending === undefined ? application.runDirective(goal) : application.resumeRun(pending.runId);
    const { result } = await follow(run);
    expect(result).toMatchObject({ status: "completed", skill });
    expect(await application.pendingRuns()).toEqual([]);
    const { failures, directives, skills } = await application.readMemory();
    expect(failures).toMatchObject([{ skill, attempt: 1, kind: "wrong-value" }]);
    expect(directives).toMatchObject([{ goal, status: "completed", skill }]);
    expect(skills).toMatchObject([{ name: skill, status: "working" }]);
    // Each answered call is paid for once, and each kill may have come upon one more.
    const costs = await application.skillCosts();
    expect(costs).toMatchObject([{ skill, runs: 1 }]);
    expect(costs[0]?.requests).toBeGreaterThanOrEqual(allCalls.length);
    expect(costs[0]?.requests).toBeLessThanOrEqual(allCalls.length + kills);
  } finally {
    await application.close();
  }
  expect(await readdir(join(workspaceRoot, "exec"))).toEqual([]);
  return callsOf(server.chats().slice(before));
}

/** Names requests by role and order, told from what they ask. */
function callsOf(chats: readonly ChatBody[]): string[] {
  return chats.map((chat) => {
    const text = JSON.stringify(chat.messages);
    const role = roleOf(chat);
    const isSecond = text.includes("Your last version:") || text.includes("return n + 1");
    return `${role} ${(role === "coder" || role === "analyst") && isSecond ? 1 : 0}`;
  });
}

const unbrokenRuns = new Map<Language, ReturnType<typeof runUnbroken>>();

/** A run of which nothing was cut off; one for each language. */
function unbroken(language: Language): ReturnType<typeof runUnbroken> {
  languageAnswered = language;
  const run = unbrokenRuns.get(language) ?? runUnbroken(language);
  unbrokenRuns.set(language, run);
  return run;
}

async function runUnbroken(language: Language) {
  const workspaceRoot = await newWorkspace();
  expect(await finish(workspaceRoot, language, 0)).toEqual(allCalls);
  const lines = await journalLines(workspaceRoot);
  return { facts: await lastingFacts(workspaceRoot, skill), lines };
}

describe("a run that is killed with SIGKILL", () => {
  it("ends as an unbroken one would, wherever its journal stood", async () => {
    const { facts, lines } = await unbroken("typescript");
    const kills = testSize(1, 60, 3);
    let killed = 0;
    for (let index = 0; index < kills; index += 1) {
      const workspaceRoot = await newWorkspace();
      const running = start(workspaceRoot, "typescript", goal);
      const line = Math.round(kills === 1 ? lines / 2 : (index * lines) / (kills - 1));
      if ((await killAtLine(workspaceRoot, running, line)) === "killed") killed += 1;
      await readableMemory(workspaceRoot);
      const answered = await answeredCalls(workspaceRoot);
      const asked = await finish(workspaceRoot, "typescript", 1);
      expect([...answered, ...asked]).toEqual(allCalls);
      expect(await lastingFacts(workspaceRoot, skill)).toEqual(facts);
    }
    expect(killed).toBeGreaterThan(kills / 2);
  }, 1_200_000);

  it("ends as an unbroken one would although its resumption is killed again and again", async () => {
    const { facts, lines } = await unbroken("typescript");
    const workspaceRoot = await newWorkspace();
    const kills = testSize(2, 12);
    for (let index = 0; index < kills; index += 1) {
      const goalOrNone = (await journalOf(workspaceRoot)) === undefined ? [goal] : [];
      const running = start(workspaceRoot, "typescript", ...goalOrNone);
      // Resuming writes a line of its own before it goes on.
      await killAtLine(workspaceRoot, running, Math.round(((index + 1) * lines) / (kills + 2)));
    }
    const answered = await answeredCalls(workspaceRoot);
    const asked = await finish(workspaceRoot, "typescript", kills);
    expect([...answered, ...asked]).toEqual(allCalls);
    expect(await lastingFacts(workspaceRoot, skill)).toEqual(facts);
  }, 600_000);

  it("ends as an unbroken one would when its skill is a Python one", async () => {
    const { facts, lines } = await unbroken("python");
    for (let index = 0; index < testSize(1, 10); index += 1) {
      const workspaceRoot = await newWorkspace();
      const running = start(workspaceRoot, "python", goal);
      const share = testSize(1, 10) === 1 ? 0.6 : index / 10;
      await killAtLine(workspaceRoot, running, Math.round(share * lines));
      const answered = await answeredCalls(workspaceRoot);
      const asked = await finish(workspaceRoot, "python", 1);
      expect([...answered, ...asked]).toEqual(allCalls);
      expect(await lastingFacts(workspaceRoot, skill)).toEqual(facts);
    }
  }, 600_000);
});
