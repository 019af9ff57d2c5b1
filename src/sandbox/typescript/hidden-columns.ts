// Taken once, before any skill code could put its own in their place.
const { apply } = Reflect;
const { defineProperty, freeze } = Object;
const StringFunction = String;

const columns = { getColumnNumber: 1, getEnclosingColumnNumber: 1, getPosition: 0 } as const;
const kept = [
  "getEnclosingLineNumber",
  "getEvalOrigin",
  "getFileName",
  "getFunctionName",
  "getLineNumber",
  "getMethodName",
  "getPromiseIndex",
  "getScriptNameOrSourceURL",
  "getTypeName",
  "isAsync",
  "isConstructor",
  "isEval",
  "isNative",
  "isPromiseAll",
  "isToplevel",
  "toString",
] as const;

export interface SiteCover {
  readonly cover: (site: object) => object;
  readonly isCover: (value: object) => boolean;
}

/**
 * Returns what stands before a call site of the engine, whose own methods can be neither changed nor taken
 * away: the same methods, but those that hand out what is run or a digest of the program, and with the
 * same answer for every column. Code that could read its columns could tell that it was changed
 * earlier in the line, as mutants are, and answer wrongly only then: every suite would look strong.
 */
export function createSiteCover(sites: object): SiteCover {
  const methods = sites as Readonly<Record<string, unknown>>;
  class CallSite {
    readonly #site: object;
    constructor(site: object) {
      this.#site = site;
    }
    static isCover(value: object): boolean {
      return #site in value;
    }
    static ask(cover: CallSite, method: () => unknown): unknown {
      return apply(method, cover.#site, []);
    }
  }
  const { ask, isCover } = CallSite;
  for (const name of kept) {
    const method = methods[name];
    if (typeof method === "function") {
      const value = function (this: CallSite): unknown {
        const said = ask(this, method as () => unknown);
        return typeof said === "string" ? withoutColumns(said) : said;
      };
      defineProperty(CallSite.prototype, name, { value });
    }
  }
  for (const [name, column] of Object.entries(columns)) {
    defineProperty(CallSite.prototype, name, { value: () => column });
  }
  // The class makes covers of anything, and asks through them: no skill may reach it.
  defineProperty(CallSite.prototype, "constructor", { value: Object });
  freeze(CallSite.prototype);
  return { cover: (site) => new CallSite(site), isCover };
}

/** Makes the events that tell of uncaught errors say the same of every column. */
export function hideEventColumns(): void {
  const { ErrorEvent: Events } = globalThis as unknown as { ErrorEvent: { prototype: object } };
  defineProperty(Events.prototype, "colno", { get: () => 1, configurable: false });
}

/** `f (s.ts:3:9)` becomes `f (s.ts:3:1)`. No expression does it, since a skill can change how those work. */
export function withoutColumns(text: string): string {
  let masked = "";
  let place: Place = "text";
  // Not a loop over its characters, whose iterator a skill can replace.
  for (let index = 0; index < text.length; index += 1) {
    const character = StringFunction(text[index]);
    const next: Place = placeAfter(place, character);
    if (next !== "column") {
      masked += character;
    } else if (place !== "column") {
      masked += "1";
    }
    place = next;
  }
  return masked;
}

type Place = "text" | "colon" | "line" | "second colon" | "column";

function placeAfter(place: Place, character: string): Place {
  if (character >= "0" && character <= "9") {
    return afterDigit[place];
  }
  if (character !== ":") {
    return "text";
  }
  // Whatever number follows a column is one too: a file may be called `a:1`.
  return place === "line" || place === "column" ? "second colon" : "colon";
}

const afterDigit: Readonly<Record<Place, Place>> = {
  text: "text",
  colon: "line",
  line: "line",
  "second colon": "column",
  column: "column",
};
