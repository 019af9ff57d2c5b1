import { constants } from "node:fs";
import { open } from "node:fs/promises";
import type { Config } from "../../config/schema.ts";
import { AgentError, systemErrorCode } from "../../shared/errors.ts";
import { type Endpoint, parseServerUrl } from "../../shared/server-url.ts";
import { parseModelName } from "../model-name.ts";

export type RemoteKind = "openai" | "anthropic" | "compatible";

const maxKeyBytes = 4_096;
const forOthers = 0o077;

const sources = {
  openai: { variable: "OPENAI_API_KEY", setting: "openaiKeyFile" },
  anthropic: { variable: "ANTHROPIC_API_KEY", setting: "anthropicKeyFile" },
} as const;
const compatibleVariable = "COMPATIBLE_API_KEY";

export type KeyConfig = Pick<Config, "openaiKeyFile" | "anthropicKeyFile" | "compatibleKeyFiles">;

/** How a person gives the key of a server, for messages. */
export function keyRemedy(kind: RemoteKind, { origin, isLoopback }: Endpoint): string {
  if (kind !== "compatible") {
    const { variable, setting } = sources[kind];
    return `set ${variable}, or ${setting} to a file of mode 600 that holds it`;
  }
  const file = `compatibleKeyFiles to {"${origin}":"FILE"}, FILE being one of mode 600 that holds it`;
  return isLoopback ? `set ${file}` : `set ${compatibleVariable}, or ${file}`;
}

/**
 * The key of a server: of the file that the settings name, else of its variable. It is held in
 * memory only; whoever gets it must not write it anywhere.
 *
 * @throws {AgentError} CONFIG_INVALID when the file can be read by others, or holds no key, or the
 * variable was another server's before.
 */
export async function readApiKey(
  kind: RemoteKind,
  endpoint: Endpoint,
  config: KeyConfig,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  if (kind === "compatible") return await readCompatibleKey(endpoint, config, env);
  const { variable, setting } = sources[kind];
  const path = config[setting];
  return path === undefined ? readVariable(variable, env) : await readKeyFile(setting, path);
}

function readVariable(variable: string, env: NodeJS.ProcessEnv): string | undefined {
  const value = env[variable]?.trim() ?? "";
  return value === "" ? undefined : checkKey(value, variable);
}

/** The variable names no server: it is none's on this machine, where anybody may listen. */
async function readCompatibleKey(
  { origin, isLoopback }: Endpoint,
  config: KeyConfig,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const path = keyFileOf(origin, config);
  if (path !== undefined) return await readKeyFile("compatibleKeyFiles", path);
  const key = isLoopback ? undefined : readVariable(compatibleVariable, env);
  if (key !== undefined) {
    requireOneServer([origin], env);
    owners.set(env, origin);
  }
  return key;
}

/** The server that was given the key of these variables, for as long as the process lives. */
const owners = new WeakMap<NodeJS.ProcessEnv, string>();

/**
 * A key that names no server goes to one only. Called with all names before the first is asked, so that
 * nobody learns in the middle of a run that it could be meant for two.
 *
 * @throws {AgentError} CONFIG_INVALID where COMPATIBLE_API_KEY could be meant for several.
 */
export function requireOneKeyServer(
  names: readonly string[],
  config: KeyConfig,
  env: NodeJS.ProcessEnv,
): void {
  const origins = names.flatMap((name) => {
    const source = parseModelName(name);
    const isMeant = source.kind === "compatible" && !source.server.isLoopback;
    return isMeant ? [source.server.origin] : [];
  });
  const hasAllFiles = origins.every((origin) => keyFileOf(origin, config) !== undefined);
  if (!hasAllFiles && readVariable(compatibleVariable, env) !== undefined) {
    requireOneServer(origins, env);
  }
}

function requireOneServer(origins: readonly string[], env: NodeJS.ProcessEnv): void {
  const owner = owners.get(env);
  const all = [...new Set(owner === undefined ? origins : [owner, ...origins])];
  if (all.length < 2) return;
  const files = all.map((origin) => `"${origin}":"FILE"`).join(",");
  throw new AgentError(
    "CONFIG_INVALID",
    `Reading a model server's key: ${compatibleVariable} does not say whether it is that of ${all.join(" or ")}; a file for each that wants a key is wanted; unset it, and set compatibleKeyFiles to {${files}}.`,
    { blame: "caller" },
  );
}

function keyFileOf(origin: string, { compatibleKeyFiles }: KeyConfig): string | undefined {
  const files = Object.entries(compatibleKeyFiles);
  return files.find(([url]) => parseServerUrl(url).origin === origin)?.[1];
}

/** What is no visible ASCII cannot stand in a header, and an error about it would show the key. */
function checkKey(text: string, place: string): string {
  const key = text.trim();
  if (/^[\x21-\x7e]{1,4096}$/.test(key)) return key;
  throw keyError(place, "holds no key: one line of visible ASCII is wanted", "correct it");
}

async function readKeyFile(setting: string, path: string): Promise<string> {
  const place = `${setting} (${path})`;
  try {
    // Opening a named pipe would otherwise wait for a writer.
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const found = await file.stat();
      if (!found.isFile() || found.size > maxKeyBytes) {
        throw keyError(place, `is no plain file of at most ${maxKeyBytes} bytes`, "name another");
      }
      // Windows keeps rights elsewhere, and shows every file as readable by all.
      if (process.platform !== "win32" && (found.mode & forOthers) !== 0) {
        const mode = (found.mode & 0o777).toString(8);
        throw keyError(place, `may be read by others (mode ${mode})`, `run chmod 600 ${path}`);
      }
      return checkKey(await file.readFile("utf8"), place);
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined || error instanceof AgentError) throw error;
    throw keyError(place, `cannot be read (${code})`, "correct its path or its rights");
  }
}

function keyError(place: string, problem: string, remedy: string): AgentError {
  return new AgentError(
    "CONFIG_INVALID",
    `Reading a model server's key: ${place} ${problem}; a file that you alone may read, or a variable, is wanted; ${remedy}.`,
    { blame: "caller" },
  );
}
