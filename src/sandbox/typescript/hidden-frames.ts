import { createSiteCover, type SiteCover } from "./hidden-columns.ts";

type PrepareStackTrace = (error: unknown, sites: readonly object[]) => unknown;

// Taken once, before any skill code could put its own in their place.
const { apply } = Reflect;
const { defineProperty } = Object;
const { includes, startsWith } = String.prototype;
const StringFunction = String;

/** The address of a script that Deno evaluates by itself; its traces name its file instead. */
export const plainScriptAddress = "skill:script";

/**
 * Leaves the runner's own frames out of every stack of this process: they would tell a skill where on
 * the host's disk the program lies. A skill may still set `Error.prepareStackTrace`; what it is given
 * is what is left. `Error` itself can no longer be replaced, since the engine asks the global one.
 */
export function hideRunnerFrames(): void {
  const methods = takeCallSiteMethods();
  const { cover, getFileName, isCover } = methods;
  let chosen: PrepareStackTrace | undefined;
  let isChoosing = false;
  const shownOf = (site: object): object | undefined => {
    if (isCover(site)) {
      return site;
    }
    const name: unknown = apply(getFileName, site, []);
    const isShown =
      typeof name !== "string" || name === plainScriptAddress || !isOfHost(name) || isOfDeno(name);
    return isShown ? cover(site) : undefined;
  };
  const prepare: PrepareStackTrace = (error, sites) => {
    const shown: object[] = [];
    for (let index = 0; index < sites.length; index += 1) {
      const value = shownOf(sites[index] as object);
      if (value !== undefined) {
        // Not `push`, which a skill can have replaced.
        defineProperty(shown, shown.length, { value, ...plain });
      }
    }
    // What a skill chose may itself call what was there before, which is this.
    if (chosen === undefined || isChoosing) {
      return format(error, shown);
    }
    isChoosing = true;
    try {
      return chosen(error, shown);
    } finally {
      isChoosing = false;
    }
  };
  defineProperty(Error, "prepareStackTrace", {
    get: () => prepare,
    set: (given: unknown) => {
      const isOwn = typeof given === "function" && given !== prepare;
      chosen = isOwn ? (given as PrepareStackTrace) : undefined;
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

/** The engine's own way to ask for a frame's file, and what a skill is given in place of a frame. */
function takeCallSiteMethods(): { readonly getFileName: Method } & SiteCover {
  const holder = Error as unknown as { prepareStackTrace?: PrepareStackTrace };
  let first: object | undefined;
  holder.prepareStackTrace = (_error, sites) => {
    first = sites[0];
    return "";
  };
  // Read, since the engine formats a stack when it is first looked at.
  void new Error("x").stack;
  delete holder.prepareStackTrace;
  const sites = Object.getPrototypeOf(first) as { getFileName: Method };
  return { getFileName: sites.getFileName, ...createSiteCover(sites) };
}

/** As the engine would: the error's text, then a line for each frame. */
function format(error: unknown, shown: readonly object[]): string {
  let text = describe(error);
  for (let index = 0; index < shown.length; index += 1) {
    text += `\n    at ${StringFunction(shown[index])}`;
  }
  return text;
}

function describe(error: unknown): string {
  try {
    return StringFunction(error);
  } catch {
    // Its own `toString` threw; the engine shows as little.
    return "<error>";
  }
}
