import { testSize } from "./requirements.ts";

/**
 * Every so-manieth of the items in the quick form, from the offset on, and always one at least; all
 * of them under CI and at full size.
 */
export function quickShare<Item>(
  items: readonly Item[],
  quickStep: number,
  offset = 0,
): readonly Item[] {
  const step = Math.min(testSize(quickStep, 1, 1), Math.max(1, items.length));
  return items.filter((_item, index) => index % step === offset % step);
}
