import { nearestWords } from "../shared/nearest-word.ts";

const shownNames = 3;

/** A sentence on which of a server's models are most like the one that it lacks. */
export function describeNearest(model: string, names: readonly string[]): string {
  const near = nearestWords(model, names, shownNames);
  return near.length === 0
    ? "The server has no models."
    : `The nearest it has: ${near.join(", ")}.`;
}
