import type { CallOutcome, DeathReason } from "../sandbox/sandbox.ts";
import { escapeControls, shorten, showValue } from "./show-value.ts";

const deathTexts: Readonly<Record<DeathReason, string>> = {
  timeout: "no answer within the time limit",
  "out-of-memory": "the process was killed for using too much memory",
  "output-limit": "the process was killed for printing or answering too much",
  "file-limit": "the process was killed for making too many or too large files",
  "process-limit": "the process was killed for starting another process",
  "protocol-error": "the process sent something that is no answer",
  crashed: "the process ended without an answer",
};

/** What came of a call, in one bounded line without durations: `JSONDecodeError: Expecting value`. */
export function describeOutcome(outcome: CallOutcome): string {
  switch (outcome.kind) {
    case "returned":
      return showValue(outcome.value);
    case "raised":
      return oneLine(`${outcome.errorType}: ${outcome.message}`, 300);
    case "died": {
      const detail = oneLine(outcome.detail, 200);
      return detail === ""
        ? deathTexts[outcome.reason]
        : `${deathTexts[outcome.reason]} (${detail})`;
    }
  }
}

function oneLine(text: string, maxLength: number): string {
  return shorten(escapeControls(text.slice(0, 4_000)).replace(/\s+/g, " ").trim(), maxLength);
}
