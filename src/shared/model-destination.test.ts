import { describe, expect, it } from "vitest";
import { destinationOf, leadsElsewhere } from "./model-destination.ts";

describe("destinationOf", () => {
  it.each([
    ["openai:gpt-5", "https://api.openai.com"],
    [" OpenAI : gpt-5", undefined],
    [" OPENAI:gpt-5", "https://api.openai.com"],
    ["anthropic:x", "https://api.anthropic.com"],
    ["gpt-oss:120b-cloud", "https://ollama.com"],
    ["ollama:GLM-4.6:Cloud ", "https://ollama.com"],
    ["cloud", undefined],
    ["replay:x-cloud", undefined],
    ["embedded:openai:x.gguf", undefined],
    ["recordings", undefined],
    ["compatible:a@b@https://Models.Example:443/v1", "https://models.example"],
    ["compatible:m@http://models.example:8080", "http://models.example:8080"],
    ["compatible:m@https://b\u{fc}cher.example", "https://xn--bcher-kva.example"],
    ["compatible:m@http:///models.example", "http://models.example"],
  ])("destinationOf(%j) is %j", (name, destination) => {
    expect(destinationOf(name)).toBe(destination);
  });

  it.each([
    ...["127.0.0.1:8000", "localhost:8000/v1", "LOCALHOST", "[::1]:1", "2130706433", "0x7f.1"],
    ...["0177.0.0.1", "127.1", "127.0.0.1.", "\u{ff11}27.0.0.1", "127.255.255.254"],
  ])("destinationOf() keeps a server at %j on this machine", (host) => {
    expect(destinationOf(`compatible:m@http://${host}`)).toBeUndefined();
  });

  it.each([
    ...["x.localhost", "localhost.", "127.0.0.1.example", "localhost.example", "0.0.0.0", "[::]"],
    ...["[::ffff:192.0.2.1]", "[::ffff:127.0.0.1]", "[::127.0.0.1]", "128.0.0.1", "3221225985"],
    ...["[fe80::1]", "192.0.2.1\\.localhost", "192.0.2.1:127"],
  ])("destinationOf() takes a server at %j for another machine's", (host) => {
    expect(destinationOf(`compatible:m@http://${host}`)).toMatch(/^http:/);
  });
});

describe("leadsElsewhere", () => {
  it.each([
    "compatible:m@models.example",
    "compatible:m",
    "compatible:m@http://127.0.0.1:1@models.example",
    "compatible:m@http://models.example/@http://127.0.0.1",
    "compatible:m@http://127.0.0.1/@https://models.example",
    "compatible:m@http://[::1%25eth0]",
    "compatible:m@ftp://127.0.0.1",
    "compatible:m@http:127.0.0.1",
  ])("leadsElsewhere(%j) is true: what cannot be read is not trusted", (name) => {
    expect(leadsElsewhere(name)).toBe(true);
  });

  it("leadsElsewhere() is false for what stays here", () => {
    expect(leadsElsewhere("compatible:m@http://127.0.0.1:8000/v1")).toBe(false);
    expect(leadsElsewhere("qwen3-coder")).toBe(false);
  });
});
