import { stripTypeScriptTypes } from "node:module";
import { child, children, count, kindOf, type SyntaxNode, text } from "../tree.ts";
import { UnreadableSource } from "../unreadable.ts";
import type { TypeScriptTree } from "./parse-typescript.ts";

export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

export function refuseTypeScriptOnly(tree: TypeScriptTree): void {
  for (const statement of children(tree.program, "body")) {
    const kind = kindOf(statement);
    if (kind === "TSImportEqualsDeclaration" || kind === "TSExportAssignment") {
      refuse(
        tree,
        statement,
        "`import x = …` and `export = …` are not read; use import and export.",
      );
    }
  }
}

export function stripTypes(source: string): string {
  try {
    return stripTypeScriptTypes(source, { mode: "strip" });
  } catch (error) {
    if (!isUnsupportedSyntax(error)) throw asSyntaxError(error);
  }
  try {
    // Enums, parameter properties and namespaces are code, so the lines move.
    return stripTypeScriptTypes(source, { mode: "transform" });
  } catch (error) {
    throw asSyntaxError(error);
  }
}

function isUnsupportedSyntax(error: unknown): boolean {
  return (
    error instanceof Error && "code" in error && error.code === "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX"
  );
}

function asSyntaxError(error: unknown): Error {
  // A stack that ran out is told by whoever called.
  if (error instanceof RangeError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new UnreadableSource("syntax-error", message);
}

export function refuse(tree: TypeScriptTree, node: SyntaxNode, message: string): never {
  throw new UnreadableSource(
    "syntax-error",
    `Line ${tree.lineAt(count(node, "start"))}: ${message}`,
  );
}

export function blank(node: SyntaxNode): Edit {
  return { start: count(node, "start"), end: count(node, "end"), replacement: "" };
}

/** An identifier's name, or the text of a string that stands for one. */
export function nameOf(node: SyntaxNode | undefined): string {
  return node === undefined ? "" : text(node, "name") || text(node, "value");
}

export function sourceOf(node: SyntaxNode): string {
  return nameOf(child(node, "source"));
}

/** Puts the replacements in; the newlines of what they replace stay, so lines keep their numbers. */
export function applyEdits(source: string, edits: readonly Edit[]): string {
  let result = "";
  let position = 0;
  for (const edit of edits.toSorted((a, b) => a.start - b.start)) {
    const newlines = source.slice(edit.start, edit.end).replaceAll(/[^\n]/g, "");
    result += source.slice(position, edit.start) + edit.replacement + newlines;
    position = edit.end;
  }
  return result + source.slice(position);
}
