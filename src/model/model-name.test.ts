import { describe, expect, it } from "vitest";
import { AgentError } from "../shared/errors.ts";
import { parseModelName } from "./model-name.ts";

describe("parseModelName", () => {
  it.each([
    ["qwen3-coder", { kind: "ollama", model: "qwen3-coder" }],
    ["qwen3-coder:30b", { kind: "ollama", model: "qwen3-coder:30b" }],
    ["ollama:gpt-oss:20b", { kind: "ollama", model: "gpt-oss:20b" }],
    ["replay:runs/a b.jsonl", { kind: "replay", path: "runs/a b.jsonl" }],
    ["replay:C:\\runs\\x.jsonl", { kind: "replay", path: "C:\\runs\\x.jsonl" }],
    [" recordings ", { kind: "recordings" }],
    ["openai:gpt-5", { kind: "openai", model: "gpt-5" }],
    ["OpenAI:gpt-5", { kind: "openai", model: "gpt-5" }],
    ["anthropic:claude-sonnet-5", { kind: "anthropic", model: "claude-sonnet-5" }],
    ["llama3:8b", { kind: "ollama", model: "llama3:8b" }],
    ["llama:7b", { kind: "ollama", model: "llama:7b" }],
    ["ollama:opnai:gpt-5", { kind: "ollama", model: "opnai:gpt-5" }],
    [
      "hf.co/unsloth/Qwen3-GGUF:Q4_K_M",
      { kind: "ollama", model: "hf.co/unsloth/Qwen3-GGUF:Q4_K_M" },
    ],
  ])("parseModelName(%j)", (name, source) => {
    expect(parseModelName(name)).toEqual(source);
  });

  it.each(["", "  ", "replay:", "ollama: ", "two words", "a\u0000b"])(
    "parseModelName(%j) is refused",
    (name) => {
      expect(() => parseModelName(name)).toThrow(/correct --model/u);
    },
  );

  it.each([
    ["compatible:qwen3@http://127.0.0.1:8000/v1/", "qwen3", "http://127.0.0.1:8000/v1", true],
    ["compatible:qwen3:8b@http://localhost:1234", "qwen3:8b", "http://localhost:1234/v1", true],
    [
      "compatible:@cf/meta/m@https://x.example/api/v1",
      "@cf/meta/m",
      "https://x.example/api/v1",
      false,
    ],
    ["compatible:m@http://192.168.1.20:8000/v1", "m", "http://192.168.1.20:8000/v1", false],
  ])("parseModelName(%j) finds model and server", (name, model, url, isLoopback) => {
    const server = { url, origin: new URL(url).origin, isLoopback };
    expect(parseModelName(name)).toEqual({ kind: "compatible", model, server });
  });

  it.each([
    ["opnai:gpt-5", /did you mean openai:gpt-5\? .*ollama:opnai:gpt-5/u],
    ["antropic:claude", /did you mean anthropic:claude/u],
    ["openrouter:qwen/qwen3", /compatible:NAME@URL/u],
    ["https://api.openai.com/v1", /compatible:NAME@URL/u],
    ["compatible:qwen3", /names no server/u],
    ["compatible:@http://127.0.0.1:1/v1", /names no server/u],
    ["compatible:qwen3@ftp://localhost", /no URL of HTTP; http[^?]*\.$/u],
    ["compatible:qwen3@localhost:1234", /has no scheme.*did you mean http:\/\/localhost:1234\/v1/u],
    ["compatible:qwen3@127.0.0.1:8000/v1", /has no scheme/u],
    ["compatible:qwen3@ftp://x/v1", /no URL of HTTP/u],
    ["compatible:qwen3@http://me:secret@x/v1", /^(?!.*secret).*a user's name or a password/u],
    ["compatible:qwen3@http://127.0.0.1/@https://x", /with an @/u],
    ["compatible:qwen3@http:127.0.0.1", /has no scheme/u],
    ["compatible:qwen3@http://[fe80::1%25eth0]/v1", /no URL of HTTP/u],
    ["embedded:a,b", /holds a comma a list/u],
    ["compatible:qwen3@http://x/v1?key=secret", /^(?!.*secret).*with a query/u],
  ])("parseModelName(%j) is refused with what is meant", (name, message) => {
    expect(() => parseModelName(name)).toThrow(message);
    expect(() => parseModelName(name)).toThrow(AgentError);
  });
});
