import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { AppendFile, type AppendHandle } from "./append-file.ts";

/** A disk with room for `room` bytes. */
function smallDisk(room: number, untilWritten: () => Promise<void> = async () => {}) {
  const disk = { bytes: Buffer.alloc(0), synced: 0, isClosed: false };
  const handle = {
    write: async (buffer: Buffer, offset: number, length: number, position: number) => {
      await untilWritten();
      if (disk.isClosed) throw Object.assign(new Error("bad descriptor"), { code: "EBADF" });
      const free = Math.min(length, room - position);
      if (free <= 0) throw Object.assign(new Error("no space left"), { code: "ENOSPC" });
      disk.bytes = Buffer.concat([
        disk.bytes.subarray(0, position),
        buffer.subarray(offset, offset + free),
      ]);
      return { bytesWritten: free, buffer };
    },
    truncate: async (size: number) => {
      disk.bytes = disk.bytes.subarray(0, size);
    },
    datasync: async () => {
      disk.synced = disk.bytes.length;
    },
    close: async () => {
      disk.isClosed = true;
    },
  };
  return { disk, handle: handle as unknown as AppendHandle };
}

describe("AppendFile", () => {
  it("append() cuts half a line off again when the disk is full, and goes on when there is room", async () => {
    const { disk, handle } = smallDisk(10);
    const file = new AppendFile(handle, "run.jsonl", 0);
    await file.append("abcdef\n", true);
    await expect(file.append("ghijkl\n", true)).rejects.toMatchObject({ code: "DISK_FULL" });
    expect(disk.bytes.toString()).toBe("abcdef\n");
    await file.append("xy\n", true);
    expect(disk.bytes.toString()).toBe("abcdef\nxy\n");
    expect(disk.synced).toBe(10);
    await file.close(true);
    expect(disk.isClosed).toBe(true);
  });

  it("close() waits for what is being written", async () => {
    const { disk, handle } = smallDisk(100, () => turn());
    const file = new AppendFile(handle, "run.jsonl", 0);
    const lines = [file.append("one\n", false), file.append("two\n", false)];
    await file.close(true);
    await Promise.all(lines);
    expect(disk).toMatchObject({ synced: 8, isClosed: true });
  });

  it("append() syncs only what must be durable", async () => {
    const { disk, handle } = smallDisk(100);
    const file = new AppendFile(handle, "run.jsonl", 0);
    await file.append("event\n", false);
    expect(disk.synced).toBe(0);
    await file.append("answer\n", true);
    expect(disk.synced).toBe(13);
    await file.close(true);
    await expect(file.append("late\n", true)).rejects.toMatchObject({ code: "INTERNAL" });
  });
});
