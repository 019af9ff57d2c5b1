/** Of `node:util`. */
export type Formatters = Pick<typeof import("node:util"), "format" | "inspect">;

/** Returns a console that writes nowhere but to the skill's own captured output. */
export function createConsole(
  print: (text: string) => void,
  { format, inspect }: Formatters,
): Readonly<Record<string, (...args: unknown[]) => void>> {
  let indent = "";
  const counts = new Map<string, number>();
  const starts = new Map<string, number>();
  const line = (...args: unknown[]): void => {
    print(`${indent}${format(...args).replaceAll("\n", `\n${indent}`)}\n`);
  };
  const elapsed = (label: unknown): void => {
    const start = starts.get(String(label ?? "default"));
    line(
      `${label ?? "default"}: ${start === undefined ? "no such timer" : `${performance.now() - start}ms`}`,
    );
  };
  const group = (...args: unknown[]): void => {
    if (args.length > 0) {
      line(...args);
    }
    indent += "  ";
  };
  return {
    log: line,
    info: line,
    debug: line,
    warn: line,
    error: line,
    trace: line,
    table: (value) => line(inspect(value)),
    dir: (value) => line(inspect(value)),
    assert: (condition, ...args) => {
      if (condition !== true) {
        line("Assertion failed", ...args);
      }
    },
    count: (label) => {
      const name = String(label ?? "default");
      counts.set(name, (counts.get(name) ?? 0) + 1);
      line(`${name}: ${counts.get(name)}`);
    },
    countReset: (label) => {
      counts.delete(String(label ?? "default"));
    },
    group,
    groupCollapsed: group,
    groupEnd: () => {
      indent = indent.slice(2);
    },
    time: (label) => {
      starts.set(String(label ?? "default"), performance.now());
    },
    timeLog: elapsed,
    timeEnd: elapsed,
    clear: () => {},
  };
}
