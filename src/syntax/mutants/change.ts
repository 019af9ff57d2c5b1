import type { MutationOperator } from "../mutant.ts";
import type { SyntaxNode } from "../tree.ts";

/** A replacement of the text from `start` to `end`, in UTF-16 units of the original source. */
export interface Edit {
  readonly operator: MutationOperator;
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
  /** What a reader is shown before and after; the edited text alone without it. */
  readonly shown?: SyntaxNode;
}

/** An edit that was found possible, with what choosing among many needs. */
export interface Change {
  readonly operator: MutationOperator;
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
  readonly shownStart: number;
  readonly shownEnd: number;
  readonly unit: string;
  readonly rank: number;
  readonly line: number;
}

export function applyChange(
  source: string,
  { start, end, replacement }: Pick<Change, "start" | "end" | "replacement">,
): string {
  return source.slice(0, start) + replacement + source.slice(end);
}

/** Characters of one side of a change as a reader sees it. */
const maxShownLength = 120;

/** What is shown of the source before and after, one line each, cut around the change. */
export function describeChange(
  source: string,
  change: Change,
): { readonly before: string; readonly after: string } {
  const lead = source.slice(change.shownStart, change.start);
  const tail = source.slice(change.end, change.shownEnd);
  const changed = source.slice(change.start, change.end);
  // A statement put before another stands on a line of its own; here both stand on one.
  const isInserted = change.start === change.end;
  return {
    before: oneLine(lead, changed, tail),
    after: oneLine(
      lead,
      isInserted ? `${change.replacement.trim().replace(/;$/, "")}; ` : change.replacement,
      tail,
    ),
  };
}

function oneLine(lead: string, middle: string, tail: string): string {
  const whole = flat(lead + middle + tail).trim();
  if (whole.length <= maxShownLength) return whole;
  const shownMiddle = cut(flat(middle), maxShownLength - 40);
  const beside = Math.floor((maxShownLength - shownMiddle.length) / 2) - 1;
  const flatLead = flat(lead);
  const shownLead =
    flatLead.length > beside
      ? `…${wholeCharacters(flatLead.slice(flatLead.length - beside))}`
      : flatLead;
  return `${shownLead}${shownMiddle}${cut(flat(tail), beside)}`.trim();
}

function flat(text: string): string {
  // A megabyte on one line is not flattened as a whole: only its ends are ever shown.
  const ends =
    text.length > 2_000 ? `${text.slice(0, 1_000)}${text.slice(text.length - 1_000)}` : text;
  return ends.replaceAll(/\s+/gu, " ").replaceAll(/\p{Cc}/gu, "\u{fffd}");
}

function cut(text: string, length: number): string {
  return text.length > length ? `${wholeCharacters(text.slice(0, length))}…` : text;
}

/** Half of a pair of surrogates is no text. */
function wholeCharacters(text: string): string {
  return text.replace(/^[\udc00-\udfff]/, "").replace(/[\ud800-\udbff]$/, "");
}
