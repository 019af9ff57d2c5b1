import type { ChatMessage } from "../shared/chat.ts";

const excerptCharacters = 120;

/** Says what differs between a recorded prompt and the one asked now; undefined when nothing does. */
export function describePromptDifference(
  recorded: readonly ChatMessage[],
  asked: readonly ChatMessage[],
): string | undefined {
  const sizes = `recorded ${totalCharacters(recorded)} characters in ${recorded.length} messages, now ${totalCharacters(asked)} in ${asked.length}`;
  for (let index = 0; index < Math.max(recorded.length, asked.length); index += 1) {
    const before = recorded[index];
    const now = asked[index];
    if (before === undefined || now === undefined) {
      return `message ${index + 1} is ${before === undefined ? "new" : "no longer asked"} (${sizes})`;
    }
    if (before.role !== now.role) {
      return `message ${index + 1} was of role ${before.role}, now ${now.role} (${sizes})`;
    }
    if (before.content !== now.content) {
      return `message ${index + 1} (${now.role}), ${firstDifferingLine(before.content, now.content)} (${sizes})`;
    }
  }
  return undefined;
}

function firstDifferingLine(before: string, now: string): string {
  const beforeLines = before.split("\n");
  const nowLines = now.split("\n");
  let line = 0;
  while (beforeLines[line] === nowLines[line]) line += 1;
  return `line ${line + 1}: recorded ${excerpt(beforeLines[line])}, now ${excerpt(nowLines[line])}`;
}

function excerpt(line: string | undefined): string {
  if (line === undefined) return "nothing";
  const cut = line.length > excerptCharacters ? `${line.slice(0, excerptCharacters)}…` : line;
  return JSON.stringify(cut);
}

function totalCharacters(messages: readonly ChatMessage[]): number {
  return messages.reduce((sum, message) => sum + message.content.length, 0);
}
