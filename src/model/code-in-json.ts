import { isJsonObject, type JsonObject, type JsonValue, type Language } from "../shared/json.ts";
import { findFencedBlocks } from "./fenced-blocks.ts";
import { findJson, readWholeJson } from "./json-text.ts";

const codeKeys: ReadonlySet<string> = new Set([
  "code",
  "source",
  "content",
  "file_content",
  "file_text",
  "script",
  "program",
  "solution",
  "answer",
  "implementation",
  "text",
]);
const maxDepth = 6;

/** Code that models trained on tools wrap as a text of JSON: `{"arguments": {"code": …}}`, a notebook. */
export function findCodeInJson(text: string, language: Language): string[] {
  const parameters = parametersOf(text);
  if (parameters.length > 0) return parameters;
  if (!text.includes('"') && !text.includes("'")) return [];
  const found: string[] = [];
  for (const { value } of findJson(text).found) collect(value, language, 0, found);
  return found.flatMap((code) => {
    const blocks = findFencedBlocks(code).map(({ content }) => content);
    return blocks.length > 0 ? blocks : [code];
  });
}

/** The arguments of a call that is written as tags: `<parameter=code>…</parameter>`. */
function parametersOf(text: string): string[] {
  const opening = /<parameter=[\w-]{1,64}>\n?/g;
  const found: string[] = [];
  for (let open = opening.exec(text); open !== null; open = opening.exec(text)) {
    const end = text.indexOf("</parameter>", opening.lastIndex);
    if (end === -1) break;
    found.push(text.slice(opening.lastIndex, end));
    opening.lastIndex = end;
  }
  return found;
}

function collect(value: JsonValue, language: Language, depth: number, found: string[]): void {
  if (depth > maxDepth) return;
  if (Array.isArray(value)) {
    for (const item of value) collect(item, language, depth + 1, found);
    return;
  }
  if (!isJsonObject(value)) return;
  const cells = value["cells"];
  if (Array.isArray(cells)) {
    found.push(
      cells
        .filter(isCodeCell)
        .map((cell) => textOf(cell["source"]) ?? "")
        .join("\n\n"),
    );
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    const code = codeKeys.has(key) || key === language ? textOf(inner) : undefined;
    if (code !== undefined) found.push(code);
    else if (typeof inner === "string") collectText(inner, language, depth, found);
    else collect(inner, language, depth + 1, found);
  }
}

/** Arguments of a call as a text of their own. */
function collectText(text: string, language: Language, depth: number, found: string[]): void {
  const inner = /^\s*[{[]/.test(text) ? readWholeJson(text) : undefined;
  if (inner?.kind === "parsed") collect(inner.value, language, depth + 1, found);
}

function isCodeCell(cell: JsonValue): cell is JsonObject {
  return isJsonObject(cell) && cell["cell_type"] === "code";
}

/** A text, or its lines as a list. */
function textOf(value: JsonValue | undefined): string | undefined {
  if (typeof value === "string") return value;
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const lines = value.filter((line) => typeof line === "string");
  if (lines.length < value.length) return undefined;
  return lines.map((line) => (line.endsWith("\n") ? line : `${line}\n`)).join("");
}
