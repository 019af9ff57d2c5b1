import type { Change } from "./change.ts";

/**
 * Yields every change once, in an order of which each beginning speaks for the whole code: what the
 * entry reaches before the rest; functions by turns, large ones more often; in a function lines by
 * turns, then operators. The seed decides between equals.
 */
export function* chooseChanges(changes: readonly Change[], seed: number): Generator<Change> {
  const ranks = [...new Set(changes.map(({ rank }) => rank))].toSorted((a, b) => a - b);
  for (const rank of ranks) {
    yield* byTurns(
      changes.filter((change) => change.rank === rank),
      seed,
    );
  }
}

/** One function's changes and how often it had its turn. */
interface Unit {
  readonly weight: number;
  readonly left: Change[];
  taken: number;
}

function* byTurns(changes: readonly Change[], seed: number): Generator<Change> {
  const units = unitsOf(shuffled(changes, seed));
  const perLine = new Map<number, number>();
  const perOperator = new Map<string, number>();
  for (let unit = nextUnit(units); unit !== undefined; unit = nextUnit(units)) {
    const change = takeRarest(unit.left, perLine, perOperator);
    if (change === undefined) continue;
    unit.taken += 1;
    perLine.set(change.line, (perLine.get(change.line) ?? 0) + 1);
    perOperator.set(change.operator, (perOperator.get(change.operator) ?? 0) + 1);
    yield change;
  }
}

function unitsOf(changes: readonly Change[]): Unit[] {
  const byName = Map.groupBy(changes, ({ unit }) => unit);
  // By its root: a function of 100 lines has its turn ten times as often as one of a line.
  return [...byName.values()].map((left) => ({ weight: Math.sqrt(left.length), left, taken: 0 }));
}

function nextUnit(units: readonly Unit[]): Unit | undefined {
  let best: Unit | undefined;
  for (const unit of units) {
    if (unit.left.length === 0) continue;
    const turns = (unit.taken + 1) / unit.weight;
    if (best === undefined || turns < (best.taken + 1) / best.weight) best = unit;
  }
  return best;
}

/** Removes and returns the change of the line, then of the operator, that was taken least. */
function takeRarest(
  left: Change[],
  perLine: ReadonlyMap<number, number>,
  perOperator: ReadonlyMap<string, number>,
): Change | undefined {
  let bestIndex = -1;
  let bestLine = Number.POSITIVE_INFINITY;
  let bestOperator = Number.POSITIVE_INFINITY;
  for (const [index, change] of left.entries()) {
    const line = perLine.get(change.line) ?? 0;
    const operator = perOperator.get(change.operator) ?? 0;
    if (line < bestLine || (line === bestLine && operator < bestOperator)) {
      bestIndex = index;
      bestLine = line;
      bestOperator = operator;
    }
  }
  return bestIndex === -1 ? undefined : left.splice(bestIndex, 1)[0];
}

function shuffled(changes: readonly Change[], seed: number): Change[] {
  const random = seededRandom(seed);
  const result = [...changes];
  for (let index = result.length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1));
    const held = result[index];
    const swapped = result[other];
    if (held === undefined || swapped === undefined) continue;
    result[index] = swapped;
    result[other] = held;
  }
  return result;
}

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
