export interface SplitAnswer {
  readonly text: string;
  readonly thinking: string;
}

interface Opening {
  /** Sticky; its first group, if any, is the tag's name. */
  readonly pattern: RegExp;
  readonly closing: (name: string) => RegExp;
}

const thoughtEnd = /<\/(?:think|thinking|thought)>/gi;

const openings: readonly Opening[] = [
  {
    pattern: /\s*<(think|thinking|thought|reasoning|reflection|scratchpad|seed:think)>/iy,
    closing: (name) => (/^th/i.test(name) ? thoughtEnd : new RegExp(`</${name}>`, "gi")),
  },
  { pattern: /\s*\[THINK\]/y, closing: () => /\[\/think\]/gi },
  { pattern: /\s*◁think▷/y, closing: () => /◁\/think▷/g },
  { pattern: /\s*<\|begin_of_thought\|>/y, closing: () => /<\|end_of_thought\|>/g },
];
const loneClosing = /<\/(?:think|thinking|thought|reasoning)>/gi;
/** A lone closing tag counts only where its line ends or a sentence, a fence or JSON begins: code may name the tag. */
const afterClosing = /^(?:[ \t]*(?:\r?\n|$)|(?=[\p{Lu}\p{Lo}{]|```))/u;
const lineOpening = /^<(?:think|thinking)>[ \t]*$/gim;

/**
 * Takes the thinking off that a model wrote into its answer. Tags count only where models put
 * them: at the beginning, on a line of their own before anything that is answered, or a closing one
 * outside of fences when the opening one was part of the prompt. Thinking that never closes leaves an
 * empty text. Linear in the length of the answer.
 */
export function splitThinking(answer: string): SplitAnswer {
  const thoughts: string[] = [];
  let start = answer.startsWith("\uFEFF") ? 1 : 0;
  for (;;) {
    const tagged = findTagged(answer, start) ?? findLater(answer, start);
    if (tagged === undefined) break;
    thoughts.push(answer.slice(tagged.from, tagged.to).trim());
    start = tagged.next;
  }
  const text = answer.slice(start);
  const rest = splitAtClosing(thoughts.length === 0 ? text : text.trimStart());
  thoughts.push(rest.thinking);
  return { text: rest.text, thinking: joinThinking(thoughts) };
}

interface Tagged {
  readonly from: number;
  readonly to: number;
  /** Where the answer goes on. */
  readonly next: number;
}

function findTagged(text: string, start: number): Tagged | undefined {
  for (const { pattern, closing } of openings) {
    pattern.lastIndex = start;
    const tag = pattern.exec(text);
    if (tag === null) continue;
    const from = pattern.lastIndex;
    const end = closing(tag[1] ?? "");
    end.lastIndex = from;
    const close = end.exec(text);
    return close === null
      ? { from, to: text.length, next: text.length }
      : { from, to: close.index, next: end.lastIndex };
  }
  return undefined;
}

export function joinThinking(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("\n");
}

/** "Okay." and then the thinking. */
function findLater(text: string, start: number): Tagged | undefined {
  lineOpening.lastIndex = start;
  const tag = lineOpening.exec(text);
  if (tag === null) return undefined;
  const head = text.slice(start, tag.index);
  return isProse(head) && fencesIn(head) === 0 ? findTagged(text, tag.index) : undefined;
}

function splitAtClosing(text: string): SplitAnswer {
  for (const { 0: tag, index } of text.matchAll(loneClosing)) {
    const rest = text.slice(index + tag.length);
    const after = afterClosing.exec(rest);
    if (after === null) continue;
    const head = text.slice(0, index);
    if (!isProse(head) || fencesIn(head) % 2 === 1) break;
    return { thinking: head.trim(), text: rest.slice(after[0].length) };
  }
  return { text, thinking: "" };
}

function fencesIn(text: string): number {
  return text.match(/^[ \t]*(?:`{3}|~{3})/gm)?.length ?? 0;
}

/** JSON or code before the tag: then the tag belongs to it. */
function isProse(head: string): boolean {
  return !/^\s*(?:[[{]|def |class |import |from |export |function |const )/.test(head);
}
