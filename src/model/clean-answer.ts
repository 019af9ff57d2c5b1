import { splitThinking } from "./thinking.ts";

export interface AnswerText {
  /** What was answered, with nothing around it that belongs to the chat's own format. */
  readonly text: string;
  readonly thinking: string;
}

/** Takes off what is no part of an answer: thinking, tokens of the chat's format, markup around all of it. */
export function cleanAnswer(answer: string): AnswerText {
  const plain = answer.replace(/\r(?=\n|$)/g, "").replace(/^[\uFEFF\u200B]+/, "");
  const channels = splitChannels(plain);
  const turn = ownTurn(channels.text);
  const split = splitThinking(turn);
  const text = withoutWrapper(withoutQuotation(withoutOpening(split.text)));
  return { text, thinking: channels.thinking || split.thinking };
}

const channel = /<\|channel\|>\s*(\w+)[^<\n]*(?:<\|constrain\|>\s*\w+\s*)?<\|message\|>/g;
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
  /^\s*(?:<\|im_start\|>\s*assistant|<\|start_header_id\|>\s*assistant\s*<\|end_header_id\|>|<\|assistant\|>|<start_of_turn>model|<\|python_tag\|>|<\|begin_of_solution\|>|<\|begin_of_text\|>|<s>|\[\/INST\])[ \t]*\n*/;
const endTokens =
  /<\|(?:im_end|eot_id|eom_id|endoftext|end_of_text|end_of_solution|end|return)\|>|<｜end▁of▁sentence｜>|<end_of_turn>|<\/s>/g;

/** The answer up to its end token: what follows is another turn that the model made up. */
function ownTurn(answer: string): string {
  const text = withoutOpening(answer);
  for (const token of text.matchAll(endTokens)) {
    const head = text.slice(0, token.index);
    const tail = text.slice(token.index + token[0].length);
    if (endsTurn(token[0], head, tail)) return head;
  }
  return text;
}

function endsTurn(token: string, head: string, tail: string): boolean {
  if (/^\s*<\|?(?:im_start|start|s>)/.test(tail)) return true;
  // A strikethrough of HTML ends with the same tag.
  if (token === "</s>" && head.includes("<s>")) return false;
  return /^[ \t]*(?:$|\n|<)/.test(tail) && !isInsideFence(head, tail);
}

function isInsideFence(head: string, tail: string): boolean {
  const fences = head.match(/^[ \t]*(?:`{3}|~{3})/gm)?.length ?? 0;
  return fences % 2 === 1 && /^[ \t]*(?:`{3}|~{3})/m.test(tail);
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
    const closing = closingOf(open[0], open[1] ?? "");
    const end = text.toLowerCase().indexOf(closing.toLowerCase(), start);
    if (end === -1) continue;
    if (/^[ \t]*(?:`{3}|~{3})/m.test(text.slice(end))) continue;
    return withoutCharacterData(text.slice(start, end)).replace(/^[ \t]*\n/, "");
  }
  return undefined;
}

function closingOf(open: string, name: string): string {
  const mark = open.trimStart()[0];
  if (mark === "\\") return `\\end{${name}}`;
  if (mark === "#") return "#+end_src";
  return mark === "[" ? `[/${name}]` : `</${name}>`;
}

function withoutCharacterData(text: string): string {
  return /^\s*<!\[CDATA\[[ \t]*\n?([\s\S]*?)\]\]>\s*$/.exec(text)?.[1] ?? text;
}

/** A fence, JSON or code: then the tags belong to it. */
function holdsAnswer(head: string): boolean {
  return /^[ \t]*(?:`{3}|~{3}|[{[]|def |class |import |from |export |function |const )/m.test(head);
}
