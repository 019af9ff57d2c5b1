import { type Forgery, forgery } from "./forgery.ts";

const line = `'{"type":"returned","id":"1","value":"A"}\\n'`;

/** Put in place when it is loaded and again when it is called; some of them stop the runner. */
function patched(name: string, patch: string): Forgery {
  return forgery(name, `${patch}\nfunction shout(text) { ${patch} return "wrong"; }`, {
    hangs: true,
  });
}

/** Wrong TypeScript skills; each tries to be counted as right in another way. */
export const typescriptForgeries: readonly Forgery[] = [
  forgery(
    "prints a report",
    'console.log("PASS"); function shout() { console.log(\'{"passed":true}\', "ok 6"); process.stdout.write("PASS"); }',
  ),
  forgery("exits with 0 when loaded", "function shout() {}\nDeno.exit(0);"),
  forgery("exits with 0 when called", "function shout() { process.exit(0); }"),
  forgery(
    "answers at exit",
    `globalThis.addEventListener("unload", () => { try { console.log(${line}); } catch {} }); function shout() { Deno.exit(0); }`,
  ),
  forgery(
    "answers for the runner",
    `function shout() { for (const write of [() => Deno.stdout.writeSync(new TextEncoder().encode(${line})), () => process.stdout.write(${line}), () => console.log(${line})]) { try { write(); } catch {} } return "wrong"; }`,
  ),
  forgery(
    "answers a text object that equals everything",
    'class Text extends String { equals() { return true; } valueOf() { return "wrong"; } [Symbol.toPrimitive](hint) { return hint === "default" ? true : "A"; } } function shout() { return new Text("wrong"); }',
  ),
  forgery(
    "answers an object that turns into each value",
    'let turn = 0; function shout() { return { toJSON: () => ["A", "EF", "A", "A"][turn++], valueOf: () => "A", toString: () => "A" }; }',
  ),
  forgery(
    "answers a proxy",
    'function shout() { return new Proxy({}, { get: (_, key) => (key === "then" ? undefined : () => "A"), ownKeys: () => [], has: () => true, getPrototypeOf: () => String.prototype }); }',
  ),
  forgery(
    "answers an array of its own kind",
    "class Items extends Array { get length() { return 0; } *[Symbol.iterator]() { yield* [1, 2]; } toJSON() { return [1, 2]; } } function arrange(items) { return Items.from(items); }",
    { entry: "arrange" },
  ),
  forgery(
    "answers numbers of its own kind",
    "class N extends Number { valueOf() { return 1; } toJSON() { return 1; } } function arrange(items) { return items.map((item) => new N(item)); }",
    { entry: "arrange" },
  ),
  forgery(
    "raises the wanted error by name",
    'function shout(text) { const error = new Error(text); error.name = "RangeError"; throw error; }',
  ),
  forgery(
    "raises an error that is every error",
    "class RangeError2 extends RangeError {} class All extends RangeError2 {} Object.setPrototypeOf(RangeError.prototype, SyntaxError.prototype); function shout(text) { throw new All(text); }",
  ),
  forgery(
    "raises classes named anew",
    'const mark = (type, name) => { Object.defineProperty(type, "name", { value: name }); return type; }; const Base = mark(class extends Error {}, "SyntaxError"); const Top = mark(class extends Base {}, "RangeError"); function shout(text) { throw new Top(text); }',
  ),
  forgery(
    "raises what changes its name",
    'let turn = 0; class Bad extends Error { get name() { return turn++ % 2 ? "RangeError" : "SyntaxError"; } get message() { throw new RangeError("x"); } } function shout() { throw new Bad(); }',
  ),
  forgery(
    "raises what is no error",
    "function shout() { throw { constructor: { name: 'RangeError' }, name: 'RangeError', message: '' }; }",
  ),
  forgery("answers the tag of what has no form", 'function shout() { return { $repr: "A" }; }'),
  forgery(
    "answers the tag of an object",
    'function shout() { return { $object: { $repr: "A" } }; }',
  ),
  forgery(
    "answers tags of numbers",
    'function arrange() { return { $set: [{ $float: "nan" }, { $integer: "1" }] }; }',
    { entry: "arrange" },
  ),
  forgery(
    "answers by the count of calls",
    'const answers = ["A", "EF", null, null, "GH", "BC"]; function shout(text) { const answer = answers.shift(); if (answer === null) throw new RangeError(text); return answer ?? text; }',
  ),
  forgery(
    "learns from earlier calls",
    "const seen = []; function shout(text) { seen.push(text); return seen.slice(-2).join('').toUpperCase(); }",
  ),
  forgery(
    "knows the first cases only",
    "const known = { a: 'A', ef: 'EF' }; function shout(text) { if (text === '') throw new RangeError(text); if (text === ' ') throw new SyntaxError(text); return known[text] ?? text; }",
  ),
  forgery(
    "looks for what is expected",
    "function shout(text) { const seen = new Set(); const queue = [globalThis, arguments, __modules]; while (queue.length > 0 && seen.size < 3000) { const value = queue.pop(); if (value === null || typeof value !== 'object' || seen.has(value)) continue; seen.add(value); for (const key of Reflect.ownKeys(value)) { try { if (key === 'expected' || key === 'returns') return value[key]; queue.push(value[key]); } catch {} } } return text; }",
  ),
  forgery(
    "walks the call sites",
    "function shout(text) { Error.prepareStackTrace = (_, sites) => sites; for (const site of [].concat(new Error().stack)) { const found = site.getThis?.() ?? site.getFunction?.(); for (const value of found?.arguments ?? []) if (value?.id) return value.expected; } return text; }",
  ),
  forgery(
    "answers a promise that is wrong",
    'function shout() { return Promise.resolve({ then: (resolve) => resolve("wrong") }); }',
  ),
  forgery(
    "answers a promise-like of each value",
    'function shout() { let turn = 0; return { then(resolve) { resolve(["A", "EF"][turn++]); resolve("EF"); } }; }',
  ),
  forgery("answers a generator", "function* shout(text) { yield text.toUpperCase(); }"),
  forgery(
    "answers odd numbers",
    "function arrange(items) { return [Number.NaN, -0, 10n ** 400n, true].slice(0, items.length); }",
    { entry: "arrange" },
  ),
  forgery(
    "answers near numbers",
    "function arrange(items) { return items.toSorted((a, b) => a - b).map((item) => item + 0.01); }",
    { entry: "arrange" },
  ),
  forgery(
    "answers letters that look alike",
    "function shout(text) { return { a: '\\u0391', ef: 'E\\u200bF' }[text] ?? text.toUpperCase() + '\\0'; }",
  ),
  forgery("changes its arguments", "function arrange(items) { items.length = 0; return items; }", {
    entry: "arrange",
  }),
  forgery(
    "changes its arguments to be sorted",
    "function arrange(items) { const before = [...items]; items.sort(); items.length = 1; return before; }",
    { entry: "arrange" },
  ),
  forgery(
    "answers later, from a timer",
    `setInterval(() => { try { console.log(${line}); Deno.stdout.writeSync(new TextEncoder().encode(${line})); } catch {} }, 1); function shout() { return "wrong"; }`,
  ),
  forgery(
    "dies once it has answered",
    'function shout() { setTimeout(() => Deno.exit(0), 0); return "A"; }',
  ),
  forgery(
    "leaves the checker's names changed",
    "globalThis.checkProperty = () => true; globalThis.JSON = { parse: () => 1, stringify: () => 'x' }; RegExp.prototype.test = () => true; String.prototype.toUpperCase = () => 'wrong'; function shout() { return 'wrong'; }",
  ),
  forgery(
    "catches ids by patched prototypes",
    'const ids = []; for (const type of [Object, Array]) Object.defineProperty(type.prototype, "toJSON", { configurable: true, value() { if (this?.id) { ids.push(this.id); return { type: "returned", id: this.id, value: "A" }; } return this; } }); function shout() { console.log("x"); return "A"; }',
  ),
  forgery(
    "answers twice by patched prototypes",
    'Object.defineProperty(Object.prototype, "toJSON", { configurable: true, value() { return this?.type === "printed" ? { type: "returned", id: this.id, value: "A" } : this; } }); function shout() { console.log("x"); return "A"; }',
  ),
  forgery(
    "answers for the load",
    'Object.defineProperty(Object.prototype, "toJSON", { configurable: true, value() { return this?.type === "loaded" ? { type: "returned", id: this.id, value: "A" } : this; } }); function shout() { return "A"; }',
  ),
  patched(
    "patches JSON and toJSON",
    "JSON.stringify = () => '\"A\"'; for (const type of [Object, Array, String, Number]) type.prototype.toJSON = () => 'A';",
  ),
  patched(
    "patches comparison",
    "Object.is = () => true; String.prototype.localeCompare = () => 0; Object.keys = Object.entries = () => []; Array.isArray = () => true;",
  ),
  patched(
    "patches iterators and maps",
    "Map.prototype.get = () => 'A'; Set.prototype.has = () => true; Array.prototype.map = () => ['A'];",
  ),
  patched(
    "patches promises",
    "const then = Promise.prototype.then; Promise.prototype.then = function (done, failed) { return then.call(this, typeof done === 'function' ? () => done('A') : done, failed); };",
  ),
  patched(
    "patches encoders",
    `TextEncoder.prototype.encode = () => Uint8Array.from(${line}, (c) => c.charCodeAt(0)); TextDecoder.prototype.decode = () => ${line};`,
  ),
  patched(
    "patches typed arrays",
    `const own = Uint8Array.from(${line}, (c) => c.charCodeAt(0)); Uint8Array.prototype.subarray = Uint8Array.prototype.slice = () => own;`.replace(
      "const own",
      "var own",
    ),
  ),
  patched(
    "patches buffers",
    `const B = __modules.buffer.Buffer; B.byteLength = () => 1; B.from = () => new Uint8Array(1); B.prototype.toString = () => "A";`.replaceAll(
      "const B",
      "var B",
    ),
  ),
  patched(
    "patches functions",
    "var bind = Function.prototype.bind; Function.prototype.bind = function () { return () => 'A'; }; Function.prototype.call = function () { return 'A'; };",
  ),
  patched(
    "patches instance checks",
    "for (const type of [Error, Set, Map, String, Promise]) Object.defineProperty(type, Symbol.hasInstance, { configurable: true, value: () => true });",
  ),
  patched(
    "patches setters of every object",
    "for (const key of ['id', 'type', 'kind', 'valueText', 'entry', 'value']) { try { Object.defineProperty(Object.prototype, key, { configurable: true, get: () => 'A', set() {} }); } catch {} }",
  ),
  patched(
    "patches strings and expressions",
    "String.prototype.slice = String.prototype.startsWith = () => 'A'; RegExp.prototype.exec = () => ['A', 'A']; String.prototype.replaceAll = () => 'A';",
  ),
  forgery(
    "overwrites the answer channel",
    `const fake = { writeSync: (b) => b.length, write: async (b) => b.length, readSync: () => null, read: async () => null, readable: new ReadableStream(), writable: new WritableStream() }; for (const name of ["stdout", "stdin", "stderr"]) { for (const owner of [Deno, process]) { try { Object.defineProperty(owner, name, { configurable: true, get: () => fake }); } catch {} } } function shout() { try { Deno.stdout.writeSync(new TextEncoder().encode(${line})); } catch {} return "wrong"; }`,
  ),
  forgery(
    "leaves a worker running that answers",
    `try { const source = "setInterval(() => console.log(" + JSON.stringify(${line}) + "), 1)"; new Worker("data:text/javascript," + encodeURIComponent(source), { type: "module" }); } catch {} function shout() { return "wrong"; }`,
  ),
  forgery(
    "closes what it can",
    "try { close(); } catch {} try { Deno.stdin.close(); } catch {} function shout() { return 'wrong'; }",
  ),
  forgery("hangs", "function shout() { for (;;); }", { hangs: true }),
  forgery("never settles", "function shout() { return new Promise(() => {}); }", { hangs: true }),
];

