import { constants } from "node:fs";
import { open } from "node:fs/promises";
import type { Config } from "../../config/schema.ts";
import { AgentError, systemErrorCode } from "../../shared/errors.ts";

export type RemoteKind = "openai" | "anthropic" | "compatible";

const maxKeyBytes = 4_096;
const forOthers = 0o077;

const sources: Record<
  RemoteKind,
  { variable: string; setting: "openaiKeyFile" | "anthropicKeyFile" | "compatibleKeyFile" }
> = {
  openai: { variable: "OPENAI_API_KEY", setting: "openaiKeyFile" },
  anthropic: { variable: "ANTHROPIC_API_KEY", setting: "anthropicKeyFile" },
  compatible: { variable: "COMPATIBLE_API_KEY", setting: "compatibleKeyFile" },
};

export type KeyConfig = Pick<Config, "openaiKeyFile" | "anthropicKeyFile" | "compatibleKeyFile">;

/** How a person gives this provider's key, for messages. */
export function keyRemedy(kind: RemoteKind): string {
  const { variable, setting } = sources[kind];
  return `set ${variable}, or ${setting} to a file of mode 600 that holds it`;
}

/**
 * The key of a provider: of the file that the settings name, else of its variable. It is held in
 * memory only; whoever gets it must not write it anywhere.
 *
 * @throws {AgentError} CONFIG_INVALID when the file can be read by others, or holds no key.
 */
export async function readApiKey(
  kind: RemoteKind,
  config: KeyConfig,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const { variable, setting } = sources[kind];
  const path = config[setting];
  if (path !== undefined) {
    return checkKey(await readKeyFile(setting, path), `${setting} (${path})`);
  }
  const value = env[variable]?.trim() ?? "";
  return value === "" ? undefined : checkKey(value, variable);
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
      return await file.readFile("utf8");
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
