import { type FileHandle, open } from "node:fs/promises";
import { systemErrorCode } from "../shared/errors.ts";
import { fileError } from "../shared/file-error.ts";
import { parseMemory, type StoredMemory } from "./memory-format.ts";

/**
 * Tells one state of the file from another without reading it whole. The head holds the version:
 * an inode may come back, and two writes may fall into one tick of the file system's clock.
 */
export interface FileIdentity {
  readonly inode: bigint;
  readonly modifiedNs: bigint;
  readonly size: bigint;
  readonly head: string;
}

export type MemoryReading =
  | { readonly kind: "missing" }
  | { readonly kind: "read"; readonly identity: FileIdentity; readonly memory: StoredMemory }
  | { readonly kind: "damaged"; readonly identity: FileIdentity; readonly bytes: Buffer };

const HEAD_BYTES = 128;

/**
 * Reads the memory file, or gives back `known` when the file has not changed since.
 *
 * @throws {AgentError} MEMORY_DAMAGED when a newer version of the program wrote the file.
 */
export async function readMemoryFile(
  path: string,
  known: MemoryReading | undefined,
): Promise<MemoryReading> {
  let file: FileHandle;
  try {
    file = await open(path, "r");
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return { kind: "missing" };
    throw fileError("Reading the memory", path, error);
  }
  try {
    return await readOpenFile(file, known);
  } catch (error) {
    throw fileError("Reading the memory", path, error);
  } finally {
    await file.close();
  }
}

async function readOpenFile(
  file: FileHandle,
  known: MemoryReading | undefined,
): Promise<MemoryReading> {
  const identity = await identify(file);
  if (known?.kind === "read" && isSame(known.identity, identity)) return known;
  const bytes = await file.readFile();
  const memory = parseMemory(bytes, new Date(Number(identity.modifiedNs / 1_000_000n)));
  return memory === undefined
    ? { kind: "damaged", identity, bytes }
    : { kind: "read", identity, memory };
}

async function identify(file: FileHandle): Promise<FileIdentity> {
  const { ino, mtimeNs, size } = await file.stat({ bigint: true });
  const head = Buffer.alloc(HEAD_BYTES);
  // An explicit position leaves the file's own at the start, where readFile begins.
  const { bytesRead } = await file.read(head, 0, HEAD_BYTES, 0);
  return { inode: ino, modifiedNs: mtimeNs, size, head: head.toString("latin1", 0, bytesRead) };
}

function isSame(one: FileIdentity, other: FileIdentity): boolean {
  return (
    one.inode === other.inode &&
    one.modifiedNs === other.modifiedNs &&
    one.size === other.size &&
    one.head === other.head
  );
}

/** The identity of the file as it is now. */
export async function identifyMemoryFile(path: string): Promise<FileIdentity> {
  const file = await open(path, "r");
  try {
    return await identify(file);
  } finally {
    await file.close();
  }
}
