/**
 * Makes every error of JavaScript tell its text alone, for good: Python reaches their stacks, whose
 * frames name files of the host. The limit of frames stays writable, since Pyodide sets it for errors
 * of its own in strict code; whatever it is, the frames go to this function and no further.
 */
export function emptyStacks(): void {
  const text = Function.prototype.call.bind(Error.prototype.toString);
  Object.defineProperty(Error, "prepareStackTrace", {
    value: (error: unknown): string => {
      try {
        return String(text(error));
      } catch {
        // A name or a message that throws as it is read: the skill's own doing.
        return "Error";
      }
    },
    configurable: false,
    enumerable: false,
    writable: false,
  });
  Error.stackTraceLimit = 0;
}
