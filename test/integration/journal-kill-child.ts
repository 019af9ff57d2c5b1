import { writeSync } from "node:fs";
import { openRunJournal } from "../../src/journal/run-journal.ts";

/** Writes steps, events and answers without end, and names each on stdout once it is acknowledged. */
const [, , runsDirectory = "", runId = ""] = process.argv;
const journal = await openRunJournal({ runsDirectory, runId });
writeSync(1, "open\n");
for (let order = 0; ; order += 1) {
  const step = journal.step("count", () => order);
  void journal.append({
    type: "event",
    at: new Date().toISOString(),
    event: { type: "warning-raised", message: "x".repeat(order % 5_000) },
  });
  writeSync(1, `step ${await step}\n`);
  const { answer } = await journal.answer(
    { role: "coder", order, messages: [{ role: "user", content: "é".repeat(order % 3_000) }] },
    async () => ({
      text: `answer ${order}`,
      thinking: "",
      model: "m",
      promptTokens: 1,
      outputTokens: 1,
      durationMs: 1,
      firstTokenMs: 1,
    }),
  );
  writeSync(1, `${answer.text}\n`);
}
