/**
 * Returns the known word that `word` was most likely meant to be, or undefined when none is near:
 * at most a third of its letters may differ, and at least one may.
 */
export function nearestWord(word: string, known: readonly string[]): string | undefined {
  const wanted = word.toLowerCase();
  // Longer than any word of ours: the distance would cost time and find nothing.
  if (wanted.length > 64) {
    return undefined;
  }
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(wanted, candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Letters inserted, removed, replaced or swapped with their neighbour (optimal string alignment). */
export function editDistance(left: string, right: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1];
      let cost = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]) {
        cost = Math.min(cost, (beforePrevious[column - 2] ?? Number.POSITIVE_INFINITY) + 1);
      }
      current.push(cost);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[right.length] ?? 0;
}

/**
 * Returns up to `count` of the known names, those first that are most like `word`: that hold it whole,
 * then by letters that differ. For lists that somebody chooses from.
 */
export function nearestWords(word: string, known: readonly string[], count: number): string[] {
  const wanted = word.toLowerCase().slice(0, 64);
  const ranked = known.map((name) => ({ name, rank: unlikeness(wanted, name.toLowerCase()) }));
  return ranked
    .toSorted((left, right) => left.rank - right.rank)
    .slice(0, count)
    .map(({ name }) => name);
}

function unlikeness(wanted: string, name: string): number {
  const distance =
    editDistance(wanted, name.slice(0, 64)) / Math.max(wanted.length, name.length, 1);
  return name.includes(wanted) ? distance / 4 : distance;
}
