/**
 * Returns about how many tokens a model makes of a text, rather too many than too few: no tokenizer
 * is asked, and models differ. One pass over the text.
 */
export function estimateTokens(text: string): number {
  let tokens = 0;
  for (const match of text.matchAll(pieces)) tokens += tokensOf(match[0]);
  return Math.ceil(tokens);
}

/**
 * Returns a number of tokens that no usual tokenizer stays below for this text: its words, since
 * tokens do not reach across white space.
 */
export function fewestTokens(text: string): number {
  let words = 0;
  for (const _ of text.matchAll(/\S+/g)) words += 1;
  return words;
}

const pieces = /[A-Za-z]+|[0-9]+|[ \t]+|\n\s*|[!-/:-@[-`{-~]+|\P{ASCII}+|\p{Cc}+/gu;

function tokensOf(piece: string): number {
  if (/^[0-9]/.test(piece)) return piece.length;
  if (/^[A-Za-z]/.test(piece)) return Math.ceil(piece.length / 6);
  // One space belongs to the word that follows it.
  if (/^[ \t]/.test(piece)) return piece.length === 1 ? 0 : 1;
  if (piece.startsWith("\n")) return 1;
  if (piece.charCodeAt(0) > 0x7f) return piece.length * 1.2;
  return Math.ceil(piece.length / 2);
}
