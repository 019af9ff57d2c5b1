import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { fileError, sqliteErrorCode } from "../shared/file-error.ts";
import { FailureArchive } from "./failure-archive.ts";
import type {
  DirectiveRecord,
  FailureRecord,
  Memory,
  MemoryFile,
  RecalledFailure,
  SkillRecord,
} from "./memory.ts";
import type { StoredMemory } from "./memory-format.ts";
import { boundFailure } from "./memory-records.ts";
import { fileStamp, MemoryStore } from "./memory-store.ts";
import { addFailures, addLost } from "./recovery.ts";

export interface MemoryOptions {
  /** Folder of memory.json, memory.json.backup, memory-archive.sqlite and memory.lock. */
  readonly workspaceRoot: string;
  /** Newest failures of a skill that stay in memory.json. */
  readonly failuresPerSkill: number;
  /** Milliseconds to wait for another process that is writing; default 30,000. */
  readonly lockWaitMs?: number;
  /**
   * What files beside the memory tell of skills and directives; asked when the memory was damaged, and
   * must not ask the memory itself.
   */
  readonly known?: () => Promise<Pick<MemoryFile, "skills" | "directives">>;
  /** Told once for each thing a person should know, such as a damaged file that was restored. */
  readonly onWarning?: (message: string) => void;
}

export interface OpenMemory extends Memory {
  /** Closes the archive's file; a later call opens it again. */
  close(): void;
}

const DEFAULT_LOCK_WAIT_MS = 30_000;
const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

/** The memory of a workspace; nothing is read or made before the first call. */
export function openMemory(options: MemoryOptions): OpenMemory {
  return new JsonMemory(options);
}

class JsonMemory implements OpenMemory {
  readonly #store: MemoryStore;
  readonly #archivePath: string;
  readonly #failuresPerSkill: number;
  readonly #onWarning: (message: string) => void;
  #archive: FailureArchive | undefined;
  /** Failures of the file that are in the archive for certain. */
  #archived = new WeakSet<FailureRecord>();

