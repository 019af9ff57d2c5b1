import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type OllamaServer, startOllamaServer } from "../support/ollama-server.ts";
import { testSize } from "../support/requirements.ts";
import { roleOf } from "../support/scripted-ollama.ts";
import { answersOf } from "./run-support.ts";

const child = fileURLToPath(new URL("./many-runs-child.ts", import.meta.url));
/** Few, many, and as many again. */
const sizes = [testSize(4, 50), testSize(8, 200), testSize(10, 200)];
const megabyte = 1024 * 1024;
const batch = z.object({
  size: z.int(),
  completed: z.int(),
  rss: z.int(),
  heapUsed: z.int(),
});

let folder: string;
let server: OllamaServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-many-"));
  let calls = 0;
  server = await startOllamaServer({
    answer: (request) => {
      calls += 1;
      const delayMs = 50 + ((calls * 37) % 400);
      const reply = answersOf()(roleOf(request), 0);
      return typeof reply === "string"
        ? { fault: "delayed-first-byte", delayMs, answer: { text: reply, chunkBytes: 512 } }
        : reply;
    },
  });
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

describe("many runs at once on a slow server", () => {
  it(`runAll() holds no more memory after ${sizes[2]} more than after ${sizes[0]}, and leaves no socket`, async () => {
    const [root, key] = [join(folder, "workspace"), join(folder, "key")];
    const args = ["--expose-gc", "--no-warnings", child, root, server.host, key];
    const running = spawn(process.execPath, [...args, ...sizes.map(String)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [printed, [code]] = await Promise.all([text(running.stdout), once(running, "exit")]);
    // It ended by itself, so nothing was left that keeps a process alive.
    expect(code).toBe(0);
    const lines = printed
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.at(-1)).toEqual({ held: [] });
    const batches = z.array(batch).parse(lines.slice(0, -1));
    expect(batches.map(({ completed }) => completed)).toEqual(sizes);
    const [few, many, again] = batches.map(({ rss, heapUsed }) => ({ rss, heapUsed }));
    // What hundreds at once took from the system stays with the process; that is taken once only.
    expect((again?.rss ?? 0) - (many?.rss ?? 0)).toBeLessThan(100 * megabyte);
    expect((again?.heapUsed ?? 0) - (few?.heapUsed ?? 0)).toBeLessThan(15 * megabyte);
    await Promise.all(server.requests.map(({ closed }) => closed));
  }, 600_000);
});
