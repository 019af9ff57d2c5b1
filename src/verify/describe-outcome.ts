import type { CallOutcome, DeathReason } from "../sandbox/sandbox.ts";
import { escapeControls, shorten, showValue } from "./show-value.ts";

/** The detail that follows says which limit, what it allows and what was used. */
const deathTexts: Readonly<Record<DeathReason, string>> = {
  timeout: "no answer within the limits of time",
  "out-of-memory": "the process was killed for using too much memory",
  "output-limit": "the process was killed for printing or answering too much",
  "file-limit": "the process was killed for its files: too many, too large or not plain",
  "process-limit": "the process was killed for starting a process or a thread",
  "protocol-error": "what was sent to or by the process is no question or answer",
  crashed: "the process ended without an answer",
};

/**
 * What came of a call, in one bounded line: `JSONDecodeError: Expecting value`. Only a death names
 * amounts used, rounded to two digits.
 */
export function describeOutcome(outcome: CallOutcome): string {
  switch (outcome.kind) {
    case "returned":
      return showValue(outcome.value);
    case "raised":
      return oneLine(`${outcome.errorType}: ${outcome.message}`, 300);
    case "died": {
      const detail = oneLine(outcome.detail, 400);
      return detail === ""
        ? deathTexts[outcome.reason]
        : `${deathTexts[outcome.reason]} (${detail})`;
    }
  }
}

function oneLine(text: string, maxLength: number): string {
  return shorten(escapeControls(text.slice(0, 4_000)).replace(/\s+/g, " ").trim(), maxLength);
}
