import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ChatMessage } from "../shared/chat.ts";
import { AgentError } from "../shared/errors.ts";
import type { Language } from "../shared/json.ts";
import { packageRoot } from "../shared/package-root.ts";
import {
  fillTemplate,
  type PromptSections,
  placeholdersOf,
  readSections,
} from "./prompt-template.ts";

export type PromptName =
  | "analysis"
  | "analysis-failed"
  | "candidate"
  | "candidate-literal"
  | "candidate-retry"
  | "contract"
  | "more-cases"
  | "objection"
  | "repair-code"
  | "repair-json"
  | "suite"
  | "which";

/** Prompt files never change while the program runs; each is read once. */
const files = new Map<string, PromptSections>();

function sectionsOf(fileName: string): PromptSections {
  const known = files.get(fileName);
  if (known !== undefined) {
    return known;
  }
  const sections = readSections(readFileSync(join(packageRoot(), "prompts", fileName), "utf8"));
  files.set(fileName, sections);
  return sections;
}

/** The info string of a fenced block in this language. */
export function fenceInfo(language: Language): string {
  return language === "python" ? "python" : "ts";
}

/**
 * The prompt file's System and User parts as messages, the values put in. What a prompt says about
 * the language comes from `prompts/language-….md`.
 *
 * @throws {AgentError} INTERNAL when a placeholder has no value or a value has no placeholder.
 */
export function fillPrompt(
  name: PromptName,
  language: Language,
  values: ReadonlyMap<string, string>,
): ChatMessage[] {
  const prompt = sectionsOf(`${name}.md`);
  const parts = (["System", "User"] as const).flatMap((heading) => {
    const text = prompt.get(heading);
    return text === undefined ? [] : [{ heading, text }];
  });
  const mentioned = placeholdersOf(parts.map(({ text }) => text).join("\n"));
  for (const value of values.keys()) {
    if (!mentioned.has(value)) {
      throw new AgentError(
        "INTERNAL",
        `Filling prompts/${name}.md: it has no place for ${value}, every value wants one; correct the prompt file or its builder.`,
        { blame: "bug" },
      );
    }
  }
  const all = new Map([...sectionsOf(`language-${language}.md`), ...values]);
  return parts.map(({ heading, text }) => ({
    role: heading === "System" ? ("system" as const) : ("user" as const),
    content: fillTemplate(text, all),
  }));
}
