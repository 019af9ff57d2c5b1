import { randomBytes } from "node:crypto";
import { copyFile, link, mkdir, readFile, realpath, rename, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { syncFolder, writeFileAtomically } from "../shared/atomic-file.ts";
import { systemErrorCode } from "../shared/errors.ts";
import { fileError } from "../shared/file-error.ts";
import { acquireLock } from "../shared/lock.ts";
import { identifyMemoryFile, type MemoryReading, readMemoryFile } from "./memory-file-reader.ts";
import { emptyMemory, parseMemory, type StoredMemory, serializeMemory } from "./memory-format.ts";
import { recoverMemory } from "./recovery.ts";

export interface MemoryStoreOptions {
  readonly workspaceRoot: string;
  /** Milliseconds to wait for another process that is writing. */
  readonly lockWaitMs: number;
  readonly onWarning: (message: string) => void;
  /** Adds what is known from elsewhere when the file was damaged; called under the lock. */
  readonly addKnown: (recovered: StoredMemory) => Promise<StoredMemory>;
}

/** Programs that rewrite the file in place leave it unreadable for a moment. */
const DAMAGE_CHECKS = 3;
const DAMAGE_CHECK_PAUSE_MS = 40;

/**
 * `memory.json` on disk: read without a lock, changed under one, replaced whole, the version
 * before kept as `memory.json.backup`.
 */
export class MemoryStore {
  readonly #options: MemoryStoreOptions;
  readonly #path: string;
  readonly #backupPath: string;
  readonly #lockPath: string;
  #known: MemoryReading | undefined;
  #hasFolder = false;

  constructor(options: MemoryStoreOptions) {
    this.#options = options;
    this.#path = join(options.workspaceRoot, "memory.json");
    this.#backupPath = `${this.#path}.backup`;
    this.#lockPath = join(options.workspaceRoot, "memory.lock");
  }

  /** The content as it is on disk; a damaged file is recovered first. Not to be changed. */
  async read(): Promise<StoredMemory> {
    const reading = await readMemoryFile(this.#path, this.#known);
    if (reading.kind === "damaged") return await this.locked(() => this.#load());
    this.#known = reading;
    return reading.kind === "missing" ? emptyMemory() : reading.memory;
  }

  /** Replaces the content by what `change` makes of it, with `version` counted up. */
  async update(change: (memory: StoredMemory) => StoredMemory): Promise<void> {
    await this.locked(async () => {
      const before = await this.#load();
      await this.#save(change(before), { keepsBackup: true });
    });
  }

  /** Runs the work while no other process or call changes the memory. */
  async locked<Result>(work: () => Promise<Result>): Promise<Result> {
    if (!this.#hasFolder) await this.#makeFolder();
    const lock = await acquireLock(this.#lockPath, { waitMs: this.#options.lockWaitMs });
    try {
      return await work();
    } finally {
      lock.release();
    }
  }

  async #makeFolder(): Promise<void> {
    const folder = this.#options.workspaceRoot;
    try {
      await mkdir(folder, { recursive: true });
    } catch (error) {
      throw fileError("Making the workspace", folder, error);
    }
    this.#hasFolder = true;
  }

  async #load(): Promise<StoredMemory> {
    let reading = await readMemoryFile(this.#path, this.#known);
    for (let check = 0; reading.kind === "damaged" && check < DAMAGE_CHECKS; check += 1) {
      await sleep(DAMAGE_CHECK_PAUSE_MS);
      reading = await readMemoryFile(this.#path, this.#known);
    }
    if (reading.kind === "damaged") return await this.#recover(reading.bytes);
    this.#known = reading;
    if (reading.kind === "read") return reading.memory;
    await this.#setBackupAside();
    return emptyMemory();
  }

  async #save(memory: StoredMemory, options: { keepsBackup: boolean }): Promise<StoredMemory> {
    const file = { ...memory.file, version: memory.file.version + 1 };
    const next: StoredMemory = { file, extra: memory.extra };
    const hasOlder = options.keepsBackup && this.#known?.kind === "read";
    try {
      await writeFileAtomically(this.#path, serializeMemory(next), {
        isLocked: true,
        ...(hasOlder ? { beforeReplace: () => this.#keepBackup() } : {}),
      });
      const identity = await identifyMemoryFile(this.#path);
      this.#known = { kind: "read", identity, memory: next };
    } catch (error) {
      throw fileError("Saving the memory", this.#path, error);
    }
    return next;
  }

  /** A second name for the file that is about to be replaced: costs no copy of its content. */
  async #keepBackup(): Promise<void> {
    const temporary = `${this.#backupPath}.writing`;
    await unlink(temporary).catch(ignoreMissing);
    await linkOrCopy(await realpath(this.#path), temporary);
    await rename(temporary, this.#backupPath);
  }

  /** Whoever removed memory.json wants an empty one, or did not mean it: both are served. */
  async #setBackupAside(): Promise<void> {
    const aside = `${this.#backupPath}-${fileStamp()}`;
    try {
      await rename(this.#backupPath, aside);
    } catch (error) {
      if (systemErrorCode(error) === "ENOENT") return;
      throw fileError("Keeping the memory's backup", this.#backupPath, error);
    }
    this.#options.onWarning(
      `Reading the memory: ${this.#path} is gone, so an empty one is begun; what it held is kept as ${aside}; copy that file to memory.json to have it back.`,
    );
  }

  async #recover(damaged: Buffer): Promise<StoredMemory> {
    const stamp = fileStamp();
    const aside = `${this.#path}.damaged-${stamp}`;
    const backupAside = `${this.#backupPath}.damaged-${stamp}`;
    try {
      const backup = await this.#readBackup();
      const recovered = recoverMemory(damaged, backup?.memory, new Date());
      const complete = await this.#options.addKnown(recovered);
      await linkOrCopy(await realpath(this.#path), aside);
      if (backup?.isDamaged === true) await linkOrCopy(this.#backupPath, backupAside);
      await syncFolder(this.#options.workspaceRoot);
      const saved = await this.#save(complete, { keepsBackup: false });
      this.#options.onWarning(
        `Reading the memory: ${this.#path} was damaged and has been restored with ${saved.file.skills.length} skills, ${saved.file.failures.length} failures and ${saved.file.directives.length} directives${describeBackup(backup, backupAside)}; the damaged file is kept as ${aside}.`,
      );
      return saved;
    } catch (error) {
      throw fileError("Restoring the memory", this.#path, error);
    }
  }

  async #readBackup(): Promise<Backup | undefined> {
    try {
      const { mtime } = await stat(this.#backupPath);
      const bytes = await readFile(this.#backupPath);
      const memory = parseMemory(bytes, mtime);
      return memory === undefined
        ? { memory: recoverMemory(bytes, undefined, mtime), isDamaged: true }
        : { memory, isDamaged: false };
    } catch (error) {
      if (systemErrorCode(error) === "ENOENT") return undefined;
      throw error;
    }
  }
}

interface Backup {
  readonly memory: StoredMemory;
  /** Only what could still be read of it is there. */
  readonly isDamaged: boolean;
}

function describeBackup(backup: Backup | undefined, aside: string): string {
  if (backup === undefined) return "; there was no backup";
  return backup.isDamaged ? `; its backup was damaged too and is kept as ${aside}` : "";
}

/** A date that every file system takes, and no second one of the same instant. */
export function fileStamp(): string {
  const instant = new Date().toISOString().replaceAll(":", "-");
  return `${instant}-${randomBytes(2).toString("hex")}`;
}

async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    const code = systemErrorCode(error);
    // Some file systems (exFAT, some network ones) have no hard links.
    if (code !== "EPERM" && code !== "ENOTSUP" && code !== "ENOSYS" && code !== "EMLINK") {
      throw error;
    }
    await copyFile(from, to);
  }
}

function ignoreMissing(error: unknown): void {
  if (systemErrorCode(error) !== "ENOENT") throw error;
}
