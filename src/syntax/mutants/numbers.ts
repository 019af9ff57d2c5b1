/** Texts that a number's text is changed to: one more, and one less where that is not just odd. */
export interface ChangedNumber {
  readonly text: string;
  readonly isLarger: boolean;
}

const integer = /^(?:\d[\d_]*|0[xob][\da-f_]+)$/i;
const decimal = /^(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:e[+-]?\d+)?$/i;

/** Nothing for what is no plain number: `1j`, `0777`. */
export function changedNumbers(text: string): ChangedNumber[] {
  const plain = text.replaceAll("_", "");
  const isBig = plain.endsWith("n");
  const digits = isBig ? plain.slice(0, -1) : plain;
  if (integer.test(digits) && digits.length < 100) {
    return changedIntegers(BigInt(digits), isBig ? "n" : "");
  }
  return decimal.test(digits) ? changedDecimals(Number(digits)) : [];
}

function changedIntegers(value: bigint, suffix: string): ChangedNumber[] {
  const larger = { text: `${value + 1n}${suffix}`, isLarger: true };
  return value === 0n ? [larger] : [larger, { text: `${value - 1n}${suffix}`, isLarger: false }];
}

function changedDecimals(value: number): ChangedNumber[] {
  const text = String(value + 1);
  if (!Number.isFinite(value) || value + 1 === value) return [];
  return [{ text: /^\d+$/.test(text) ? `${text}.0` : text, isLarger: true }];
}
