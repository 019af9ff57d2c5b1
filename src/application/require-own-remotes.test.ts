import { describe, expect, it } from "vitest";
import { configSchema } from "../config/schema.ts";
import { requireOwnRemotes } from "./require-own-remotes.ts";

const remote = "compatible:m@https://models.example/v1";

describe("requireOwnRemotes()", () => {
  it.each([
    ["a role", { models: { model: "qwen3", tester: remote }, peers: [] }],
    ["a chain's end", { models: { model: `qwen3,${remote}` }, peers: [] }],
    ["a peer", { models: { model: "qwen3" }, peers: ["other-prompt", "openai:gpt-5"] }],
    ["no loopback", { models: { model: "compatible:m@http://x.localhost:1" }, peers: [] }],
    ["what cannot be read", { models: { model: "compatible:m@http://127.0.0.1/@x" }, peers: [] }],
    ["Ollama's cloud", { models: { model: "gpt-oss:120b-cloud" }, peers: [] }],
  ])(
    "throws REMOTE_NOT_ALLOWED when a journal alone names a model elsewhere: %s",
    (_, recorded) => {
      expect(() => requireOwnRemotes("r", recorded, configSchema.parse({}), {})).toThrow(
        expect.objectContaining({ code: "REMOTE_NOT_ALLOWED" }),
      );
    },
  );

  it("lets pass what is on this machine, and what settings or options name, no more", () => {
    const recorded = { models: { model: "qwen3", tester: remote }, peers: ["other-language"] };
    const here = { model: "compatible:m@http://127.0.0.1:8000/v1", coder: "embedded:m.gguf" };
    const settings = configSchema.parse({ analyst: remote });
    expect(() => requireOwnRemotes("r", recorded, settings, {})).not.toThrow();
    const options = { model: ["x", remote] };
    expect(() => requireOwnRemotes("r", recorded, configSchema.parse({}), options)).not.toThrow();
    const other = { models: { model: remote.replace(":m@", ":n@") }, peers: [] };
    expect(() => requireOwnRemotes("r", other, settings, {})).toThrow(/names compatible:n@/);
    const local = { models: here, peers: [] };
    expect(() => requireOwnRemotes("r", local, configSchema.parse({}), {})).not.toThrow();
  });
});
