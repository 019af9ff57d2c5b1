import { AgentError, systemErrorCode } from "./errors.ts";

const READ_ONLY = new Set(["EROFS", "EACCES", "EPERM"]);
const FULL = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);
const UNUSABLE = new Set([
  "ENOENT",
  "ENOTDIR",
  "EISDIR",
  "EEXIST",
  "ELOOP",
  "ENAMETOOLONG",
  "EINVAL",
]);
const EXHAUSTED = new Set(["EMFILE", "ENFILE", "EBUSY", "EAGAIN"]);

/** SQLite's primary result codes, and the system error each stands for. */
const SQLITE_CODES: Readonly<Record<number, string>> = {
  3: "EACCES",
  5: "EBUSY",
  6: "EBUSY",
  8: "EROFS",
  13: "ENOSPC",
};

/**
 * The error that a failed file operation becomes; `action` is what was tried, such as
 * "Saving the memory". Codes: WORKSPACE_READ_ONLY, DISK_FULL, CONFIG_INVALID when the path itself
 * cannot hold such a file, INTERNAL otherwise. An AgentError comes back as it is.
 */
export function fileError(action: string, path: string, error: unknown): AgentError {
  if (error instanceof AgentError) return error;
  const code = systemErrorCode(error);
  const system = sqliteSystemCode(error) ?? code ?? "";
  const found = `${system === "" || system === code ? "" : `${system}, `}${describe(error)}`;
  if (READ_ONLY.has(system)) {
    return new AgentError(
      "WORKSPACE_READ_ONLY",
      `${action}: ${path} cannot be written (${found}); a folder that this user may write is wanted; correct its permissions (chmod -R u+w) or set workspaceRoot to another folder.`,
      { blame: "environment", cause: error },
    );
  }
  if (FULL.has(system)) {
    return new AgentError(
      "DISK_FULL",
      `${action}: there is no space left for ${path} (${found}); free some space on that disk or raise the quota, then try again; nothing that was saved before is lost.`,
      { blame: "environment", isRetryable: true, cause: error },
    );
  }
  if (UNUSABLE.has(system)) {
    return new AgentError(
      "CONFIG_INVALID",
      `${action}: ${path} cannot be used (${found}); a path whose parents are folders is wanted; move what is in the way or set workspaceRoot to another folder.`,
      { blame: "caller", cause: error },
    );
  }
  return new AgentError(
    "INTERNAL",
    `${action}: ${path} failed (${found}); a readable and writable file is wanted; look at the file and its disk, then try again.`,
    { blame: "environment", isRetryable: EXHAUSTED.has(system), cause: error },
  );
}

/** The primary result code of an error of node:sqlite (5 is "busy"), or undefined. */
export function sqliteErrorCode(error: unknown): number | undefined {
  if (systemErrorCode(error) !== "ERR_SQLITE_ERROR") return undefined;
  if (error instanceof Error && "errcode" in error && typeof error.errcode === "number") {
    return error.errcode & 0xff;
  }
  return undefined;
}

function sqliteSystemCode(error: unknown): string | undefined {
  const code = sqliteErrorCode(error);
  return code === undefined ? undefined : SQLITE_CODES[code];
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
