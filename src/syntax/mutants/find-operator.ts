/** Blanks, joined lines, parentheses and comments: what may stand between an operand and its operator. */
const trivia = {
  python: /(?:[\s\\()]+|#[^\r\n]*)*/y,
  typescript: /(?:[\s()]+|\/\/[^\r\n]*|\/\*[\s\S]*?\*\/)*/y,
} as const;

export interface TextSpan {
  readonly start: number;
  readonly end: number;
}

/** Where `operator` stands between two operands, or undefined when something else does. */
export function findOperator(
  source: string,
  from: number,
  to: number,
  operator: string,
  language: keyof typeof trivia,
): TextSpan | undefined {
  const skip = trivia[language];
  skip.lastIndex = from;
  skip.exec(source);
  const start = skip.lastIndex;
  const words = operator.split(" ");
  if (words.length === 1) {
    const end = start + operator.length;
    return end <= to && source.startsWith(operator, start) ? { start, end } : undefined;
  }
  const found = new RegExp(words.join("\\s+"), "y");
  found.lastIndex = start;
  return found.test(source) && found.lastIndex <= to ? { start, end: found.lastIndex } : undefined;
}
