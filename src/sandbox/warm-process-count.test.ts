import { describe, expect, it } from "vitest";
import { warmProcessCount } from "./warm-process-count.ts";

const gibibyte = 1024 ** 3;

describe("warmProcessCount", () => {
  it.each([
    ["python", 1, 16 * gibibyte, 2],
    ["python", 4, 16 * gibibyte, 4],
    ["python", 4, 3 * gibibyte, 3],
    ["python", 4, 0, 2],
    ["python", 64, 256 * gibibyte, 8],
    ["typescript", 4, 3 * gibibyte, 4],
  ] as const)(
    "warmProcessCount() of %s is bounded when there are %i cores and %i bytes",
    (language, cores, freeMemoryBytes, count) => {
      expect(warmProcessCount(language, { cores, freeMemoryBytes })).toBe(count);
    },
  );
});
