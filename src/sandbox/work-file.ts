import { fieldLimits } from "./protocol.ts";
import type { WorkFile } from "./sandbox.ts";

const { pathCharacters, pathPartBytes } = fieldLimits;

/**
 * Says what is wrong with a path that claims to lie in a work folder, or undefined. Answers the same
 * on every system, since the skill that made the name does not know ours.
 */
export function workPathProblem(path: string): string | undefined {
  if (path === "" || path.length > pathCharacters) {
    return `its path is ${path.length} characters long`;
  }
  if (/[\p{Cc}\\]/u.test(path)) {
    return "its path holds a backslash or control characters";
  }
  if (path.startsWith("/") || /^[A-Za-z]:/.test(path)) {
    return "its path is absolute";
  }
  const parts = path.split("/");
  if (parts.some((part) => part === "" || part === "." || part === "..")) {
    return "its path has an empty, . or .. part";
  }
  if (!path.isWellFormed()) {
    return "its path is no valid Unicode text";
  }
  if (parts.some((part) => Buffer.byteLength(part) > pathPartBytes)) {
    return `a part of its path takes more than ${pathPartBytes} bytes`;
  }
  return undefined;
}

/** Says what is wrong with files on their way in or out, or undefined. */
export function workFilesProblem(
  files: readonly WorkFile[],
  limits: { readonly maxFiles: number; readonly maxFileBytes: number },
): string | undefined {
  if (files.length > limits.maxFiles) {
    return `${files.length} files, ${limits.maxFiles} are allowed`;
  }
  let bytes = 0;
  const seen = new Set<string>();
  for (const { path, contentBase64 } of files) {
    const problem = seen.has(path) ? "it comes twice" : workPathProblem(path);
    if (problem !== undefined) {
      return `${JSON.stringify(path.slice(0, 100))}: ${problem}`;
    }
    seen.add(path);
    bytes += Buffer.byteLength(contentBase64, "base64");
  }
  return bytes > limits.maxFileBytes
    ? `${bytes} bytes in files, ${limits.maxFileBytes} are allowed`
    : undefined;
}
