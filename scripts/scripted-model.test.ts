import { describe, expect, it } from "vitest";
import type { RecordingSource } from "./recordings-source.ts";
import { createScriptedModel } from "./scripted-model.ts";

const source: RecordingSource = {
  goal: "Create a thing",
  aliases: ["Make something"],
  language: "python",
  label: "by hand",
  answers: [
    { role: "planner", order: 0, text: "contract" },
    { role: "coder", order: 0, text: "code" },
  ],
};
const asked = { goal: "create thing skill", role: "planner", order: 0, messages: [] } as const;

describe("createScriptedModel()", () => {
  it("createScriptedModel() answers by role and order, whatever the goal's wording", async () => {
    const model = createScriptedModel(source);
    expect((await model.chat(asked)).text).toBe("contract");
    expect((await model.chat({ ...asked, goal: "Make something", role: "coder" })).text).toBe(
      "code",
    );
    expect(model.recordingLabel).toBe("by hand");
    expect(model.unused()).toEqual([]);
  });

  it("createScriptedModel() throws when asked for what the source does not hold", async () => {
    const model = createScriptedModel(source);
    await expect(model.chat({ ...asked, order: 1 })).rejects.toMatchObject({
      code: "RECORDING_EXHAUSTED",
    });
    await expect(model.chat({ ...asked, goal: "another" })).rejects.toMatchObject({
      code: "RECORDING_NOT_FOUND",
    });
    await expect(model.chat({ ...asked, language: "typescript" })).rejects.toMatchObject({
      code: "RECORDING_NOT_FOUND",
    });
    expect(model.unused()).toEqual(["planner 0", "coder 0"]);
  });
});
