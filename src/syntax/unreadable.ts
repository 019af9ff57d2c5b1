import type { ReadOutcome } from "./source-facts.ts";

type Unreadable = Extract<ReadOutcome<unknown>, { kind: "unreadable" }>;

/** Returns the outcome of a source that cannot be read; `message` becomes one line. */
export function unreadable(reason: Unreadable["reason"], message: string): Unreadable {
  return { kind: "unreadable", reason, message: message.replaceAll(/\s+/g, " ").slice(0, 500) };
}

/** Thrown inside the child only, where a walk meets something that ends the reading. */
export class UnreadableSource extends Error {
  readonly reason: Unreadable["reason"];

  constructor(reason: Unreadable["reason"], message: string) {
    super(message);
    this.name = "UnreadableSource";
    this.reason = reason;
  }
}
