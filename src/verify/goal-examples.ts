import type { JsonValue } from "../shared/json.ts";
import { argumentsAt, literalAt } from "./goal-literal.ts";

/** An example that stands in a goal's own text. */
export interface GoalExample {
  /** `ARGS => RESULT`, as `readExample` reads it. */
  readonly line: string;
  /** As the goal says it. */
  readonly written: string;
}

const maxGoalExamples = 40;

const space = "[\\s`]*";
/** What stands between a call and its result. */
const callArrow = new RegExp(
  `${space}(?:=>|->|→|⇒|===?|=|(?:should |must |shall )?(?:returns?|gives?|yields?)\\b)${space}`,
  "y",
);
/** Between a bare input and its result; `=` and "return" say too little there. */
const valueArrow = new RegExp(
  `${space}(?:=>|->|→|⇒|,?\\s*(?:should |must )?(?:returns?|gives?|yields?|becomes?)\\b|[,;]?\\s*(?:the )?outputs?\\s*(?:is\\b|:|=))${space}`,
  "iy",
);
const raising = new RegExp(
  `${space}(?:(?:=>|->|→|⇒)\\s*)?(?:should |must )?(?:raises?|throws?)\\s+${space}([A-Z]\\w*)`,
  "y",
);
const tolerance = /\s*(?:±|\+\/?-)\s*(\d+(?:\.\d+)?(?:e-?\d+)?)/iy;
/** After it nothing may stand that says more of the value: `4 * 2`, `4 or 5`, `4 columns`. */
const ending = /[ \t]*(?:$|[\n,;.!?)`]|#|\/\/|\s+(?:and|but|while)\b)/y;
/** Before a bare value: the beginning of a line, a sign, or a word that announces an example. */
const announced =
  /(?:^|[\n:;,.(`•*>-]|\b(?:e\.g|i\.e|examples?|instance|like|as|and|input|inputs|given|for|so|that)[.:]?)[\s`]*$/i;
const denied = /\b(?:not|never|no|than|unlike|instead of|avoid|without)[\s`]*$/i;
const call = /[A-Za-z_]\w*(?=\()/y;

/**
 * The examples that stand in a goal's text and can be read without guessing: `f("a") => 1`,
 * `f("") raises ValueError`, `>>> f(2)` with the value on the next line, `"abc" -> "cba"`, `input
 * "a" gives "b"`. A value is JSON or written as Python writes it; anything else is no example, and
 * calls of two functions are none, since a skill has one.
 */
export function examplesInGoal(goal: string): readonly GoalExample[] {
  const found: (GoalExample & { readonly name?: string })[] = [];
  let at = 0;
  while (at < goal.length && found.length < maxGoalExamples) {
    const example = startsValue(goal, at) ? exampleAt(goal, at) : undefined;
    if (example?.line !== undefined) {
      const { line, name } = example;
      const written = goal.slice(at, example.end).trim();
      found.push({ line, written, ...(name === undefined ? {} : { name }) });
    }
    at = Math.max(at + 1, example?.end ?? 0);
  }
  const names = new Set(found.flatMap(({ name }) => (name === undefined ? [] : [name])));
  const meant = found.filter(({ name }) => names.size < 2 || name === undefined);
  const lines = new Set<string>();
  return meant
    .filter(({ line }) => !lines.has(line) && lines.add(line))
    .map(({ line, written }) => ({ line, written }));
}

/** An example, or a value that is none and ends there: what stands inside it begins no other. */
interface Reading {
  readonly line?: string;
  readonly name?: string;
  readonly end: number;
}

function startsValue(goal: string, at: number): boolean {
  const before = goal[at - 1] ?? " ";
  return /["'[{(\-\dTFNtfn_A-Za-z]/.test(goal[at] ?? "") && !/[\w"'.\])}$@#-]/.test(before);
}

function exampleAt(goal: string, at: number): Reading | undefined {
  const name = matchAt(call, goal, at)?.[0];
  if (name !== undefined) {
    const read = argumentsAt(goal, at + name.length);
    if (read === undefined || denied.test(lineBefore(goal, at))) {
      return undefined;
    }
    const args = `(${read.args.map(jsonText).join(", ")})`;
    const isPrompt = /(?:^|\n)[ \t`]*>>> *$/.test(lineBefore(goal, at));
    const rest = isPrompt
      ? shownResult(goal, args, read.end)
      : resultAt(goal, args, read.end, callArrow);
    return rest === undefined ? { end: read.end } : { ...rest, name };
  }
  const input = literalAt(goal, at);
  if (input === undefined) {
    return undefined;
  }
  const isAnnounced = announced.test(lineBefore(goal, at));
  const rest = isAnnounced
    ? resultAt(goal, jsonText(input.value), input.end, valueArrow)
    : undefined;
  return rest ?? { end: input.end };
}

function resultAt(goal: string, args: string, at: number, arrow: RegExp): Reading | undefined {
  const raised = matchAt(raising, goal, at);
  if (raised !== undefined) {
    const end = at + raised[0].length;
    return matchAt(ending, goal, end) && { line: `${args} => raises ${raised[1]}`, end };
  }
  const arrowText = matchAt(arrow, goal, at)?.[0];
  const result = arrowText === undefined ? undefined : literalAt(goal, at + arrowText.length);
  if (result === undefined) {
    return undefined;
  }
  const stated = matchAt(tolerance, goal, result.end);
  const end = result.end + (stated?.[0].length ?? 0);
  const within = stated === undefined ? "" : ` ± ${stated[1]}`;
  return (
    matchAt(ending, goal, end) && { line: `${args} => ${jsonText(result.value)}${within}`, end }
  );
}

/** What Python's prompt printed on the next line: a value, or the last line of a traceback. */
function shownResult(goal: string, args: string, at: number): Reading | undefined {
  const lineBreak = matchAt(/[ \t]*\r?\n[ \t]*/y, goal, at)?.[0];
  if (lineBreak === undefined) {
    return undefined;
  }
  const start = at + lineBreak.length;
  const traceback = matchAt(
    /Traceback[^\n]*\n(?:[ \t]+[^\n]*\n)*[ \t]*([A-Z]\w*)(?::[^\n]*)?/y,
    goal,
    start,
  );
  if (traceback !== undefined) {
    return { line: `${args} => raises ${traceback[1]}`, end: start + traceback[0].length };
  }
  const result = literalAt(goal, start);
  return result && matchAt(/[ \t`]*(?:$|\r?\n)/y, goal, result.end)
    ? { line: `${args} => ${jsonText(result.value)}`, end: result.end }
    : undefined;
}

function lineBefore(goal: string, at: number): string {
  return goal.slice(Math.max(0, at - 60), at);
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

/** JSON of one line; -0 keeps its sign. */
export function jsonText(value: JsonValue): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    Object.is(inner, -0) ? { $float: "-0" } : inner,
  );
}
