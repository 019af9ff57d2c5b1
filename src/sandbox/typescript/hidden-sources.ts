/**
 * Makes every function say the same of its own source. Code that could read itself could tell that it
 * was changed in one place, as mutants are, and answer wrongly only then: every suite would look strong.
 */
export function hideSources(): void {
  const sourceOf = (): string => "function () { [native code] }";
  Object.defineProperty(Function.prototype, "toString", {
    value: sourceOf,
    configurable: false,
    writable: false,
  });
}
