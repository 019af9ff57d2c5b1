import type { Budget } from "../amounts.ts";
import { SpendLedger } from "../spend-ledger.ts";

/*
 * Makes calls of 100 tokens for one run until a budget is reached, and writes how many those were. What
 * another process holds is waited for.
 */
const [path = "", runId = "", day = "", budgetJson = ""] = process.argv.slice(2);
const budget: Budget = JSON.parse(budgetJson);
const ledger = new SpendLedger(path);
const worst = { promptTokens: 60, outputTokens: 40, leastOutputTokens: 40, price: undefined };
let calls = 0;
for (;;) {
  const call = { runId, role: "coder", order: calls, skill: "adds_one", model: "m" };
  const { kind } = ledger.hold(call, day, worst, budget);
  if (kind === "reached") break;
  if (kind === "granted") {
    const cost = { promptTokens: 60, outputTokens: 40, timeMs: 1, money: null };
    ledger.record([{ ...call, day, ...cost }]);
    calls += 1;
  }
}
ledger.close();
process.stdout.write(String(calls));
