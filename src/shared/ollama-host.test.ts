import { describe, expect, it } from "vitest";
import { isOllamaCom, parseOllamaHost } from "./ollama-host.ts";

describe("parseOllamaHost", () => {
  // The table follows Ollama's own test of OLLAMA_HOST, and its rule for addresses to connect to.
  it.each([
    [undefined, "http://127.0.0.1:11434"],
    ["", "http://127.0.0.1:11434"],
    ["1.2.3.4", "http://1.2.3.4:11434"],
    [":1234", "http://127.0.0.1:1234"],
    ["1.2.3.4:1234", "http://1.2.3.4:1234"],
    ["http://1.2.3.4", "http://1.2.3.4:80"],
    ["http://1.2.3.4:1234", "http://1.2.3.4:1234"],
    ["https://1.2.3.4", "https://1.2.3.4:443"],
    ["https://1.2.3.4:1234", "https://1.2.3.4:1234"],
    ["example.com", "http://example.com:11434"],
    ["example.com:1234", "http://example.com:1234"],
    ["http://example.com", "http://example.com:80"],
    ["https://example.com", "https://example.com:443"],
    ["https://example.com:1234", "https://example.com:1234"],
    ["example.com/", "http://example.com:11434"],
    ["example.com:1234/", "http://example.com:1234"],
    ["example.com:1234/ollama", "http://example.com:1234/ollama"],
    ["https://example.com/a/b/", "https://example.com:443/a/b"],
    ["[::1]", "http://[::1]:11434"],
    ["::1", "http://[::1]:11434"],
    ["[::1]:1337", "http://[::1]:1337"],
    ["https://[2001:db8::1]", "https://[2001:db8::1]:443"],
    [" 1.2.3.4 ", "http://1.2.3.4:11434"],
    ['"1.2.3.4"', "http://1.2.3.4:11434"],
    ["' 1.2.3.4 '", "http://1.2.3.4:11434"],
    [":66000", "http://127.0.0.1:11434"],
    [":-1", "http://127.0.0.1:11434"],
    ["https://1.2.3.4:abc", "https://1.2.3.4:443"],
    ["0.0.0.0", "http://127.0.0.1:11434"],
    ["0.0.0.0:8080", "http://127.0.0.1:8080"],
    ["http://0.0.0.0", "http://127.0.0.1:80"],
    ["[::]:8080", "http://[::1]:8080"],
    ["::", "http://[::1]:11434"],
    ["ollama.com", "https://ollama.com:443"],
  ])("parseOllamaHost(%j) is %s", (value, url) => {
    expect(parseOllamaHost(value).url).toBe(url);
  });

  it.each(["127.0.0.1", "127.9.9.9:80", "localhost", "LOCALHOST:1", "[::1]", "0.0.0.0", "0x7f.1"])(
    "parseOllamaHost(%j) stays on this machine",
    (value) => {
      expect(parseOllamaHost(value).isLoopback).toBe(true);
    },
  );

  it.each([
    "192.168.1.5",
    "example.com",
    "127.0.0.1.example.com",
    "localhost.example.com",
    "x.localhost",
    "localhost.",
    "127.0.0.1x",
    "[::ffff:192.0.2.1]",
    "[::2]",
  ])("parseOllamaHost(%j) leaves this machine", (value) => {
    expect(parseOllamaHost(value).isLoopback).toBe(false);
  });

  it.each([
    "ftp://a",
    "http://a b",
    "1.2.3.4:5:6",
    "http://user:secret@host:1",
    "127.0.0.1#.ollama.com",
    "a?b",
  ])("parseOllamaHost(%j) is refused", (value) => {
    expect(() => parseOllamaHost(value)).toThrow(/OLLAMA_HOST/u);
  });
});

describe("isOllamaCom", () => {
  it("isOllamaCom() looks at the host alone", () => {
    for (const url of ["https://ollama.com:443", "https://api.ollama.com/x"]) {
      expect(isOllamaCom(url)).toBe(true);
    }
    for (const url of [
      "https://x.example\\.ollama.com",
      "https://ollama.com.x",
      "https://xollama.com",
    ]) {
      expect(isOllamaCom(url)).toBe(false);
    }
  });
});
