import { endOfBracket, splitOutside } from "./source-scanner.ts";

export interface SignatureParameter {
  readonly name: string;
  /** As written; empty where there is none. */
  readonly annotation: string;
  /** As written; undefined where the parameter must be given. */
  readonly preset: string | undefined;
}

export interface Signature {
  readonly parameters: readonly SignatureParameter[];
  /** As written; empty where there is none. */
  readonly result: string;
}

/** The signature of the last definition of `entry`; undefined where there is none. */
export function readSignature(source: string, entry: string): Signature | undefined {
  const found = [...source.matchAll(new RegExp(`^[ \\t]*def\\s+${entry}\\s*\\(`, "gm"))].at(-1);
  if (found === undefined) {
    return undefined;
  }
  const open = found.index + found[0].length - 1;
  const close = endOfBracket(source, open);
  if (close === -1) {
    return undefined;
  }
  const written = splitOutside(source.slice(open + 1, close), ",").map((part) => part.trim());
  const parameters = written.filter((part) => part !== "" && part !== "*" && part !== "/");
  const result = /^\s*->\s*([^\n]*?)\s*:\s*(?:#.*)?$/m.exec(
    source.slice(close + 1).split("\n")[0] ?? "",
  );
  return { parameters: parameters.map(readParameter), result: result?.[1]?.trim() ?? "" };
}

function readParameter(written: string): SignatureParameter {
  const [declared = "", preset] = splitOutside(written, "=").map((part) => part.trim());
  const [name = "", annotation = ""] = splitOutside(declared, ":").map((part) => part.trim());
  return { name: name.replace(/^\*+/, ""), annotation, preset };
}
