const maxPathLength = 200;

/**
 * True for a path that stays inside a work folder wherever that is: relative, forward slashes, no
 * `..`, no drive, no control character.
 */
export function isWorkPath(path: string): boolean {
  const parts = path.split("/");
  return (
    path.length > 0 &&
    path.length <= maxPathLength &&
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a NUL cuts paths short
    !/[\\:\u0000-\u001f\u007f]/.test(path) &&
    parts.every((part) => part !== "" && part !== "." && part !== "..")
  );
}
