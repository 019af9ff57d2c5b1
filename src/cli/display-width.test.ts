import { describe, expect, it } from "vitest";
import { displayWidth, truncateToWidth } from "./display-width.ts";

describe("displayWidth", () => {
  it("displayWidth() counts emoji and East Asian letters as two and marks as none", () => {
    expect(displayWidth("abc")).toBe(3);
    expect(displayWidth("✅ ok")).toBe(5);
    expect(displayWidth("⚠️")).toBe(2);
    expect(displayWidth("👩‍💻")).toBe(2);
    expect(displayWidth("创建")).toBe(4);
    expect(displayWidth("e\u0301")).toBe(1);
    expect(displayWidth("✓ ·")).toBe(3);
  });
});

describe("truncateToWidth", () => {
  it("truncateToWidth() never takes more columns than it may", () => {
    expect(truncateToWidth("abcdef", 6)).toBe("abcdef");
    expect(truncateToWidth("abcdef", 4)).toBe("abc…");
    expect(truncateToWidth("创建一个", 4)).toBe("创…");
    expect(truncateToWidth("abc", 0)).toBe("");
  });
});
