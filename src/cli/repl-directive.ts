import { AgentError } from "../shared/errors.ts";
import type { RunFlags } from "./commands/run.ts";

/** What stands behind `:directive`. */
export interface Directive {
  readonly goal: string;
  readonly flags: RunFlags;
}

type Flag = "again" | "yes" | "confirm" | "pull" | "no-goal-examples";
type ValueFlag = "name" | "example" | "examples" | "input";

const plainFlags: readonly string[] = [
  "again",
  "yes",
  "confirm",
  "pull",
  "no-goal-examples",
] satisfies Flag[];
const valueFlags: readonly string[] = [
  "name",
  "example",
  "examples",
  "input",
] satisfies ValueFlag[];

/**
 * Reads options, then the goal: those of the command `run`. A value with spaces stands in quotes; `--`
 * ends the options.
 *
 * @throws {AgentError} USAGE for an option that is unknown, lacks its value or stands behind the goal.
 */
export function readDirective(text: string): Directive {
  let flags: RunFlags = {};
  let rest = text.trim();
  for (;;) {
    const [word = "", name = ""] = /^--([\w-]*)(?=\s|$)/.exec(rest) ?? [];
    if (word === "") {
      refuseLateOption(rest);
      return { goal: rest, flags };
    }
    rest = rest.slice(word.length).trimStart();
    if (name === "") {
      return { goal: rest, flags };
    }
    if (plainFlags.includes(name)) {
      flags = { ...flags, ...plainFlag(name) };
    } else {
      const value = readValue(name, rest);
      flags = withValue(flags, name, value.text);
      rest = value.rest;
    }
  }
}

function plainFlag(name: string): RunFlags {
  return name === "no-goal-examples" ? { goalExamples: false } : { [name]: true };
}

function withValue(flags: RunFlags, name: string, value: string): RunFlags {
  switch (name) {
    case "name":
      return { ...flags, name: value };
    case "example":
      return { ...flags, example: [...(flags.example ?? []), value] };
    case "examples":
      return { ...flags, examples: [...(flags.examples ?? []), value] };
    default:
      return { ...flags, input: [...(flags.input ?? []), value] };
  }
}

function readValue(name: string, rest: string): { text: string; rest: string } {
  if (!valueFlags.includes(name)) {
    const known = [...plainFlags, ...valueFlags].map((each) => `--${each}`).join(", ");
    throw usage(`--${name} is no option of :directive; wanted ${known}, or -- before the goal`);
  }
  const [all = "", single, double, plain] = /^(?:'([^']*)'|"([^"]*)"|(\S+))/.exec(rest) ?? [];
  const text = single ?? double ?? plain;
  if (text === undefined) {
    throw usage(`--${name} has no value; wanted one behind it, in quotes where it has spaces`);
  }
  return { text, rest: rest.slice(all.length).trimStart() };
}

/** It would silently become part of the goal. */
function refuseLateOption(goal: string): void {
  const found = /(?:^|\s)--([\w-]+)(?=\s|$)/.exec(goal)?.[1] ?? "";
  if (plainFlags.includes(found) || valueFlags.includes(found)) {
    throw usage(
      `--${found} stands behind the goal; wanted options before it, or -- before a goal that speaks of them`,
    );
  }
}

function usage(what: string): AgentError {
  return new AgentError("USAGE", `Reading the command: ${what}.`, { blame: "caller" });
}
