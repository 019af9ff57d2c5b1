import { describe, expect, it } from "vitest";
import { configSchema } from "../config/schema.ts";
import { runAll } from "./run-all.ts";

const application = {
  config: configSchema.parse({}),
  runDirective: () => {
    throw new Error("nothing may be started");
  },
};

describe("runAll()", () => {
  it("runAll() refuses before anything is started when parallel is no whole number from 1", async () => {
    for (const parallel of [0, -1, 1.5, Number.NaN]) {
      await expect(runAll(application, ["a"], { parallel })).rejects.toMatchObject({
        code: "USAGE",
      });
    }
  });
});
