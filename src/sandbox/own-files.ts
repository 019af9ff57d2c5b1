import { chmod, mkdir, stat } from "node:fs/promises";

const writableByOthers = 0o022;
const administrator = 0;

interface Owned {
  readonly uid: number;
  readonly mode: number;
}

/**
 * Whether nobody but this user, or the administrator, can have written a file or a folder. What is
 * started from it, or believed of it, becomes the sandbox itself.
 */
export function isOwn({ uid, mode }: Owned): boolean {
  const user = process.getuid?.();
  const isTrusted = user === undefined || uid === user || uid === administrator;
  // Windows has other rights, and no user's number.
  return user === undefined || (isTrusted && (mode & writableByOthers) === 0);
}

/** Whether the folder is there and `isOwn`. */
export async function isOwnFolder(directory: string): Promise<boolean> {
  try {
    return isOwn(await stat(directory));
  } catch {
    return false;
  }
}

/**
 * Makes the folder this user's alone to write in, if it can be: a mask may have left one that is this
 * user's open to the group. Files that others put there before are told by their own owner.
 *
 * @throws {Error} when it is another's, or cannot be made.
 */
export async function makeOwnFolder(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const { uid, mode } = await stat(directory);
  if (uid === process.getuid?.() && (mode & writableByOthers) !== 0) {
    await chmod(directory, mode & 0o7755);
  }
  if (!(await isOwnFolder(directory))) {
    throw new Error(
      `Keeping files in ${directory}: others can write there, a folder of this user alone is wanted; change its owner or its mode.`,
    );
  }
}
