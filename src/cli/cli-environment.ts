import type { Application } from "../application/application.ts";
import type { ConfigValue } from "../config/config-value.ts";
import type { Config } from "../config/schema.ts";
import type { Clock } from "../shared/clock.ts";
import type { Log } from "../shared/log.ts";

export type InputStream = NodeJS.ReadableStream & { isTTY?: boolean };
export type OutputStream = NodeJS.WritableStream & { isTTY?: boolean; columns?: number };

export interface ApplicationSettings {
  readonly config: Config;
  readonly values: readonly ConfigValue[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly log: Log;
  /** Shows the person something that stopped nothing, a recovered memory file say. */
  readonly onWarning: (message: string) => void;
}

/** All that the command line touches of the process around it; tests pass their own. */
export interface CliEnvironment {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly homeDirectory: string;
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly clock: Clock;
  /** Loads and wires everything; called once, and only by commands that need it. */
  openApplication(settings: ApplicationSettings): Promise<Application>;
  /** Calls the listener at Ctrl-C or SIGTERM instead of ending; the answer takes it away again. */
  onInterrupt(listener: () => void): () => void;
  /** Ends the process at once, for a person who does not want to wait. */
  exitNow(code: number): void;
}
