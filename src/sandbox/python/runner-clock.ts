/**
 * Puts a clock before the machine's that can be set, for Pyodide reads `Date.now` at each look. Returns
 * how to set it; installed before the language is frozen, and set before a skill is loaded.
 */
export function installClock(date: { now: () => number } = Date): (offsetMs: number) => void {
  const { now } = date;
  let offset = 0;
  date.now = () => now() + offset;
  return (offsetMs) => {
    offset = offsetMs;
  };
}
