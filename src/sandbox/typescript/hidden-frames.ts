type PrepareStackTrace = (error: unknown, sites: readonly object[]) => unknown;

// Taken once, before any skill code could put its own in their place.
const { apply } = Reflect;
const { defineProperty } = Object;
const { endsWith, includes, slice, startsWith } = String.prototype;
const StringFunction = String;
const NumberFunction = Number;

/** The address of a script that Deno evaluates by itself; its traces name its file instead. */
export const plainScriptAddress = "skill:script";

/** What stands before such a script on its first line. */
export const scriptStart = '(async function (__modules) { "use strict"; ';

/**
 * Leaves the runner's own frames out of every stack of this process: they would tell a skill where on
 * the host's disk the program lies. A skill may still set `Error.prepareStackTrace`; what it is given
 * is what is left. `Error` itself can no longer be replaced, since the engine asks the global one.
 */
export function hideRunnerFrames(): void {
  const methods = takeCallSiteMethods();
  const { getFileName } = methods;
  let chosen: PrepareStackTrace | undefined;
  const isShown = (site: object): boolean => {
    const name: unknown = apply(getFileName, site, []);
    return (
      typeof name !== "string" || name === plainScriptAddress || !isOfHost(name) || isOfDeno(name)
    );
  };
  const prepare: PrepareStackTrace = (error, sites) => {
    const shown: object[] = [];
    for (let index = 0; index < sites.length; index += 1) {
      const site = sites[index];
      if (site !== undefined && isShown(site)) {
        // Not `push`, which a skill can have replaced.
        defineProperty(shown, shown.length, { value: site, ...plain });
      }
    }
    return chosen === undefined ? format(error, shown, methods) : chosen(error, shown);
  };
  defineProperty(Error, "prepareStackTrace", {
    get: () => prepare,
    set: (given: unknown) => {
      chosen = typeof given === "function" ? (given as PrepareStackTrace) : undefined;
    },
    configurable: false,
    enumerable: false,
  });
  defineProperty(globalThis, "Error", { value: Error, writable: false, configurable: false });
}

/** The runner's own are `file:` URLs; a program's files are named from its folder on. */
function isOfHost(name: string): boolean {
  return (
    apply(includes, name, [":"]) || apply(includes, name, ["\\"]) || apply(startsWith, name, ["/"])
  );
}

function isOfDeno(name: string): boolean {
  return apply(startsWith, name, ["ext:"]) || apply(startsWith, name, ["node:"]);
}

const plain = { writable: true, enumerable: true, configurable: true };

type Method = (this: object) => unknown;
type CallSiteMethods = Readonly<
  Record<"describeSite" | "getColumnNumber" | "getFileName" | "getLineNumber", Method>
>;

/**
 * The engine's own methods: a skill can put others on the prototype and be handed hidden frames. Those
 * that hand out what is being run are taken away.
 */
function takeCallSiteMethods(): CallSiteMethods {
  const holder = Error as unknown as { prepareStackTrace?: PrepareStackTrace };
  let first: object | undefined;
  holder.prepareStackTrace = (_error, sites) => {
    first = sites[0];
    return "";
  };
  // Read, since the engine formats a stack when it is first looked at.
  void new Error("x").stack;
  delete holder.prepareStackTrace;
  const methods = first as unknown as Omit<CallSiteMethods, "describeSite"> & { toString: Method };
  for (const name of ["getThis", "getFunction"]) {
    Reflect.deleteProperty(Object.getPrototypeOf(methods), name);
  }
  const { getColumnNumber, getFileName, getLineNumber, toString: describeSite } = methods;
  return { describeSite, getColumnNumber, getFileName, getLineNumber };
}

/** As the engine would: the error's text, then a line for each frame. */
function format(error: unknown, sites: readonly object[], methods: CallSiteMethods): string {
  let text = describe(error);
  for (let index = 0; index < sites.length; index += 1) {
    const site = sites[index];
    if (site !== undefined) {
      text += `\n    at ${textOfSite(site, methods)}`;
    }
  }
  return text;
}

/** A plain script's first line begins with what the runner put there: its columns are the skill's again. */
function textOfSite(site: object, methods: CallSiteMethods): string {
  const text = StringFunction(apply(methods.describeSite, site, []));
  const isFirstLine =
    apply(methods.getFileName, site, []) === plainScriptAddress &&
    apply(methods.getLineNumber, site, []) === 1;
  if (!isFirstLine) {
    return text;
  }
  const column = NumberFunction(apply(methods.getColumnNumber, site, []));
  const end = apply(endsWith, text, [")"]) ? ")" : "";
  const before = apply(slice, text, [0, -`${column}${end}`.length]);
  return `${before}${column - scriptStart.length}${end}`;
}

function describe(error: unknown): string {
  try {
    return StringFunction(error);
  } catch {
    // Its own `toString` threw; the engine shows as little.
    return "<error>";
  }
}
