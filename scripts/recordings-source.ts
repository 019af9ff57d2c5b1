import type { Role } from "../src/shared/events.ts";
import type { Language } from "../src/shared/json.ts";

/** One answer as a model would give it, verbatim. */
export interface RecordedAnswer {
  readonly role: Role;
  /** Counts the calls of this role, from 0. */
  readonly order: number;
  readonly text: string;
}

/** The answers to one goal in one language, as they are written in `recordings/source/`. */
export interface RecordingSource {
  readonly goal: string;
  /** Other wordings of the goal that these answers fit. */
  readonly aliases: readonly string[];
  readonly language: Language;
  /** Where the answers come from; shown wherever they are. */
  readonly label: string;
  readonly answers: readonly RecordedAnswer[];
}

const heading = /^## (planner|tester|coder|analyst)(?: (\d+))?$/;
const headerLine = /^(goal|alias|language|label): (.+)$/;

/**
 * Reads one source file: `goal:`, `alias:` (any number), `language:` and `label:` lines, then a
 * `## role order` heading and the answer's text for each call. The order may be left out for 0.
 *
 * @throws {Error} naming the line that is not of this form.
 */
export function readRecordingSource(markdown: string): RecordingSource {
  const lines = markdown.replaceAll("\r\n", "\n").split("\n");
  const first = lines.findIndex((line) => heading.test(line));
  const header = readHeader(lines.slice(0, first < 0 ? lines.length : first));
  const answers = first < 0 ? [] : readAnswers(lines.slice(first));
  const [goal] = header.get("goal") ?? [];
  const [language] = header.get("language") ?? [];
  const [label] = header.get("label") ?? [];
  if (goal === undefined || label === undefined) {
    throw new Error("Reading a recording's source: goal and label are wanted in its header.");
  }
  if (language !== "python" && language !== "typescript") {
    throw new Error(
      `Reading a recording's source: language is ${language ?? "missing"}, python or typescript is wanted.`,
    );
  }
  return { goal, aliases: header.get("alias") ?? [], language, label, answers };
}

function readHeader(lines: readonly string[]): ReadonlyMap<string, string[]> {
  const header = new Map<string, string[]>();
  for (const line of lines) {
    if (line.trim() === "") {
      continue;
    }
    const [, key = "", value = ""] = headerLine.exec(line) ?? [];
    if (key === "" || (key !== "alias" && header.has(key))) {
      throw new Error(
        `Reading a recording's source: "${line}" is no header line, or there are two of it.`,
      );
    }
    header.set(key, [...(header.get(key) ?? []), value.trim()]);
  }
  return header;
}

function readAnswers(lines: readonly string[]): RecordedAnswer[] {
  const answers: { role: Role; order: number; lines: string[] }[] = [];
  for (const line of lines) {
    const [, role, order = "0"] = heading.exec(line) ?? [];
    if (role === undefined) {
      answers.at(-1)?.lines.push(line);
      continue;
    }
    const next = answers.filter((answer) => answer.role === role).length;
    if (Number(order) !== next) {
      throw new Error(
        `Reading a recording's source: "${line}" stands where "## ${role} ${next}" is wanted.`,
      );
    }
    answers.push({ role: role as Role, order: next, lines: [] });
  }
  return answers.map((answer) => ({
    role: answer.role,
    order: answer.order,
    text: answer.lines.join("\n").replace(/^\n+|\n+$/g, ""),
  }));
}
