/** The name with its tag: `qwen3-coder` is `qwen3-coder:latest`. */
export function withTag(name: string): string {
  const last = name.slice(name.lastIndexOf("/") + 1);
  return last.includes(":") ? name : `${name}:latest`;
}

/** True when both name one model to Ollama; letter case and the tag `latest` make no difference. */
export function isSameModel(a: string, b: string): boolean {
  return canonical(a) === canonical(b);
}

/** `registry.ollama.ai/library/` is where a plain name is looked up. */
function canonical(name: string): string {
  return withTag(name)
    .toLowerCase()
    .replace(/^registry\.ollama\.ai\//, "")
    .replace(/^library\//, "");
}
