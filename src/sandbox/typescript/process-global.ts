import type { PrintedOutput } from "../runner/printed-output.ts";
import type { ExitCode } from "./exit-code.ts";
import type { ProcessEvents } from "./process-events.ts";
import type { ProcessStreams } from "./process-streams.ts";

/** What a skill's `process` is made from. */
export interface ProcessParts {
  readonly exit: (code?: number) => never;
  readonly exitCode: ExitCode;
  readonly printed: PrintedOutput;
  readonly events: ProcessEvents;
  readonly streams: ProcessStreams;
  /** As Deno has it for Node's modules: of the pinned runtime, the same on every machine. */
  readonly versions: Readonly<Record<string, string | undefined>>;
}

/** Returns what is left of Node's `process` for a skill: nothing of the host's, and its output captured. */
export function createProcess(parts: ProcessParts): Record<string, unknown> {
  const { exit, exitCode, events, streams, versions } = parts;
  return {
    ...fixedFacts(versions),
    ...clocks(),
    ...events.methods,
    get stdin() {
      return streams.stdin();
    },
    get stdout() {
      return streams.stdout();
    },
    get stderr() {
      return streams.stderr();
    },
    exit,
    get exitCode() {
      return exitCode.get();
    },
    set exitCode(code: unknown) {
      exitCode.set(code);
    },
    nextTick: (callback: (...args: unknown[]) => void, ...args: unknown[]) =>
      queueMicrotask(() => callback(...args)),
    emitWarning: (warning: unknown, typeOrOptions?: unknown) => {
      parts.printed.write(`(deno) ${warningText(warning, typeOrOptions)}\n`);
    },
  };
}

/** The same on every machine. */
function fixedFacts(versions: ProcessParts["versions"]): Readonly<Record<string, unknown>> {
  return {
    title: "deno",
    argv: [],
    argv0: "deno",
    execArgv: [],
    execPath: "deno",
    env: {},
    platform: "linux",
    arch: "x64",
    version: `v${versions["node"] ?? ""}`,
    versions: { ...versions },
    release: { name: "node" },
    features: {},
    config: {},
    pid: 1,
    ppid: 0,
    cwd: () => "/work",
    umask: () => 0o022,
  };
}

/** What a program measures itself by. Memory is the host's to measure: what is said here is nothing. */
function clocks(): Readonly<Record<string, unknown>> {
  const now = performance.now.bind(performance);
  const nanoseconds = (): bigint => BigInt(Math.round(now() * 1_000)) * 1_000n;
  const hrtime = (since?: readonly [number, number]): [number, number] => {
    const passed = nanoseconds() - (since ? BigInt(since[0]) * second + BigInt(since[1]) : 0n);
    return [Number(passed / second), Number(passed % second)];
  };
  const memory = { rss: 0, heapTotal: 0, heapUsed: 0, external: 0, arrayBuffers: 0 };
  return {
    hrtime: Object.assign(hrtime, { bigint: nanoseconds }),
    uptime: () => now() / 1_000,
    cpuUsage: () => ({ user: Math.round(now() * 1_000), system: 0 }),
    memoryUsage: Object.assign(() => ({ ...memory }), { rss: () => memory.rss }),
  };
}

const second = 1_000_000_000n;

/** As Node words it. */
function warningText(warning: unknown, typeOrOptions: unknown): string {
  if (warning instanceof Error) {
    return `${warning.name}: ${warning.message}`;
  }
  const type =
    typeof typeOrOptions === "object" && typeOrOptions !== null
      ? (typeOrOptions as { readonly type?: unknown }).type
      : typeOrOptions;
  return `${typeof type === "string" ? type : "Warning"}: ${String(warning)}`;
}
