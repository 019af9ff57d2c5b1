import { PositionEncoding, Workspace } from "@astral-sh/ruff-wasm-nodejs";
import { parse } from "py-ast";
import { isNode, type SyntaxNode } from "../tree.ts";
import { UnreadableSource } from "../unreadable.ts";

/**
 * Rules of the linter that are syntax errors for CPython's compiler: break, continue, yield,
 * await and return out of place, starred targets, late future imports, nonlocal and global misused.
 */
const compilerRules = [
  "F404",
  "F407",
  "F621",
  "F622",
  "F701",
  "F702",
  "F704",
  "F706",
  "F707",
  "PLE0117",
  "PLE0118",
  "PLE1142",
];

let workspace: Workspace | undefined;

/**
 * Returns the tree of a module, once the grammar of CPython 3.14 has accepted it.
 *
 * @throws {UnreadableSource} syntax-error
 */
export function parsePython(source: string): SyntaxNode {
  refuseWhatPythonRefuses(source);
  let module: unknown;
  try {
    module = parse(plainForParser(source));
  } catch (error) {
    if (error instanceof RangeError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new UnreadableSource("syntax-error", `${message}. Write this in plainer syntax.`);
  }
  if (!isNode(module)) {
    throw new UnreadableSource("parser-died", "The parser gave no tree.");
  }
  return module;
}

interface Diagnostic {
  readonly message: string;
  readonly start_location: { readonly row: number };
}

function refuseWhatPythonRefuses(source: string): void {
  const nul = source.indexOf("\0");
  if (nul !== -1) {
    const line = source.slice(0, nul).split("\n").length;
    throw new UnreadableSource("syntax-error", `Line ${line}: the source holds a NUL character.`);
  }
  workspace ??= new Workspace(
    { "target-version": "py314", lint: { select: compilerRules } },
    PositionEncoding.Utf16,
  );
  const diagnostics: readonly Diagnostic[] = workspace.check(silenceNoqa(source));
  const [first] = diagnostics;
  if (first !== undefined) {
    throw new UnreadableSource(
      "syntax-error",
      `Line ${first.start_location.row}: ${first.message}`,
    );
  }
}

/** A comment must not switch the judge off. */
function silenceNoqa(source: string): string {
  return source.replaceAll(/noqa/gi, "n_qa");
}

/** Three things that CPython reads and the tree's parser does not; lines stay where they are. */
export function plainForParser(source: string): string {
  return source
    .replace(/^\uFEFF/, "")
    .replaceAll(/^[ \t]*\f+/gm, "")
    .replaceAll(
      /^([ \t]*except\*?[ \t]+)([\w.]+(?:[ \t]*,[ \t]*[\w.]+)+)[ \t]*,?[ \t]*:/gm,
      "$1($2):",
    );
}
