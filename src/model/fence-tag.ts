import type { Language } from "../shared/json.ts";

const extensions: Readonly<Record<string, string>> = {
  py: "python",
  pyi: "python",
  ts: "typescript",
  mts: "typescript",
  tsx: "typescript",
  js: "javascript",
  mjs: "javascript",
};

/** The language that an info string names, lower case: of `{.python}`, `Python 3`, `f.py` too. */
export function fenceTag(info: string): string {
  const [first = ""] = info
    .trim()
    .replace(/^\{\s*\.?/, "")
    .split(/[\s{},:;=]/u);
  const tag = first.replace(/^[.#]+/, "").toLowerCase();
  const extension = /^[\w/-]+\.(\w+)$/.exec(tag)?.[1];
  return (extension === undefined ? undefined : extensions[extension]) ?? tag;
}

const typescriptTags: ReadonlySet<string> = new Set([
  "typescript",
  "ts",
  "tsx",
  "mts",
  "javascript",
  "js",
  "mjs",
  "jsx",
  "deno",
  "node",
]);

/** A language of ours, `none` where the tag says nothing of the language, else `other`. */
export function languageOfTag(tag: string): Language | "none" | "other" {
  if (/^(?:i?python[\d.]*|py[\d.]*)$/.test(tag)) return "python";
  if (typescriptTags.has(tag)) return "typescript";
  return saysNothing.has(tag) ? "none" : "other";
}

const saysNothing: ReadonlySet<string> = new Set([
  "",
  "text",
  "txt",
  "plaintext",
  "plain",
  "code",
  "markdown",
  "md",
  "json",
  "json5",
  "jsonc",
  "tool_code",
  "tool_call",
  "bash",
  "sh",
  "shell",
  "console",
  "repl",
  "pycon",
  "diff",
  "patch",
  "xml",
  "html",
]);
