import { shiftFiles } from "./shifted-files.ts";

type Now = Record<string, (...args: unknown[]) => unknown>;

/**
 * Sets the clock that JavaScript shows a skill, before the skill is loaded: `Date` without arguments,
 * `Date.now`, `Temporal.Now`, `performance.timeOrigin`, what `Intl.DateTimeFormat` takes for now, and
 * the date of a `File` that was given none.
 * What only goes on (`performance.now`, `process.hrtime`) stays.
 */
export function shiftClock(offsetMs: number): void {
  if (offsetMs === 0) {
    return;
  }
  const scope = globalThis as unknown as Record<string, unknown>;
  const { Date: PlainDate } = globalThis;
  const realNow = PlainDate.now;
  const now = (): number => realNow() + offsetMs;
  PlainDate.now = now;
  const ShiftedDate = new Proxy(PlainDate, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    apply: (target) => new target(now()).toString(),
  });
  Object.defineProperty(scope, "Date", { value: ShiftedDate, writable: true, configurable: true });
  // Inherited by every date: what was made says of itself that this made it.
  PlainDate.prototype.constructor = ShiftedDate;
  shiftTimeOrigin(offsetMs);
  shiftFormats(now);
  shiftFiles(now);
  shiftTemporal(scope["Temporal"] as { Now: Now; Instant: Instants } | undefined, now);
}

function shiftTimeOrigin(offsetMs: number): void {
  const { timeOrigin } = performance;
  const value = timeOrigin + offsetMs;
  Object.defineProperty(performance, "timeOrigin", { value, configurable: true });
}

function shiftFormats(now: () => number): void {
  const { prototype } = Intl.DateTimeFormat;
  const getFormat = Object.getOwnPropertyDescriptor(prototype, "format")?.get;
  const { formatToParts } = prototype;
  Object.defineProperty(prototype, "format", {
    configurable: true,
    get(this: Intl.DateTimeFormat) {
      const format = getFormat?.call(this) as Intl.DateTimeFormat["format"];
      return (date?: Date | number) => format(date ?? now());
    },
  });
  prototype.formatToParts = function (date) {
    return formatToParts.call(this, date ?? now());
  };
}

interface Instants {
  fromEpochMilliseconds(ms: number): { toZonedDateTimeISO(zone: unknown): Zoned };
}
type Zoned = Record<"toPlainDateTime" | "toPlainDate" | "toPlainTime", () => unknown>;

function shiftTemporal(
  temporal: { readonly Now: Now; readonly Instant: Instants } | undefined,
  now: () => number,
): void {
  if (temporal === undefined) {
    return;
  }
  const { Now: clock, Instant: instants } = temporal;
  const { timeZoneId } = clock;
  const zoned = (zone?: unknown): Zoned =>
    instants.fromEpochMilliseconds(now()).toZonedDateTimeISO(zone ?? timeZoneId?.());
  Object.assign(clock, {
    instant: () => instants.fromEpochMilliseconds(now()),
    zonedDateTimeISO: zoned,
    plainDateTimeISO: (zone?: unknown) => zoned(zone).toPlainDateTime(),
    plainDateISO: (zone?: unknown) => zoned(zone).toPlainDate(),
    plainTimeISO: (zone?: unknown) => zoned(zone).toPlainTime(),
  });
}
