import { describe, expect, it } from "vitest";
import { rehearse } from "./rehearse.ts";
import type { SkillRuntime } from "./skill-runtime.ts";

describe("rehearse", () => {
  it("rehearse() loads without files, calls in turn, and resolves after the last answer", async () => {
    const done: unknown[] = [];
    const runtime: SkillRuntime = {
      settle: () => done.push("settled"),
      load: async ({ entry }, _limits, files) => {
        done.push(entry, files);
        return undefined;
      },
      call: async (args) => {
        await Promise.resolve();
        done.push(args);
        return { kind: "returned", valueText: "1" };
      },
      fillWorkFolder: (files) => done.push(files.size),
      readWorkFolder: () => new Map(),
    };
    const program = { source: "", entry: "f", fileName: "f.ts" };
    await rehearse(runtime, program, [["a"], ["b"]]);
    expect(done).toEqual(["f", undefined, 0, ["a"], 0, ["b"]]);
  });
});
