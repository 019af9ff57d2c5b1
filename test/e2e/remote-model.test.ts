import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  agreeAnswer,
  contractAnswer,
  goal,
  rightAnswer,
  suiteAnswer,
} from "../integration/run-support.ts";
import { chatCompletionsWire } from "../support/model-servers/chat-completions.ts";
import { canaryKey } from "../support/model-servers/drivers.ts";
import {
  type Behaviour,
  type ModelServer,
  startModelServer,
} from "../support/model-servers/model-server.ts";
import type { Wire } from "../support/model-servers/wire.ts";
import { roleOf } from "../support/scripted-ollama.ts";

const program = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const answers = {
  planner: contractAnswer,
  tester: suiteAnswer,
  coder: rightAnswer,
  analyst: agreeAnswer,
};
let folder: string;
let server: ModelServer;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-remote-"));
});

afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

/** A server that has the key may call its model by it. */
const keyAsModel: Wire = {
  ...chatCompletionsWire,
  requestOf: (body) => ({ ...chatCompletionsWire.requestOf(body), model: canaryKey }),
};

async function start(otherwise: Behaviour | ((body: unknown) => Behaviour)): Promise<string> {
  const models = ["m", canaryKey];
  server = await startModelServer(keyAsModel, { script: [], otherwise, models });
  return `compatible:m@${server.url}/v1`;
}

/** Runs the command as a person would who has keys in variables, or none there. */
async function run(args: readonly string[], keys: NodeJS.ProcessEnv) {
  const { PATH, HOME } = process.env;
  // A proxy would be in between, and one in which nothing listens would keep every call from its server.
  const proxy = { NODE_USE_ENV_PROXY: "1", HTTP_PROXY: "http://127.0.0.1:9" };
  const env = { PATH, HOME, XDG_CONFIG_HOME: join(folder, "config"), ...proxy, ...keys };
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, env });
  child.stdin.end();
  const [[code], out, problems] = await Promise.all([
    once(child, "exit"),
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, out, problems };
}

/** The key of this server, in a file that is its owner's alone. */
async function keyFlags(): Promise<readonly string[]> {
  const key = join(folder, "key");
  await writeFile(key, canaryKey, { mode: 0o600 });
  return ["--set", `compatibleKeyFiles=${JSON.stringify({ [server.url]: key })}`];
}

/** Every file below the folder, journal, memory, certificate and log among them. */
async function filesOf(root: string): Promise<{ path: string; content: string }[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => {
        const path = join(entry.parentPath, entry.name);
        return { path, content: await readFile(path, "latin1") };
      }),
  );
}

describe("a model behind another program's server", () => {
  it("makes a proven skill, and its key is in no file and on no screen", async () => {
    const model = await start((body) => {
      const role = roleOf({ model: "m", messages: [], format: chatCompletionsWire.schemaOf(body) });
      // Whoever has the key may say it again.
      const thinking = `the key is ${canaryKey}`;
      return { does: "answer", answer: { text: answers[role], thinking, cachedTokens: 3 } };
    });
    const flags = ["--language", "typescript", "--log-level", "debug", "--model", model];
    const { code, out, problems } = await run([...flags, ...(await keyFlags()), goal], {});
    expect(code, problems).toBe(0);
    expect(server.chats[0]?.headers.authorization).toBe(`Bearer ${canaryKey}`);
    const files = await filesOf(folder);
    const paths = files.map(({ path }) => path).join("\n");
    for (const wanted of [
      /runs\/.*\.jsonl/u,
      /certificate\.json/u,
      /memory\.json/u,
      /agent\.log/u,
    ]) {
      expect(paths).toMatch(wanted);
    }
    const holders = files.filter(({ content }) => content.includes(canaryKey));
    expect(holders.map(({ path }) => path)).toEqual([join(folder, "key")]);
    expect(`${out}${problems}`).not.toContain(canaryKey);
    const journal = files.find(({ path }) => path.endsWith(".jsonl"))?.content;
    expect(journal).toContain("the key is [key]");
    expect(journal).toContain('"model":"[key]"');
    expect(journal).toContain('"cachedTokens":3');
  });

  it("keeps the key off the screen when the server has it in its list of models", async () => {
    const model = await start({ does: "answer", answer: { text: "" } });
    const flags = ["--model", model.replace(":m@", `:${canaryKey.slice(0, -2)}@`)];
    const { code, out, problems } = await run([...flags, ...(await keyFlags()), goal], {});
    expect(code).toBe(3);
    expect(problems).toContain("nearest it has");
    expect(`${out}${problems}`).not.toContain(canaryKey);
  });

  it("keeps the key off the screen when the server refuses it, stack and all", async () => {
    const message = `Incorrect API key provided: ${canaryKey}`;
    const body = JSON.stringify({ error: { message, type: "authentication_error" } });
    const model = await start({ does: "status", status: 401, body });
    const flags = ["--language", "typescript", "--log-level", "debug", "--model", model];
    const { code, out, problems } = await run([...flags, ...(await keyFlags()), goal], {});
    expect(code).toBe(3);
    expect(server.chats[0]?.headers.authorization).toBe(`Bearer ${canaryKey}`);
    expect(problems).toMatch(/MODEL_REFUSED/u);
    expect(`${out}${problems}`).not.toContain(canaryKey);
    const holders = (await filesOf(folder)).filter(({ content }) => content.includes(canaryKey));
    expect(holders.map(({ path }) => path)).toEqual([join(folder, "key")]);
  });
});
