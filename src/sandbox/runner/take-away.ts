import { keptGlobals, keptOfDeno, keptOfScope } from "./kept-members.ts";

/**
 * Takes from the global scope whatever is on no list of what a skill may keep, and puts
 * `replacements` in place: what could write a line of the protocol, and whatever another Deno will
 * bring. It makes forging hard; what protects the verdict is that the host compares values.
 */
export function takeAway(replacements: Readonly<Record<string, unknown>>): KeptScope {
  const scope = globalThis as unknown as Record<string, unknown>;
  const kept: Record<string, unknown> = {};
  keepMembers(scope["Deno"] as object, kept);
  const placed: Record<string, unknown> = { Deno: kept, navigator };
  const renew = (more: Readonly<Record<string, unknown>>): void => {
    Object.assign(placed, more);
    sweep(scope);
    for (const [name, value] of Object.entries(placed)) {
      define(scope, name, value);
    }
  };
  renew(replacements);
  return { renew };
}

/** What a runner has made of the global scope. */
export interface KeptScope {
  /** Puts these in place too, and takes away again whatever has come since. */
  renew(more: Readonly<Record<string, unknown>>): void;
}

function sweep(scope: object): void {
  for (const key of Reflect.ownKeys(scope)) {
    if (!keptGlobals.has(nameOf(key))) {
      takeMember(scope, key);
    }
  }
  for (
    let holder: object | null = Object.getPrototypeOf(scope);
    holder !== null && holder !== Object.prototype;
    holder = Object.getPrototypeOf(holder)
  ) {
    for (const key of Reflect.ownKeys(holder)) {
      if (!keptOfScope.has(nameOf(key))) {
        takeMember(holder, key);
      }
    }
  }
}

/**
 * Deno's own tells how many processors the host has and reaches its graphics hardware, which asks no
 * permission, loads the host's libraries and lets them write into the home folder.
 */
const navigator = Object.freeze({
  userAgent: "Deno",
  language: "en-US",
  languages: Object.freeze(["en-US"]),
  platform: "Linux",
  hardwareConcurrency: 1,
});

/** As the lists have it: a symbol's description, as one name. */
function nameOf(key: PropertyKey): string {
  return typeof key === "symbol" ? (key.description ?? "") : String(key);
}

function takeMember(holder: object, key: PropertyKey): void {
  if (!Reflect.deleteProperty(holder, key)) {
    throw new TypeError(
      `taking globals away: ${String(key)} cannot be deleted, it must; use the pinned Deno`,
    );
  }
}

function keepMembers(from: object, to: object): void {
  for (const name of Object.getOwnPropertyNames(from)) {
    const descriptor = Object.getOwnPropertyDescriptor(from, name);
    if (keptOfDeno.has(name) && descriptor !== undefined) {
      Object.defineProperty(to, name, { ...descriptor, configurable: true });
    }
  }
}

function define(scope: object, name: string, value: unknown): void {
  Object.defineProperty(scope, name, {
    value,
    configurable: true,
    enumerable: false,
    writable: true,
  });
}

/**
 * Gives up every permission for good but `ffi`, which the kernel's lock needs and which goes with it
 * (`giveUpForeignCalls`); a runner calls both before it sees skill code.
 */
export function revokePermissions(revoke: (descriptor: { name: string }) => unknown): void {
  for (const name of ["read", "write", "net", "env", "run", "sys", "import"]) {
    revoke({ name });
  }
}
