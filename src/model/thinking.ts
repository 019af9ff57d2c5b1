export interface SplitAnswer {
  readonly text: string;
  readonly thinking: string;
}

interface Opening {
  /** Anchored at the beginning; its first group, if any, is the tag's name. */
  readonly pattern: RegExp;
  readonly closing: (name: string) => string;
}

const openings: readonly Opening[] = [
  {
    pattern: /^\s*<(think|thinking|thought|reasoning|reflection|scratchpad|seed:think)>/i,
    closing: (name) => `</${name.toLowerCase()}>`,
  },
  { pattern: /^\s*\[THINK\]/, closing: () => "[/think]" },
  { pattern: /^\s*◁think▷/, closing: () => "◁/think▷" },
  { pattern: /^\s*<\|begin_of_thought\|>/, closing: () => "<|end_of_thought|>" },
];
/** A lone closing tag counts only on a line that holds nothing after it: code may name the tag. */
const loneClosing = /<\/(?:think|thinking|thought|reasoning)>[ \t]*(?:\r?\n|$)/gi;
const lineOpening = /^<(?:think|thinking)>[ \t]*$/im;

/**
 * Takes the thinking off that a model wrote into its answer. Tags count only where models put
 * them: at the beginning, on a line of their own before anything that is answered, or a closing one
 * outside of fences when the opening one was part of the prompt. Thinking that never closes leaves an
 * empty text.
 */
export function splitThinking(answer: string): SplitAnswer {
  const text = answer.startsWith("\uFEFF") ? answer.slice(1) : answer;
  for (const { pattern, closing } of openings) {
    const tag = pattern.exec(text);
    if (tag !== null) return splitTagged(text, tag[0].length, closing(tag[1] ?? ""));
  }
  return splitLater(text) ?? splitAtClosing(text) ?? { text, thinking: "" };
}

function splitTagged(text: string, start: number, closing: string): SplitAnswer {
  const end = text.toLowerCase().indexOf(closing, start);
  if (end === -1) return { text: "", thinking: text.slice(start).trim() };
  const rest = splitThinking(text.slice(end + closing.length).trimStart());
  return { text: rest.text, thinking: joinThinking(text.slice(start, end).trim(), rest.thinking) };
}

export function joinThinking(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("\n");
}

/** "Okay." and then the thinking. */
function splitLater(text: string): SplitAnswer | undefined {
  const tag = lineOpening.exec(text);
  if (tag === null) return undefined;
  const head = text.slice(0, tag.index);
  return isProse(head) && fencesIn(head) === 0 ? splitThinking(text.slice(tag.index)) : undefined;
}

function splitAtClosing(text: string): SplitAnswer | undefined {
  const close = loneClosing[Symbol.matchAll](text).next().value;
  if (close === undefined) return undefined;
  const head = text.slice(0, close.index);
  if (!isProse(head) || fencesIn(head) % 2 === 1) return undefined;
  return { thinking: head.trim(), text: text.slice(close.index + close[0].length) };
}

function fencesIn(text: string): number {
  return text.match(/^[ \t]*(?:`{3}|~{3})/gm)?.length ?? 0;
}

/** JSON or code before the tag: then the tag belongs to it. */
function isProse(head: string): boolean {
  return !/^\s*(?:[[{]|def |class |import |from |export |function |const )/.test(head);
}
