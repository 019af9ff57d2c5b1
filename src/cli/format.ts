const units = ["bytes", "kB", "MB", "GB", "TB"];

/** Returns `512 bytes`, `4.7 GB`: powers of 1,000, as Ollama shows sizes. */
export function formatBytes(bytes: number): string {
  let amount = bytes;
  let unit = 0;
  while (amount >= 1_000 && unit < units.length - 1) {
    amount /= 1_000;
    unit += 1;
  }
  return `${unit === 0 ? amount : amount.toFixed(1)} ${units[unit]}`;
}

/** Returns a bar of `width` characters, `▓▓▓░░░`. */
export function formatBar(share: number, width: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * width);
  return "▓".repeat(full) + "░".repeat(width - full);
}

/** US dollars, with as many places as small sums need. */
export function formatMoney(money: number | null): string {
  return money === null ? "price not known" : `$${money.toFixed(money > 0 && money < 1 ? 4 : 2)}`;
}
