import { chmod, lstat, mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { writeFileAtomically } from "../shared/atomic-file.ts";
import { AgentError, systemErrorCode } from "../shared/errors.ts";
import { parseJson } from "../shared/json.ts";
import { type Environment, userConfigPath } from "./read-sources.ts";

/** Servers outside this machine that a person consented to. */
export interface RemoteConsents {
  /** @throws {AgentError} CONFIG_INVALID for a file that others may write, or that is damaged. */
  has(destination: string): Promise<boolean>;
  /** Holds until the process ends; for good when it is remembered. */
  allow(destination: string, isRemembered: boolean): Promise<void>;
}

const fileSchema = z.strictObject({
  schemaVersion: z.literal(1),
  allowed: z.array(z.string()),
});

const writableByOthers = 0o022;

/** Beside the user's own configuration: no project that is cloned can put anything there. */
export function remoteConsentsPath(
  env: Environment,
  homeDirectory: string,
  platform: NodeJS.Platform = process.platform,
): string {
  return join(dirname(userConfigPath(env, homeDirectory, platform)), "remote-consents.json");
}

export function openRemoteConsents(path: string): RemoteConsents {
  const once = new Set<string>();
  return {
    has: async (destination) => once.has(destination) || (await read(path)).includes(destination),
    allow: async (destination, isRemembered) => {
      once.add(destination);
      if (!isRemembered) return;
      const allowed = [...new Set([...(await read(path)), destination])];
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const content = JSON.stringify({ schemaVersion: 1, allowed }, null, 2);
      await writeFileAtomically(path, `${content}\n`);
      // Where new files are their group's to write, it would be refused the next time.
      await chmod(path, 0o600);
    },
  };
}

async function read(path: string): Promise<readonly string[]> {
  let text: string;
  try {
    const found = await lstat(path);
    if (process.platform !== "win32" && (found.mode & writableByOthers) !== 0) {
      throw consentError(
        path,
        `may be written by others (mode ${(found.mode & 0o777).toString(8)})`,
      );
    }
    text = await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof AgentError) throw error;
    const code = systemErrorCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw code === undefined ? error : consentError(path, `cannot be read (${code})`);
  }
  const parsed = fileSchema.safeParse(parseJson(text));
  if (!parsed.success) throw consentError(path, "is damaged");
  return parsed.data.allowed;
}

function consentError(path: string, problem: string): AgentError {
  return new AgentError(
    "CONFIG_INVALID",
    `Reading what you consented to: ${path} ${problem}; a file that you alone may write is wanted; remove it, and you will be asked again.`,
    { blame: "environment" },
  );
}