  constructor(options: MemoryOptions) {
    this.#archivePath = join(options.workspaceRoot, "memory-archive.sqlite");
    this.#failuresPerSkill = options.failuresPerSkill;
    this.#onWarning = options.onWarning ?? (() => undefined);
    this.#store = new MemoryStore({
      workspaceRoot: options.workspaceRoot,
      lockWaitMs: options.lockWaitMs ?? DEFAULT_LOCK_WAIT_MS,
      onWarning: this.#onWarning,
      addKnown: async (recovered) => {
        const known = await options.known?.();
        const complete = this.#addArchived(recovered);
        return known === undefined ? complete : addLost(complete, known);
      },
    });
  }

  async read(): Promise<MemoryFile> {
    const { file, extra } = await this.#store.read();
    const copy = <Item extends object>(items: readonly Item[]): Item[] =>
      items.map((item) => ({ ...item }));
    return {
      ...structuredClone(extra),
      ...file,
      skills: copy(file.skills),
      failures: copy(file.failures),
      directives: copy(file.directives),
    };
  }

  async recordSkill(
    skill: Omit<SkillRecord, "created_at" | "updated_at">,
    at: Date,
  ): Promise<void> {
    const now = at.toISOString();
    await this.#change((file) => ({
      ...file,
      skills: upserted(
        file.skills,
        (record) => record.name === skill.name,
        (old) => ({ ...old, ...skill, created_at: old?.created_at ?? now, updated_at: now }),
      ),
    }));
  }

  async recordDirective(
    directive: Omit<DirectiveRecord, "created_at" | "updated_at">,
    at: Date,
  ): Promise<void> {
    const now = at.toISOString();
    await this.#change((file) => ({
      ...file,
      directives: upserted(
        file.directives,
        (record) => record.id === directive.id,
        (old) => ({ ...old, ...directive, created_at: old?.created_at ?? now, updated_at: now }),
      ),
    }));
  }

  async recordFailure(failure: FailureRecord): Promise<void> {
    const record = boundFailure(failure);
    await this.#change((file) => {
      // A resumed run may tell of an attempt whose failure was saved just before the crash.
      const others = file.failures.filter((one) => !isSameAttempt(one, record));
      const all = [...others, record];
      const failures = newestOfSkill(all, record.skill, this.#failuresPerSkill);
      // The archive first: a crash between the two leaves a copy in both, never in neither.
      this.#addToArchive(all.filter((one) => one.skill === record.skill));
      return { ...file, failures };
    });
  }

  async recallFailures(
    query: { goal: string; skill: string },
    limit: number,
  ): Promise<RecalledFailure[]> {
    if (!(limit >= 1)) return [];
    const { file } = await this.#store.read();
    return await this.#store.locked(async () => {
      const recall = (): RecalledFailure[] => {
        this.#addToArchive(file.failures);
        return this.#openArchive().recall(query, Math.floor(limit));
      };
      return this.#withArchive(recall);
    });
  }

  close(): void {
    this.#archive?.close();
    this.#archive = undefined;
  }

  async #change(change: (file: MemoryFile) => MemoryFile): Promise<void> {
    await this.#store.update((memory) => ({ ...memory, file: change(memory.file) }));
  }

  #addArchived(recovered: StoredMemory): StoredMemory {
    const known = this.#withArchive(() => this.#openArchive().newest(this.#failuresPerSkill));
    return addFailures(recovered, known);
  }

  #addToArchive(failures: readonly FailureRecord[]): void {
    this.#withArchive(() => {
      const archive = this.#openArchive();
      const missing = failures.filter((failure) => !this.#archived.has(failure));
      archive.add(missing);
      for (const failure of missing) this.#archived.add(failure);
    });
  }

  /** Opens the archive when it is not open, or was removed under our feet. */
  #openArchive(): FailureArchive {
    if (this.#archive !== undefined && !existsSync(this.#archivePath)) this.#forgetArchive();
    this.#archive ??= new FailureArchive(this.#archivePath);
    return this.#archive;
  }

  #forgetArchive(): void {
    this.close();
    this.#archived = new WeakSet();
  }

  /** Does the work; when the archive turns out damaged, once more with a new one. */
  #withArchive<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      if (!isDamage(error))
        throw fileError("Using the archive of failures", this.#archivePath, error);
    }
    this.#setArchiveAside();
    try {
      return work();
    } catch (error) {
      throw fileError("Using the archive of failures", this.#archivePath, error);
    }
  }

  #setArchiveAside(): void {
    this.#forgetArchive();
    const aside = `${this.#archivePath}.damaged-${fileStamp()}`;
    const journal = `${this.#archivePath}-journal`;
    try {
      // The journal first: left behind, it would be played into the new archive.
      if (existsSync(journal)) renameSync(journal, `${aside}-journal`);
      renameSync(this.#archivePath, aside);
    } catch (error) {
      throw fileError("Keeping a damaged archive aside", this.#archivePath, error);
    }
    this.#onWarning(
      `Reading the archive of failures: ${this.#archivePath} is damaged, so a new one is begun with the failures of memory.json; the damaged file is kept as ${aside}.`,
    );
  }
}

function isDamage(error: unknown): boolean {
  const code = sqliteErrorCode(error);
  return code === SQLITE_CORRUPT || code === SQLITE_NOTADB;
}

/** The last `count` failures of the skill, and all of the others, in their order. */
function newestOfSkill(
  failures: readonly FailureRecord[],
  skill: string,
  count: number,
): FailureRecord[] {
  let surplus = failures.filter((failure) => failure.skill === skill).length - count;
  return failures.filter((failure) => {
    if (failure.skill !== skill || surplus <= 0) return true;
    surplus -= 1;
    return false;
  });
}

/** The items with the made one in the place of the same one before, or at the end. */
function upserted<Item extends { readonly created_at: string }>(
  items: readonly Item[],
  isSame: (item: Item) => boolean,
  make: (before: Item | undefined) => Item,
): Item[] {
  const index = items.findLastIndex(isSame);
  const made = make(items[index]);
  return index < 0 ? [...items, made] : items.with(index, made);
}

function isSameAttempt(one: FailureRecord, other: FailureRecord): boolean {
  return (
    other.run_id !== "" &&
    one.run_id === other.run_id &&
    one.skill === other.skill &&
    one.attempt === other.attempt
  );
}
