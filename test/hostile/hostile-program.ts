import type { Language } from "../../src/shared/json.ts";

/** What a hostile program is after; one row of the table in docs/sandbox.md each. */
export type HostileTopic =
  | "read-outside"
  | "write-outside"
  | "import"
  | "environment"
  | "network"
  | "process"
  | "system-call"
  | "javascript-from-python"
  | "runtime-internals"
  | "memory"
  | "cpu"
  | "output"
  | "files"
  | "signal"
  | "terminal"
  | "survival"
  | "forgery";

/**
 * One attack. Its source defines `f(world)` (see `HostileWorld`) and prints `attacking` right before
 * it reaches out: one that died earlier has proved nothing. What it returns, prints or raises decides
 * nothing; whether the goal was reached is looked for outside the sandbox, in the world.
 */
export interface HostileProgram {
  /** Unique in its language, kebab-case. */
  readonly name: string;
  readonly language: Language;
  readonly topic: HostileTopic;
  /** One line, as it stands in the docs: what would have been reached. */
  readonly goal: string;
  readonly source: string;
  /** Run a second time in a fresh process; what the first left must not be there. */
  readonly twice?: true;
  /** Run as a whole, a module that calls its `f` itself and may import; nothing has prepared it. */
  readonly isWhole?: true;
  /** Has no console: it returns `attacking`, first of all it has to say, where others print it. */
  readonly isSilent?: true;
  /** Names nothing of Node's layer, so that its process never has it; silent, therefore. */
  readonly isPlain?: true;
  /** May take until a limit stops it; given a short time limit. */
  readonly exhausts?: "cpu" | "memory" | "output" | "files";
  /**
   * May be run with no sandbox, by bare python3 or `deno run --allow-all`, in a folder of its own: the
   * control that shows the checks outside would have seen it. Only where that harms nothing.
   */
  readonly reachesBare?: true;
}

/** What `f` is told: the things outside that it is to reach. A plain object; the secrets are not in it. */
export interface HostileWorld {
  /** A file outside, holding a secret; in `canaryFolder`, whose other file has a secret name. */
  readonly canaryPath: string;
  readonly canaryFolder: string;
  /** The like in the host's home folder, and beside what the project has installed. */
  readonly homeCanaryPath: string;
  readonly nearCanaryPath: string;
  /** Whoever runs the host may write here; nothing of a sandbox ever may. */
  readonly writeFolder: string;
  /** Listeners of the loopback interface; the first answers HTTP and counts, the others count. */
  readonly tcpPort: number;
  readonly udpPort: number;
  readonly dnsPort: number;
  readonly unixSocketPath: string;
  /** Without its leading NUL. */
  readonly abstractSocketName: string;
  /** Nobody listens there: the host tries to connect once `f` has ended, to see whether somebody does. */
  readonly listenPort: number;
  /** The host counts what signals arrive; the victim has `environmentName` in its environment. */
  readonly hostPid: number;
  readonly victimPid: number;
  /** A variable of the host's environment; its value is a secret. */
  readonly environmentName: string;
  /**
   * Put it into what is left behind: command lines of processes, names of files in shared folders.
   * A program that can tell only from inside that it got through (a system call that answered) prints
   * `reached` and the marker in one line, `print("reached " + world["marker"])`, and counts as through.
   */
  readonly marker: string;
}
