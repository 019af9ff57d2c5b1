import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { quickShare } from "./quick-share.ts";
import { missing, recordedDataPath, testSize } from "./requirements.ts";

describe("requirements", () => {
  beforeEach(() => {
    vi.stubEnv("AUTODIDACT_BENCH_DATA", "");
    vi.stubEnv("AUTODIDACT_TEST_FULL", "");
    vi.stubEnv("CI", "");
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it("missing() says what is absent when the folder of recorded data is not there", () => {
    expect(missing("recorded data")).toBe("AUTODIDACT_BENCH_DATA is not set");
    vi.stubEnv("AUTODIDACT_BENCH_DATA", "/no/such/folder");
    expect(missing("recorded data")).toContain("/no/such/folder");
    vi.stubEnv("AUTODIDACT_BENCH_DATA", import.meta.dirname);
    expect(missing("recorded data")).toBeUndefined();
    expect(recordedDataPath("requirements.ts")).toBe(`${import.meta.dirname}/requirements.ts`);
  });

  it("missing() says what is not installed when the path holds no such program", () => {
    vi.stubEnv("PATH", "/no/such/folder");
    expect(missing("python3")).toBe("python3 is not installed");
    expect(missing("bubblewrap")).toBe("bwrap is not installed");
  });

  it("testSize() is the full one when AUTODIDACT_TEST_FULL is set", () => {
    expect(testSize(2, 200)).toBe(2);
    vi.stubEnv("AUTODIDACT_TEST_FULL", "1");
    expect(testSize(2, 200)).toBe(200);
    vi.stubEnv("CI", "true");
    expect(testSize(2, 200, 20)).toBe(200);
  });

  it("testSize() is the one of continuous integration when that is where it runs", () => {
    expect(testSize(2, 200, 20)).toBe(2);
    vi.stubEnv("CI", "true");
    expect(testSize(2, 200, 20)).toBe(20);
    expect(testSize(2, 200)).toBe(2);
  });

  it("quickShare() is every so-manieth item when the form is the quick one, and all otherwise", () => {
    const items = ["a", "b", "c", "d", "e"];
    expect(quickShare(items, 2)).toEqual(["a", "c", "e"]);
    expect(quickShare(items, 2, 3)).toEqual(["b", "d"]);
    expect(quickShare(items, 1)).toEqual(items);
    vi.stubEnv("CI", "true");
    expect(quickShare(items, 2, 3)).toEqual(items);
    vi.stubEnv("CI", "");
    vi.stubEnv("AUTODIDACT_TEST_FULL", "1");
    expect(quickShare(items, 2)).toEqual(items);
  });

  it("quickShare() keeps one item when there are fewer than the step", () => {
    expect(quickShare(["a", "b"], 16, 15)).toEqual(["b"]);
    expect(quickShare([], 16)).toEqual([]);
  });
});
