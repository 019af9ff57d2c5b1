import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { link, lstat, mkdir, open, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AgentError, systemErrorCode } from "../shared/errors.ts";
import { fileError } from "../shared/file-error.ts";
import { type KeyRing, newPrivateKey, readSigningKey, type SigningKey } from "../shared/signing.ts";
import { type Environment, userConfigPath } from "./read-sources.ts";

const maxKeyBytes = 4_096;
const forOthers = 0o077;
const writableByOthers = 0o022;

/** Where the private key of this installation lies, beside the user's own configuration. */
export function signingKeyPath(
  env: Environment,
  homeDirectory: string,
  platform: NodeJS.Platform = process.platform,
): string {
  return join(dirname(userConfigPath(env, homeDirectory, platform)), "signing-key.pem");
}

/**
 * The key in a file that its user alone may read. It is made when something is to be signed first;
 * two processes that make it at once end with the same one. Calls throw AgentError CONFIG_INVALID
 * for a file that is a link, readable by others, or no key, and never replace it.
 */
export function openKeyRing(path: string): KeyRing {
  let found: SigningKey | undefined;
  const read = async (): Promise<SigningKey | undefined> => {
    found ??= await readKey(path);
    return found;
  };
  return {
    publicKey: async () => (await read())?.publicKey,
    signingKey: async () => {
      const present = await read();
      if (present !== undefined) {
        return present;
      }
      await makeKey(path);
      const made = await read();
      if (made === undefined) {
        throw keyError(path, "vanished while it was made", "try again");
      }
      return made;
    },
  };
}

async function readKey(path: string): Promise<SigningKey | undefined> {
  const text = await readPrivateFile(path);
  if (text === undefined) {
    return undefined;
  }
  const key = readSigningKey(text);
  if (key === undefined) {
    throw keyError(
      path,
      "is no private key of Ed25519, it was damaged or replaced",
      "put it back from a copy; or remove it, have a new one made, and prove your skills again with autodidact verify --all",
    );
  }
  return key;
}

async function readPrivateFile(path: string): Promise<string | undefined> {
  try {
    await refuseLink(path);
    const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | nonBlocking());
    try {
      const found = await file.stat();
      refuseUnsafe(path, found);
      return await file.readFile("utf8");
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") {
      return undefined;
    }
    throw code === "ELOOP" ? linkRefused(path) : unusable(path, error);
  }
}

/** Opening a named pipe would otherwise wait for a writer. */
function nonBlocking(): number {
  return constants.O_NONBLOCK ?? 0;
}

async function refuseLink(path: string): Promise<void> {
  if ((await lstat(path)).isSymbolicLink()) {
    throw linkRefused(path);
  }
}

function linkRefused(path: string): AgentError {
  return keyError(path, "is a symbolic link", "replace the link by the file it points to");
}

function refuseUnsafe(
  path: string,
  found: { isFile(): boolean; size: number; mode: number },
): void {
  if (!found.isFile()) {
    throw keyError(path, "is no plain file", "move it away");
  }
  if (found.size > maxKeyBytes) {
    throw keyError(
      path,
      `has ${found.size} bytes, no key has more than ${maxKeyBytes}`,
      "move it away",
    );
  }
  // Windows keeps rights elsewhere, and shows every file as readable by all.
  if (process.platform !== "win32" && (found.mode & forOthers) !== 0) {
    const mode = (found.mode & 0o777).toString(8);
    throw keyError(
      path,
      `may be read or written by others (mode ${mode})`,
      "if nobody else has read it, run chmod 600 on it; else remove it, have a new one made, and prove your skills again with autodidact verify --all",
    );
  }
}

/** Whole or not at all, and never over one that is there: a link fails where a file stands. */
async function makeKey(path: string): Promise<void> {
  const folder = dirname(path);
  const draft = `${path}.${process.pid}-${randomBytes(6).toString("hex")}`;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await refuseSharedFolder(folder);
    const file = await open(draft, "wx", 0o600);
    try {
      await file.writeFile(newPrivateKey());
      await file.sync();
    } finally {
      await file.close();
    }
    await link(draft, path).catch((error: unknown) => {
      if (systemErrorCode(error) !== "EEXIST") {
        throw error;
      }
    });
  } catch (error) {
    throw unusable(path, error);
  } finally {
    await unlink(draft).catch(() => {});
  }
}

/** Whoever may write to the folder could put a key of their own there. */
async function refuseSharedFolder(folder: string): Promise<void> {
  const { mode } = await lstat(folder);
  if (process.platform !== "win32" && (mode & writableByOthers) !== 0) {
    throw keyError(
      folder,
      `may be written by others (mode ${(mode & 0o777).toString(8)})`,
      "run chmod go-w on it",
    );
  }
}

function unusable(path: string, error: unknown): AgentError {
  const failed = fileError("Signing certificates", path, error);
  return failed === error || failed.code === "DISK_FULL"
    ? failed
    : keyError(
        path,
        `cannot be used (${error instanceof Error ? error.message : String(error)})`,
        "correct its rights, or set XDG_CONFIG_HOME to a folder of yours",
        error,
      );
}

function keyError(path: string, problem: string, remedy: string, cause?: unknown): AgentError {
  return new AgentError(
    "CONFIG_INVALID",
    `Opening the signing key: ${path} ${problem}; a file that you alone may read is wanted; ${remedy}.`,
    { blame: "environment", ...(cause === undefined ? {} : { cause }) },
  );
}
