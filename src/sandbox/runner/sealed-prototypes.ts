/**
 * Keeps skill code from adding to what every object inherits, or making an accessor of it: Deno's and
 * the runner's own objects would call it with themselves. What is there can still be replaced by
 * assignment, as programs do on objects of their own. What bytes are is frozen: the lines of the
 * protocol are some.
 */
export function sealPrototypes(): void {
  Object.seal(Object.prototype);
  const typedArray: object = Object.getPrototypeOf(Uint8Array);
  for (const bytes of [typedArray, Uint8Array, ArrayBuffer, TextDecoder, TextEncoder]) {
    Object.freeze(bytes);
    Object.freeze((bytes as { prototype: object }).prototype);
  }
}

/** Names that code gives to objects of its own; refused there if what they inherit is read-only. */
const overridden: ReadonlySet<PropertyKey> = new Set([
  "constructor",
  "message",
  "name",
  "prepareStackTrace",
  "stack",
  "stackTraceLimit",
  "toLocaleString",
  "toString",
  "valueOf",
]);

/**
 * Makes everything the language itself is built of unchangeable, for a runner that no skill's
 * JavaScript runs in.
 */
export function freezeIntrinsics(): void {
  const seen = new Set<object>();
  const freeze = (value: unknown): void => {
    if ((typeof value !== "object" && typeof value !== "function") || value === null) {
      return;
    }
    if (seen.has(value)) {
      return;
    }
    seen.add(value);
    freezeOwn(value, freeze);
    freeze(Object.getPrototypeOf(value));
  };
  for (const value of intrinsics()) {
    freeze(value);
  }
}

function freezeOwn(holder: object, freeze: (value: unknown) => void): void {
  for (const key of Reflect.ownKeys(holder)) {
    const descriptor = Object.getOwnPropertyDescriptor(holder, key);
    if (descriptor?.configurable === true) {
      const isData = "value" in descriptor;
      const writable = isData && overridden.has(key);
      Object.defineProperty(holder, key, { configurable: false, ...(isData ? { writable } : {}) });
    }
    freeze(descriptor?.value);
    freeze(descriptor?.get);
    freeze(descriptor?.set);
  }
  Object.preventExtensions(holder);
}

/** Roots; what they name and inherit from is found from them. */
function intrinsics(): readonly unknown[] {
  const named = [
    "Object Function Array Number Boolean String Symbol Date Promise RegExp Error AggregateError",
    "EvalError RangeError ReferenceError SyntaxError TypeError URIError JSON Math ArrayBuffer Atomics",
    "Uint8Array Int8Array Uint16Array Int16Array Uint32Array Int32Array BigUint64Array BigInt64Array",
    "Uint8ClampedArray Float32Array Float64Array DataView Map BigInt Set Iterator WeakMap WeakSet",
    "Proxy Reflect FinalizationRegistry WeakRef TextDecoder TextEncoder",
  ].join(" ");
  const scope = globalThis as unknown as Record<string, unknown>;
  return [
    ...named.split(" ").map((name) => scope[name]),
    [][Symbol.iterator](),
    new Map()[Symbol.iterator](),
    new Set()[Symbol.iterator](),
    ""[Symbol.iterator](),
    "".matchAll(/x/g),
    (function* () {})(),
    (async function* () {})(),
    async () => {},
  ];
}
