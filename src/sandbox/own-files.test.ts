import { describe, expect, it } from "vitest";
import { isOwn } from "./own-files.ts";

describe("isOwn", () => {
  const user = process.getuid?.() ?? 0;

  it.skipIf(process.platform === "win32")(
    "isOwn() takes what this user or the administrator alone can write",
    () => {
      expect(isOwn({ uid: user, mode: 0o600 })).toBe(true);
      expect(isOwn({ uid: 0, mode: 0o755 })).toBe(true);
      expect(isOwn({ uid: user + 1, mode: 0o600 })).toBe(false);
      expect(isOwn({ uid: user, mode: 0o620 })).toBe(false);
      expect(isOwn({ uid: user, mode: 0o602 })).toBe(false);
    },
  );
});
