type PrepareStackTrace = (error: unknown, sites: readonly object[]) => unknown;

// Taken once, before any skill code could put its own in their place.
const { apply } = Reflect;
const { defineProperty } = Object;
const { includes, startsWith } = String.prototype;
const StringFunction = String;

/**
 * Leaves the runner's own frames out of every stack of this process: they would tell a skill where on
 * the host's disk the program lies. A skill may still set `Error.prepareStackTrace`; what it is given
 * is what is left. `Error` itself can no longer be replaced, since the engine asks the global one.
 */
export function hideRunnerFrames(): void {
  const { getFileName, describeSite } = takeCallSiteMethods();
  let chosen: PrepareStackTrace | undefined;
  const isShown = (site: object): boolean => {
    const name: unknown = apply(getFileName, site, []);
    return typeof name !== "string" || !isOfHost(name) || isOfDeno(name);
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
    return chosen === undefined ? format(error, shown, describeSite) : chosen(error, shown);
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

/**
 * The engine's own methods: a skill can put others on the prototype and be handed hidden frames. Those
 * that hand out what is being run are taken away.
 */
function takeCallSiteMethods(): { readonly getFileName: Method; readonly describeSite: Method } {
  const holder = Error as unknown as { prepareStackTrace?: PrepareStackTrace };
  let first: object | undefined;
  holder.prepareStackTrace = (_error, sites) => {
    first = sites[0];
    return "";
  };
  // Read, since the engine formats a stack when it is first looked at.
  void new Error("x").stack;
  delete holder.prepareStackTrace;
  const methods = first as unknown as { getFileName: Method; toString: Method };
  for (const name of ["getThis", "getFunction"]) {
    Reflect.deleteProperty(Object.getPrototypeOf(methods), name);
  }
  return { getFileName: methods.getFileName, describeSite: methods.toString };
}

/** As the engine would: the error's text, then a line for each frame. */
function format(error: unknown, sites: readonly object[], describeSite: Method): string {
  let text = describe(error);
  for (let index = 0; index < sites.length; index += 1) {
    const site = sites[index];
    if (site !== undefined) {
      text += `\n    at ${StringFunction(apply(describeSite, site, []))}`;
    }
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
