import { describe, expect, it } from "vitest";
import { AgentError } from "./errors.ts";
import { fileError } from "./file-error.ts";

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: it failed`), { code });
}

describe("fileError()", () => {
  it.each([
    ["EROFS", "WORKSPACE_READ_ONLY"],
    ["EACCES", "WORKSPACE_READ_ONLY"],
    ["EPERM", "WORKSPACE_READ_ONLY"],
    ["ENOSPC", "DISK_FULL"],
    ["EDQUOT", "DISK_FULL"],
    ["ENOTDIR", "CONFIG_INVALID"],
    ["EIO", "INTERNAL"],
  ])("fileError() turns %s into %s with path and remedy", (system, code) => {
    const cause = systemError(system);
    const error = fileError("Saving the memory", "/somewhere/memory.json", cause);
    expect(error).toMatchObject({ code, cause });
    expect(error.message).toMatch(/^Saving the memory: .*\/somewhere\/memory\.json.*; .*; /);
  });

  it("fileError() understands the codes of SQLite", () => {
    const sqlite = (errcode: number): Error =>
      Object.assign(systemError("ERR_SQLITE_ERROR"), { errcode });
    expect(fileError("Archiving", "a.sqlite", sqlite(13)).code).toBe("DISK_FULL");
    expect(fileError("Archiving", "a.sqlite", sqlite(8 | (4 << 8))).code).toBe(
      "WORKSPACE_READ_ONLY",
    );
    expect(fileError("Archiving", "a.sqlite", sqlite(5)).isRetryable).toBe(true);
  });

  it("fileError() hands an AgentError on as it is", () => {
    const error = new AgentError("ABORTED", "Waiting: aborted; nothing; again.", {
      blame: "caller",
    });
    expect(fileError("Saving", "x", error)).toBe(error);
  });
});
