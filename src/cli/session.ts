import { resolve } from "node:path";
import type { Application } from "../application/application.ts";
import type { LoadedConfig } from "../config/config-value.ts";
import { createLog, type Log, type LogSink, silentLog } from "../shared/log.ts";
import type { CliEnvironment } from "./cli-environment.ts";
import type { LineReader } from "./line-reader.ts";
import { safeText } from "./safe-text.ts";
import type { Screen } from "./screen.ts";
import type { GlobalFlags } from "./setting-flags.ts";

/** One start of the program: what its commands share. Opens things when they are first asked for. */
export class Session {
  readonly environment: CliEnvironment;
  readonly screen: Screen;
  /** How a person starts this program again: `npm start --` or `autodidact`. */
  readonly program: string;
  /** Picked by the person instead of a missing one; holds until the program ends. */
  chosenModel: string | undefined;
  readonly #told = new Set<string>();
  #isAtPrompt = false;
  readonly #flags: GlobalFlags;
  #config: Promise<LoadedConfig> | undefined;
  #application: Promise<Application> | undefined;
  #lines: LineReader | undefined;
  #log: Log = silentLog;

  constructor(environment: CliEnvironment, screen: Screen, flags: GlobalFlags) {
    this.environment = environment;
    this.screen = screen;
    this.program = programName(environment.env);
    this.#flags = flags;
  }

  get log(): Log {
    return this.#log;
  }

  /** True when errors are to be shown with their stack. */
  get isDebugging(): boolean {
    return this.#log.level === "debug" || this.#flags.logLevel === "debug";
  }

  /** @throws {AgentError} CONFIG_INVALID */
  config(): Promise<LoadedConfig> {
    this.#config ??= this.#loadConfig();
    return this.#config;
  }

  /** @throws {AgentError} CONFIG_INVALID, and whatever keeps the workspace from being opened. */
  application(): Promise<Application> {
    this.#application ??= this.#openApplication();
    return this.#application;
  }

  async lines(): Promise<LineReader> {
    if (this.#lines === undefined) {
      const { createLineReader } = await import("./line-reader.ts");
      this.#lines = createLineReader(this.environment.stdin, this.environment.stdout);
    }
    return this.#lines;
  }

  /** Returns what is typed as the answer; nothing at the end of the input and after Ctrl-C. */
  async ask(question: string): Promise<string> {
    const lines = await this.lines();
    const answer = await lines.read(this.screen.canAsk ? `${question} ` : "");
    return answer.kind === "line" ? answer.text : "";
  }

  /** Asks for y or n; anything but y, and the end of the input, is no. */
  async confirm(question: string): Promise<boolean> {
    return /^\s*y(es)?\s*$/i.test(await this.ask(`${question} [y/N]`));
  }

  /** From now on commands are typed at the program's own prompt. */
  enterPrompt(): void {
    this.#isAtPrompt = true;
  }

  /** Returns how a person types a command here: `:use x [1]` or `autodidact use x '[1]'`. */
  readonly commandLine = (command: string, json?: string): string => {
    if (this.#isAtPrompt) {
      return `:${command}${json === undefined ? "" : ` ${json}`}`;
    }
    // Without the workspace that this command was given, the next would look in another one.
    const { workspace } = this.#flags;
    const place = workspace === undefined ? "" : `--workspace ${quoted(workspace)} `;
    return `${this.program} ${place}${command}${json === undefined ? "" : ` '${json}'`}`;
  };

  /** Returns true the first time only: at the prompt nobody wants to read the same remedy thrice. */
  isNews(problem: string): boolean {
    const isNew = !this.#told.has(problem);
    this.#told.add(problem);
    return isNew;
  }

  async workspaceRoot(): Promise<string> {
    const { config } = await this.config();
    return resolve(this.environment.cwd, config.workspaceRoot);
  }

  async close(): Promise<void> {
    this.#lines?.close();
    // One that failed to open has been reported where it was opened.
    const application = await this.#application?.catch(() => undefined);
    await application?.close();
  }

  async #loadConfig(): Promise<LoadedConfig> {
    const [{ loadConfig }, { listSettings }, { readSettingFlags }] = await Promise.all([
      import("../config/load-config.ts"),
      import("../config/settings.ts"),
      import("./setting-flags.ts"),
    ]);
    const { cwd, env, homeDirectory } = this.environment;
    const flags = readSettingFlags(this.#flags, listSettings());
    const loaded = await loadConfig({ cwd, env, homeDirectory, ...flags });
    for (const warning of loaded.warnings) {
      this.#warn(warning);
    }
    await this.#openLog(loaded);
    return loaded;
  }

  async #openLog({ config }: LoadedConfig): Promise<void> {
    const sinks: LogSink[] = [
      ({ at, level, message, fields }) =>
        this.screen.note(`${at} ${level} ${safeText(message)} ${safeText(JSON.stringify(fields))}`),
    ];
    if (config.logLevel === "debug") {
      const { createFileSink } = await import("../shared/log-file.ts");
      const path = resolve(this.environment.cwd, config.workspaceRoot, "agent.log");
      sinks.push(createFileSink(path, (problem) => this.#warn(problem)));
    }
    this.#log = createLog(config.logLevel, sinks, this.environment.clock);
  }

  #warn(message: string): void {
    this.screen.note(`⚠️  ${safeText(message)}`);
  }

  async #openApplication(): Promise<Application> {
    const { config, values } = await this.config();
    const { cwd, env } = this.environment;
    this.#log.debug("application opened", { workspaceRoot: config.workspaceRoot });
    return this.environment.openApplication({
      config,
      values,
      cwd,
      env,
      log: this.#log,
      onWarning: (message) => this.#warn(message),
    });
  }
}

function programName(env: NodeJS.ProcessEnv): string {
  return env["npm_lifecycle_event"] === "start" ? "npm start --" : "autodidact";
}

function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
