import { constants } from "node:fs";
import { open, readdir, readFile, stat } from "node:fs/promises";
import { basename, extname, join, relative, sep } from "node:path";
import { maxProgramFiles } from "../sandbox/limits.ts";
import { fieldLimits } from "../sandbox/protocol.ts";
import type { WorkFile } from "../sandbox/sandbox.ts";
import { AgentError, systemErrorCode } from "../shared/errors.ts";
import { fileError } from "../shared/file-error.ts";
import type { Language } from "../shared/json.ts";
import type { WholeProgram } from "./application.ts";

const maxSourceBytes = fieldLimits.sourceBytes;
const languages: ReadonlyMap<string, Language> = new Map([
  [".py", "python"],
  [".ts", "typescript"],
  [".mts", "typescript"],
  [".js", "typescript"],
  [".mjs", "typescript"],
]);
const mainFiles = ["main.py", "main.ts", "main.mts", "main.js", "main.mjs"];
/** Made by tools, of no use to a program in a sandbox, and often large. */
const leftOut = new Set([".git", "node_modules", "__pycache__"]);

/**
 * Reads a program for the sandbox: one file, or a folder with `main.py`, `main.ts` or `main.js`,
 * whose other files come along. Links are left out: what they point to may lie anywhere.
 *
 * @throws {AgentError} USAGE when there is none, or what is there is no program.
 */
export async function readProgram(path: string, args: readonly string[]): Promise<WholeProgram> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) {
      return await readFolder(path, args);
    }
    const language = languages.get(extname(path).toLowerCase());
    if (language === undefined) {
      const extension = extname(path) === "" ? "none" : extname(path);
      throw notRunnable(
        path,
        `its extension is ${extension}, .py, .ts, .mts, .js or .mjs is wanted; rename it, or pipe it in and name - instead, with --language`,
      );
    }
    if (!found.isFile()) {
      throw notRunnable(path, "it is no regular file, one is wanted; copy its content to a file");
    }
    const source = textOf(path, await readBounded(path, maxSourceBytes));
    return { language, source, fileName: basename(path), files: [], args };
  } catch (error) {
    throw programError(path, error);
  }
}

/** The program that a text is, standard input say. */
export function programFromText(
  source: string,
  language: Language,
  args: readonly string[],
): WholeProgram {
  const fileName = language === "python" ? "stdin.py" : "stdin.ts";
  return { language, source: textOf(fileName, Buffer.from(source)), fileName, files: [], args };
}

async function readFolder(folder: string, args: readonly string[]): Promise<WholeProgram> {
  const names = await readdir(folder);
  const fileName = mainFiles.find((name) => names.includes(name));
  const language = languages.get(extname(fileName ?? ""));
  if (fileName === undefined || language === undefined) {
    throw notRunnable(
      folder,
      `it is a folder without ${mainFiles.join(", ")}; name the file to run`,
    );
  }
  const source = textOf(
    fileName,
    await readBounded(join(folder, fileName), maxSourceBytes, noLink),
  );
  return { language, source, fileName, files: await readTree(folder, fileName), args };
}

async function readTree(folder: string, mainFile: string): Promise<WorkFile[]> {
  const files: WorkFile[] = [];
  const open = [folder];
  let bytes = 0;
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    for (const entry of await readdir(place, { withFileTypes: true })) {
      const path = join(place, entry.name);
      const name = relative(folder, path).split(sep).join("/");
      if (entry.isDirectory() && !leftOut.has(entry.name)) {
        open.push(path);
      } else if (entry.isFile() && name !== mainFile) {
        const content = await readBounded(path, maxProgramFiles.maxFileBytes, noLink);
        bytes += content.length;
        files.push({ path: name, contentBase64: content.toString("base64") });
        refuseTooMuch(folder, files.length, bytes);
      }
    }
  }
  return files;
}

function refuseTooMuch(folder: string, count: number, bytes: number): void {
  const { maxFiles, maxFileBytes } = maxProgramFiles;
  if (count > maxFiles || bytes > maxFileBytes) {
    throw notRunnable(
      folder,
      `it holds more than ${maxFiles} files or ${maxFileBytes} bytes, at most that is wanted; give a smaller folder`,
    );
  }
}

/** Opening one fails with ELOOP, also when it was put there after the folder was listed. */
const noLink = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0);

async function readBounded(path: string, maxBytes: number, flags?: number): Promise<Buffer> {
  const file = await open(path, flags);
  try {
    const { size } = await file.stat();
    if (size > maxBytes) {
      throw notRunnable(path, `it has ${size} bytes, at most ${maxBytes} are wanted`);
    }
    const bytes = await readFile(file);
    if (bytes.length > maxBytes) {
      throw notRunnable(path, `it grew beyond ${maxBytes} bytes while it was read`);
    }
    return bytes;
  } finally {
    await file.close();
  }
}

function textOf(path: string, bytes: Buffer): string {
  if (bytes.includes(0)) {
    throw notRunnable(path, "it is binary, a text of Python or TypeScript is wanted");
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw notRunnable(path, "it is no UTF-8, which is wanted; save it as UTF-8");
  }
}

function notRunnable(path: string, what: string): AgentError {
  return new AgentError("USAGE", `Reading the program ${path}: ${what}.`, { blame: "caller" });
}

function programError(path: string, error: unknown): AgentError {
  if (error instanceof AgentError) {
    return error;
  }
  switch (systemErrorCode(error) ?? "") {
    case "ENOENT":
    case "ENOTDIR":
      return notRunnable(path, "there is no such file; name one that is there");
    case "EACCES":
    case "EPERM":
      return notRunnable(
        path,
        "this user may not read it, a readable file is wanted; chmod u+r it",
      );
    case "ELOOP":
      return notRunnable(path, "its main file is a link, a file is wanted; name what it points to");
    default:
      return fileError(`Reading the program ${path}`, path, error);
  }
}
