import { freeDeadRuns } from "../model/budget/open-ledger.ts";
import type { SkillCost } from "../model/budget/spend-ledger.ts";
import type { Parts } from "./parts.ts";

/** What each skill cost over all its runs, those that were cut off or failed included. */
export async function skillCosts(parts: Parts): Promise<readonly SkillCost[]> {
  const { runs } = await parts.workspace();
  const ledger = await parts.ledger();
  await freeDeadRuns(ledger, runs);
  return ledger.skillCosts();
}