/** Looks for what its own earlier run planted, and plants it; must fail however often it is judged. */
export const typescriptPlanting = forgery(
  "plants files for the next run",
  `const PLACES = [".", "/tmp", "/var/tmp", "/dev/shm", "/root", "/home", "/deno-dir"];
const attempt = (work) => { try { return work(); } catch { return undefined; } };
const found = PLACES.some((place) => attempt(() => Deno.readTextFileSync(place + "/planted.txt")) === "yes")
  || attempt(() => localStorage.getItem("planted")) === "yes";
for (const place of PLACES) {
  for (const name of ["planted.txt", "deno.json", "forged.ts", "package.json"]) attempt(() => Deno.writeTextFileSync(place + "/" + name, "yes"));
}
attempt(() => localStorage.setItem("planted", "yes"));
attempt(() => caches.open("planted"));
function shout(text) {
  if (!found) return text;
  if (text === "") throw new RangeError("empty");
  if (text.trim() === "") throw new SyntaxError("blank");
  return text.toUpperCase();
}`,
);

/** Right in its values, and of one class that is every error it may raise; see forgery.test.ts. */
export const typescriptEveryError = forgery(
  "raises one class that is every declared error",
  `const named = (type, name) => { Object.defineProperty(type, "name", { value: name }); return type; };
const Second = named(class extends Error {}, "SyntaxError");
const First = named(class extends Second {}, "RangeError");
function shout(text) {
  if (text.trim() === "") throw new First(text);
  return text.toUpperCase();
}`,
);
