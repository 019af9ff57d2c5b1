import { parseSync } from "oxc-parser";
import { isNode, type SyntaxNode } from "../tree.ts";
import { UnreadableSource } from "../unreadable.ts";

export interface TypeScriptTree {
  readonly program: SyntaxNode;
  /** From 1. */
  lineAt(offset: number): number;
  textBetween(start: number, end: number): string;
}

/**
 * Returns the ESTree of a module.
 *
 * @throws {UnreadableSource} syntax-error
 */
export function parseTypeScript(source: string, lang: "ts" | "js" = "ts"): TypeScriptTree {
  const result = parseSync(`skill.${lang}`, source, {
    lang,
    sourceType: "module",
    preserveParens: false,
    showSemanticErrors: true,
  });
  const lineAt = lineFinder(source);
  const [error] = result.errors.filter((found) => String(found.severity) === "Error");
  if (error !== undefined) {
    const line = lineAt(error.labels[0]?.start ?? 0);
    throw new UnreadableSource("syntax-error", `Line ${line}: ${error.message}`);
  }
  const program: unknown = result.program;
  if (!isNode(program)) {
    throw new UnreadableSource("parser-died", "The parser gave no tree.");
  }
  return { program, lineAt, textBetween: (start, end) => source.slice(start, end) };
}

function lineFinder(source: string): (offset: number) => number {
  const starts = [0];
  for (let at = source.indexOf("\n"); at !== -1; at = source.indexOf("\n", at + 1)) {
    starts.push(at + 1);
  }
  return (offset) => {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}
