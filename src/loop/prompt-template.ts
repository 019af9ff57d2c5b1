import { AgentError } from "../shared/errors.ts";

/** The text under each `# Heading` of a prompt file, by heading, in the order of the file. */
export type PromptSections = ReadonlyMap<string, string>;

const comment = /^<!--[\s\S]*?-->\n/;
const heading = /^# (\S.*)$/;
const fenceLine = /^(`{3,}|~{3,})/;
const conditional = /^\{\{#(\w+)\}\}\n([\s\S]*?)^\{\{\/\1\}\}\n?/gm;
const placeholder = /\{\{(\w+)\}\}/g;
const placeholderOrCondition = /\{\{#?(\w+)\}\}/g;

/** Reads a prompt file; lines inside fenced blocks are never headings (a Python comment is none). */
export function readSections(markdown: string): PromptSections {
  const sections = new Map<string, string>();
  let name: string | undefined;
  let lines: string[] = [];
  let fence: string | undefined;
  const finish = () => {
    if (name !== undefined) {
      sections.set(name, lines.join("\n").trim());
    }
  };
  for (const line of markdown.replaceAll("\r\n", "\n").replace(comment, "").split("\n")) {
    const mark = fenceLine.exec(line)?.[1];
    if (fence !== undefined) {
      fence = mark !== undefined && line.trimEnd() === fence ? undefined : fence;
    } else {
      fence = mark;
      const found = mark === undefined ? heading.exec(line)?.[1] : undefined;
      if (found !== undefined) {
        finish();
        name = found;
        lines = [];
        continue;
      }
    }
    lines.push(line);
  }
  finish();
  return sections;
}

/** Names a template mentions, as placeholder or as condition. */
export function placeholdersOf(template: string): ReadonlySet<string> {
  return new Set(Array.from(template.matchAll(placeholderOrCondition), (match) => match[1] ?? ""));
}

/**
 * Puts values into `{{name}}` and keeps what stands between `{{#name}}` and `{{/name}}` (each on a
 * line of its own) only when the value is not empty. Values are put in as they are: a placeholder
 * inside a value is left alone.
 *
 * @throws {AgentError} INTERNAL when a placeholder has no value.
 */
export function fillTemplate(template: string, values: ReadonlyMap<string, string>): string {
  return template
    .replace(conditional, (_whole, name: string, body: string) =>
      valueFor(values, name) === "" ? "" : body,
    )
    .replace(placeholder, (_whole, name: string) => valueFor(values, name));
}

function valueFor(values: ReadonlyMap<string, string>, name: string): string {
  const value = values.get(name);
  if (value === undefined) {
    throw new AgentError(
      "INTERNAL",
      `Filling a prompt: {{${name}}} has no value, one is wanted for every placeholder; correct the prompt file or its builder.`,
      { blame: "bug" },
    );
  }
  return value;
}
