import type { Language } from "../shared/json.ts";
import type { Contract } from "./contract.ts";

/**
 * What further runs of a suite take for now, the one most unlike other days first: a leap day, a Sunday,
 * late in the evening, years ahead; the last day of a year gone by, in the morning; a noon in summer; the
 * second after which 32 bits no longer hold the time. Never near a midnight that a run may cross.
 */
const moments = [
  "2032-02-29T23:30:00Z",
  "2021-12-31T06:15:00Z",
  "2027-07-14T12:00:00Z",
  "2038-01-19T03:14:08Z",
] as const;

/** The clock of one run. */
export interface RunClock {
  /** `2032-02-29T23:30:00Z` */
  readonly moment: string;
  /** From now to there. */
  readonly offsetMs: number;
}

/** The clocks of so many further runs; the last ones begin with the first again. */
export function clocksOfRuns(count: number, nowMs: number): readonly RunClock[] {
  return Array.from({ length: count }, (_, index) => {
    const moment = moments[index % moments.length] ?? moments[0];
    return { moment, offsetMs: Date.parse(moment) - nowMs };
  });
}

/** So many runs meet every clock. */
export const clockCount = moments.length;

const clockNames: Readonly<Record<Language, RegExp>> = {
  python: /\b(?:time|date|datetime|today|now|clock)\b/,
  typescript: /\b(?:Date|File|FormData|Temporal|Intl|lastModified|performance|now|clock)\b/,
};

/**
 * Whether the text names what tells the time, in a comment too: such code is run at every clock. Code
 * that hides the name is run at as many as its suite is repeated anyway.
 */
export function namesClock(language: Language, source: string): boolean {
  return clockNames[language].test(source);
}

const timeWords =
  /today|yesterday|tomorrow|\bnow\b|current|clock|\bdates?\b|\bdays?\b|\btimes?\b|years?|months?|weeks?|weekend|hours?|minutes?|\bages?\b|birthday|deadline|expir/i;

/** Whether a contract speaks of time: then what comes back may depend on the clock, and code is right. */
export function speaksOfTime(contract: Contract): boolean {
  const { name, entry, description, parameters } = contract;
  const texts = [name, entry, description, ...parameters.map((one) => one.description)];
  return timeWords.test(texts.join(" ").replaceAll("_", " "));
}

/** `2032-02-29 23:30 UTC, a Sunday` */
export function describeMoment(moment: string): string {
  const day = new Intl.DateTimeFormat("en-US", { weekday: "long", timeZone: "UTC" });
  const shown = moment.replace("T", " ").replace(/:\d\dZ$/, " UTC");
  return `${shown}, a ${day.format(new Date(moment))}`;
}
