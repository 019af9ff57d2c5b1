export interface SplitAnswer {
  readonly text: string;
  readonly thinking: string;
}

const opening = /^\s*<(think|thinking|thought|reasoning)>/i;
/** A lone closing tag counts only on a line that holds nothing after it: code may name the tag. */
const loneClosing = /<\/(?:think|thinking|thought|reasoning)>[ \t]*(?:\r?\n|$)/i;

/**
 * Takes the thinking off that a model wrote into its answer. Tags count only where models put
 * them: at the beginning, or a closing one before the first fence when the opening one was part of
 * the prompt. Thinking that never closes leaves an empty text.
 */
export function splitThinking(answer: string): SplitAnswer {
  const text = answer.startsWith("\uFEFF") ? answer.slice(1) : answer;
  const tag = opening.exec(text);
  if (tag !== null) return splitTagged(text, tag[0].length, tag[1] ?? "think");
  const head = text.slice(0, firstFence(text));
  const close = loneClosing.exec(head);
  if (close === null || !isProse(head.slice(0, close.index))) return { text, thinking: "" };
  return {
    thinking: text.slice(0, close.index).trim(),
    text: text.slice(close.index + close[0].length),
  };
}

function splitTagged(text: string, start: number, tag: string): SplitAnswer {
  const closing = `</${tag.toLowerCase()}>`;
  const end = text.toLowerCase().indexOf(closing, start);
  if (end === -1) return { text: "", thinking: text.slice(start).trim() };
  const rest = splitThinking(text.slice(end + closing.length).trimStart());
  return { text: rest.text, thinking: joinThinking(text.slice(start, end).trim(), rest.thinking) };
}

export function joinThinking(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("\n");
}

function firstFence(text: string): number {
  const fence = /^[ \t]*(?:`{3}|~{3})/m.exec(text);
  return fence === null ? text.length : fence.index;
}

/** JSON or code before the tag: then the tag belongs to it. */
function isProse(head: string): boolean {
  return !/^\s*(?:[[{]|def |class |import |from |export |function |const )/.test(head);
}
