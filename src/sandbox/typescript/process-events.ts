import type { EventEmitter } from "node:events";

type Listener = (...args: unknown[]) => void;

/** The events of a skill's `process`; listeners that nothing calls cost nothing. */
export interface ProcessEvents {
  /** `on`, `once` and the like, for the skill. */
  readonly methods: Readonly<Record<string, (...args: never[]) => unknown>>;
  /** Tells the skill's listeners; whether it has any for this. */
  emit(event: string, ...args: unknown[]): boolean;
}

const methodNames = [
  "addListener",
  "emit",
  "eventNames",
  "getMaxListeners",
  "listenerCount",
  "listeners",
  "off",
  "on",
  "once",
  "prependListener",
  "prependOnceListener",
  "rawListeners",
  "removeAllListeners",
  "removeListener",
  "setMaxListeners",
] as const;

/** Returns events on an emitter of their own, made when a skill first asks: most never do. */
export function createProcessEvents(makeEmitter: () => EventEmitter): ProcessEvents {
  let emitter: EventEmitter | undefined;
  const methods: Record<string, (...args: never[]) => unknown> = {};
  for (const name of methodNames) {
    methods[name] = function asOfProcess(this: unknown, ...args: never[]) {
      emitter ??= makeEmitter();
      const result: unknown = Reflect.apply(emitter[name] as Listener, emitter, args);
      // So that calls can be chained, as on the process itself.
      return result === emitter ? this : result;
    };
  }
  return { methods, emit: (event, ...args) => emitter?.emit(event, ...args) ?? false };
}
