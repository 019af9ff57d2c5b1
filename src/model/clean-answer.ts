import { splitThinking } from "./thinking.ts";

/** No program and no suite is as long; the readers behind this take up to a microsecond a character. */
export const maxReadLength = 512 * 1024;

export interface AnswerText {
  /** What was answered, with nothing around it that belongs to the chat's own format. */
  readonly text: string;
  readonly thinking: string;
}

/**
 * Takes off what is no part of an answer: thinking, tokens of the chat's format, markup around all of it
 * unless it is longer than `maxReadLength`. Linear in the length of the answer.
 */
export function cleanAnswer(answer: string): AnswerText {
  const plain = answer.replace(/\r(?=\n|$)/g, "").replace(/^[\uFEFF\u200B]+/, "");
  const channels = splitChannels(plain);
  const turn = ownTurn(channels.text);
  const split = splitThinking(turn);
  const isShort = split.text.length <= maxReadLength;
  const text = isShort ? withoutWrapper(withoutQuotation(withoutOpening(split.text))) : split.text;
  return { text, thinking: channels.thinking || split.thinking };
}

const channel = /<\|channel\|>\s*(\w+)(?!\w)[^<\n]*(?:<\|constrain\|>\s*\w+\s*)?<\|message\|>/g;
const channelEnd = /<\|(?:end|return|call|start|channel)\|>/;

/** Answers in channels: `analysis` is thinking, the last `final` is the answer. */
function splitChannels(text: string): AnswerText {
  const heads = [...text.matchAll(channel)];
  if (heads.length === 0) return { text, thinking: "" };
  const messages = heads.map((head) => {
    const rest = text.slice(head.index + head[0].length);
    const end = channelEnd.exec(rest)?.index ?? rest.length;
    return { name: head[1] ?? "", text: rest.slice(0, end) };
  });
  const answered =
    messages.findLast(({ name }) => name === "final") ??
    messages.findLast(({ name }) => name === "commentary");
  const thinking = messages.filter(({ name }) => name === "analysis").map((one) => one.text.trim());
  return { text: answered?.text ?? "", thinking: thinking.join("\n") };
}

const openingTokens =
  /^\s*(?:<\|im_start\|>\s*assistant|<\|start_header_id\|>\s*assistant\s*<\|end_header_id\|>|<\|assistant\|>|<｜Assistant｜>|<start_of_turn>model|<\|fim_middle\|>|<\|python_tag\|>|<\|begin_of_solution\|>|<\|begin_of_text\|>|<s>|\[\/INST\])[ \t]*\n*/;
const endTokens =
  /<\|(?:im_end|eot_id|eom_id|endoftext|end_of_text|end_of_solution|end|return)\|>|<｜end▁of▁sentence｜>|<end_of_turn>|<\/s>/g;

const anotherTurn = /^\s*(?:<\|?(?:im_start|start|s>)|(?:Human|User):)/;

/** The answer up to its end token: what follows is another turn that the model made up. */
function ownTurn(answer: string): string {
  const text = withoutOpening(answer);
  const tokens = [...text.matchAll(endTokens)];
  if (tokens.length === 0) return text;
  const strikethrough = text.indexOf("<s>");
  const fences = Array.from(text.matchAll(/^[ \t]*(?:`{3}|~{3})/gm), ({ index }) => index);
  let fencesBefore = 0;
  for (const { 0: token, index } of tokens) {
    while ((fences[fencesBefore] ?? text.length) < index) fencesBefore += 1;
    const isInFence = fencesBefore % 2 === 1 && fencesBefore < fences.length;
    // A strikethrough of HTML ends with the same tag.
    const isMarkup = token === "</s>" && strikethrough !== -1 && strikethrough < index;
    const tail = text.slice(index + token.length);
    const goesOn = isMarkup || isInFence || !/^[ \t]*(?:$|\n|<)/.test(tail);
    if (!goesOn || anotherTurn.test(tail)) return text.slice(0, index);
  }
  return text;
}

function withoutOpening(text: string): string {
  let rest = text;
  for (let tokens = 0; tokens < 4 && openingTokens.test(rest); tokens += 1) {
    rest = rest.replace(openingTokens, "");
  }
  return rest;
}

/** A block in a quotation of Markdown: every line of it begins with `>`. */
function withoutQuotation(text: string): string {
  return /^> ?(?:`{3}|~{3})/m.test(text) ? text.replace(/^>(?!>>)[ \t]?/gm, "") : text;
}

const names =
  "answer|final_answer|output|response|result|solution|code|source|python|typescript|javascript|ts|json|file|artifact|pre|program";
const wrappers: readonly RegExp[] = [
  new RegExp(`^[ \\t]*<(${names})(?:[ \\t][^>\\n]*)?>`, "im"),
  /^[ \t]*\[(PYTHON|CODE|ANSWER)\]/m,
  /^[ \t]*\\begin\{(lstlisting|verbatim|minted|code)\}(?:[[{][^\n]*)?/m,
  /^[ \t]*#\+(BEGIN_SRC|begin_src)[^\n]*/m,
];

/** The inside of tags that hold the whole answer; prose may stand around them, nothing else. */
function withoutWrapper(answer: string): string {
  let text = answer;
  for (let depth = 0; depth < 4; depth += 1) {
    const inner = innerOfWrapper(text);
    if (inner === undefined) break;
    text = inner;
  }
  return text;
}

function innerOfWrapper(text: string): string | undefined {
  for (const pattern of wrappers) {
    const open = pattern.exec(text);
    if (open === null || holdsAnswer(text.slice(0, open.index))) continue;
    const start = open.index + open[0].length;
    const closing = new RegExp(closingOf(open[0], open[1] ?? ""), "gi");
    closing.lastIndex = start;
    const end = closing.exec(text)?.index;
    if (end === undefined) continue;
    if (/^[ \t]*(?:`{3}|~{3})/m.test(text.slice(end))) continue;
    return withoutCharacterData(text.slice(start, end)).replace(/^[ \t]*\n/, "");
  }
  return undefined;
}

function closingOf(open: string, name: string): string {
  const mark = open.trimStart()[0];
  if (mark === "\\") return `\\\\end\\{${name}\\}`;
  if (mark === "#") return "#\\+end_src";
  return mark === "[" ? `\\[/${name}\\]` : `</${name}>`;
}

function withoutCharacterData(text: string): string {
  return /^\s*<!\[CDATA\[[ \t]*\n?([\s\S]*?)\]\]>\s*$/.exec(text)?.[1] ?? text;
}

/** A fence, JSON or code: then the tags belong to it. */
function holdsAnswer(head: string): boolean {
  return /^[ \t]*(?:`{3}|~{3}|[{[]|def |class |import |from |export |function |const )/m.test(head);
}
