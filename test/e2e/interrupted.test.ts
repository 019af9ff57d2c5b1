import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answersOf, goal } from "../integration/run-support.ts";
import { type OllamaServer, startOllamaServer } from "../support/ollama-server.ts";
import type { Reply } from "../support/ollama-wire.ts";
import { roleOf } from "../support/scripted-ollama.ts";

const program = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
let folder: string;
let server: OllamaServer;
let coder: Reply | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-interrupted-"));
  server = await startOllamaServer({
    answer: (request) => answersOf(coder === undefined ? {} : { coder })(roleOf(request), 0),
  });
});

afterAll(async () => {
  await server.close({ allowLeftOver: true });
  await rm(folder, { recursive: true, force: true });
});

/** Starts the command as a person would, in a folder of its own, with nothing else in the environment. */
function start(
  ...args: string[]
): ChildProcess & { ended: Promise<{ code: unknown; out: string }> } {
  const env = {
    PATH: process.env["PATH"],
    HOME: process.env["HOME"],
    XDG_CONFIG_HOME: process.env["XDG_CONFIG_HOME"],
    OLLAMA_HOST: server.host,
    NO_COLOR: "1",
  };
  const child = spawn(process.execPath, [program, "--language", "typescript", ...args], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = Promise.all([once(child, "exit"), text(child.stdout), text(child.stderr)]).then(
    ([[code], out, problems]) => ({ code, out: `${out}${problems}` }),
  );
  return Object.assign(child, { ended });
}

async function directiveStatus(): Promise<unknown> {
  const memory = await readFile(join(folder, "agent_workspace", "memory.json"), "utf8");
  return JSON.parse(memory).directives.at(-1)?.status;
}

describe("autodidact interrupted by a person or by the machine", () => {
  it("stops at SIGINT with exit code 130, says how to go on, and goes on so", async () => {
    coder = { fault: "silence" };
    const running = start(goal);
    await server.arrived("/api/chat", 3);
    running.kill("SIGINT");
    const stopped = await running.ended;
    expect(stopped.code).toBe(130);
    const runId = /resume (\S+)/.exec(stopped.out)?.[1] ?? "";
    expect(runId).toMatch(/^\d{8}-/);
    expect(await directiveStatus()).toBe("pending");
    coder = undefined;
    const chats = server.chats().length;
    const resumed = await start("resume", runId).ended;
    expect(resumed.out).toContain("SUCCESS");
    expect(resumed.code).toBe(0);
    expect(server.chats().slice(chats).map(roleOf)).toEqual(["coder", "analyst"]);
    expect(await directiveStatus()).toBe("completed");
    const used = await start("use", "create_a_skill_that_adds_one", '{"n": 41}').ended;
    expect(used).toMatchObject({ code: 0, out: expect.stringContaining("42") });
  });

  it("goes on after SIGKILL when it is told to resume without an id", async () => {
    coder = { fault: "silence" };
    const chats = server.chats().length;
    const running = start("Add one after all");
    await server.arrived("/api/chat", chats + 3);
    running.kill("SIGKILL");
    await running.ended;
    coder = undefined;
    const resumed = await start("resume").ended;
    expect(resumed).toMatchObject({ code: 0, out: expect.stringContaining("SUCCESS") });
    const nothing = await start("resume").ended;
    expect(nothing.code).not.toBe(0);
    expect(nothing.out).toContain("no run was cut off");
  });
});
