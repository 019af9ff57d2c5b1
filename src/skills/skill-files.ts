import { constants } from "node:fs";
import { lstat, mkdir, open, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomically } from "../shared/atomic-file.ts";
import { AgentError, systemErrorCode } from "../shared/errors.ts";
import { fileError } from "../shared/file-error.ts";
import { type Language, sourceExtension } from "../shared/json.ts";
import { maxCertificateBytes } from "../verify/certificate-reader.ts";
import { isSkillName } from "./skill-name.ts";

const maxSourceBytes = 4 * 1024 * 1024;

export interface SkillFileName {
  readonly name: string;
  readonly language: Language;
}

/** The library writes under its lock, so what a crash leaves half-written goes with the next write. */
const underLock = { isLocked: true };

/**
 * The files of a library: `skills/NAME.py|.ts` and `skills/NAME.certificate.json`; before certificates
 * were signed, `certificates/NAME.json`. A symbolic link in the place of a folder or file is never
 * followed. Names must have been checked before.
 */
export class SkillFiles {
  readonly #root: string;

  constructor(workspaceRoot: string) {
    this.#root = workspaceRoot;
  }

  get lockPath(): string {
    return join(this.#root, "skills", ".lock");
  }

  sourcePath(name: string, language: Language): string {
    return join(this.#root, "skills", `${name}${sourceExtension(language)}`);
  }

  certificatePath(name: string): string {
    return join(this.#root, "skills", `${name}.certificate.json`);
  }

  #firstCertificatePath(name: string): string {
    return join(this.#root, "certificates", `${name}.json`);
  }

  /** @throws {AgentError} PATH_OUTSIDE_WORKSPACE when a folder is a link, WORKSPACE_READ_ONLY */
  async prepare(): Promise<void> {
    await this.#refuseLinkedFolders();
    const path = join(this.#root, "skills");
    await mkdir(path, { recursive: true }).catch((error: unknown) => {
      throw fileError("Making folder skills", path, error);
    });
  }

  /** Undefined when there is no such file, or one too large to be a skill. */
  async readSource(name: string, language: Language): Promise<Buffer | undefined> {
    await this.#refuseLinkedFolders();
    return readPlainFile(this.sourcePath(name, language), maxSourceBytes);
  }

  /**
   * The certificate's bytes, or those of an older version's; "none" when neither file is there,
   * "unreadable" when what is there is no file, or too large to be one.
   */
  async readCertificate(name: string): Promise<Buffer | "none" | "unreadable"> {
    await this.#refuseLinkedFolders();
    for (const path of [this.certificatePath(name), this.#firstCertificatePath(name)]) {
      const bytes = await readPlainFile(path, maxCertificateBytes);
      if (bytes !== undefined) {
        return bytes;
      }
      if ((await entryKind(path)) !== "none") {
        return "unreadable";
      }
    }
    return "none";
  }

  async writeSource(name: string, language: Language, source: string): Promise<string> {
    const path = this.sourcePath(name, language);
    await refuseLink(path);
    await writeFileAtomically(path, source, underLock);
    return path;
  }

  /** In place of an older version's, too. */
  async writeCertificate(name: string, text: string): Promise<string> {
    const path = this.certificatePath(name);
    await refuseLink(path);
    await writeFileAtomically(path, text, underLock);
    await removeFile(this.#firstCertificatePath(name));
    return path;
  }

  async removeCertificate(name: string): Promise<void> {
    await removeFile(this.certificatePath(name));
  }

  /** Sources on disk by name, whether anybody recorded them or not. */
  async listSources(): Promise<SkillFileName[]> {
    await this.#refuseLinkedFolders();
    const names = await readFolder(join(this.#root, "skills"));
    return names.flatMap((file): SkillFileName[] => {
      const [, name = "", extension] = /^(.*)(\.py|\.ts)$/.exec(file) ?? [];
      const language = extension === ".py" ? "python" : "typescript";
      return isSkillName(name) ? [{ name, language }] : [];
    });
  }

  /** The languages in which the name has a source. */
  async languagesOf(name: string): Promise<Language[]> {
    await this.#refuseLinkedFolders();
    const languages: Language[] = [];
    for (const language of ["python", "typescript"] as const) {
      if ((await entryKind(this.sourcePath(name, language))) !== "none") {
        languages.push(language);
      }
    }
    return languages;
  }

  async #refuseLinkedFolders(): Promise<void> {
    await refuseLink(join(this.#root, "skills"));
    await refuseLink(join(this.#root, "certificates"));
  }
}

async function removeFile(path: string): Promise<void> {
  await rm(path, { force: true }).catch((error: unknown) => {
    throw fileError("Removing a certificate", path, error);
  });
}

async function entryKind(path: string): Promise<"none" | "link" | "file" | "other"> {
  try {
    const entry = await lstat(path);
    return entry.isSymbolicLink() ? "link" : entry.isFile() ? "file" : "other";
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") {
      return "none";
    }
    throw fileError("Checking a path", path, error);
  }
}

async function refuseLink(path: string): Promise<void> {
  if ((await entryKind(path)) === "link") {
    throw linkRefused(path);
  }
}

function linkRefused(path: string): AgentError {
  return new AgentError(
    "PATH_OUTSIDE_WORKSPACE",
    `Opening the skill library: ${path} is a symbolic link, a plain file or folder is wanted; replace the link by what it points to.`,
    { blame: "environment" },
  );
}

/** O_NOFOLLOW closes the gap between looking at the path and opening it; Windows lacks it. */
async function readPlainFile(path: string, maxBytes: number): Promise<Buffer | undefined> {
  await refuseLink(path);
  // Opening a named pipe would wait for a writer.
  if ((await entryKind(path)) !== "file") {
    return undefined;
  }
  try {
    const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      const { size } = await file.stat();
      return size > maxBytes ? undefined : await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === "ENOENT") {
      return undefined;
    }
    throw code === "ELOOP" ? linkRefused(path) : fileError("Reading a skill", path, error);
  }
}

async function readFolder(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") {
      return [];
    }
    throw fileError("Reading a folder", path, error);
  }
}
