import type { Config } from "../config/schema.ts";
import type { MemoryFile } from "../memory/memory.ts";
import type { SkillCost } from "../model/budget/spend-ledger.ts";
import type { SafetyRule } from "../safety/safety.ts";
import type { AgentEvent } from "../shared/events.ts";
import type { JsonValue } from "../shared/json.ts";
import type { Skill } from "../skills/library.ts";
import type {
  AddOptions,
  AddResult,
  Application,
  GivenSkill,
  ModelOption,
  RunOptions,
  RunResult,
  SkillVerification,
  StreamResult,
  UseOptions,
  UseResult,
  VerifyOptions,
} from "./application.ts";
import { useStream } from "./use-stream.ts";

export type AgentOptions = Partial<Config> & {
  /** Rules of your own: a pattern, or a function that returns why a source is refused. */
  readonly safetyRules?: readonly SafetyRule[];
};

/** A run under way: `await` it for its result, iterate over it for its events. */
export type AgentRun = Promise<RunResult> & AsyncIterable<AgentEvent>;

/** Opens the application for an agent; the wiring gives it. */
export type OpenApplication = (options: AgentOptions) => Promise<Application>;

/**
 * The agent for programs. Settings come from where the command finds them (files, environment),
 * and those given here win. Nothing is opened before the first call.
 */
export class AgentBase {
  readonly memory = { read: (): Promise<MemoryFile> => this.#use((agent) => agent.readMemory()) };
  readonly skills = {
    list: (): Promise<readonly Skill[]> => this.#use((agent) => agent.listSkills()),
    costs: (): Promise<readonly SkillCost[]> => this.#use((agent) => agent.skillCosts()),
    get: (name: string): Promise<Skill> => this.#use((agent) => agent.showSkill(name)),
  };
  readonly #options: AgentOptions;
  readonly #open: OpenApplication;
  #application: Promise<Application> | undefined;

  constructor(open: OpenApplication, options: AgentOptions) {
    this.#open = open;
    this.#options = options;
  }

  /** @throws {AgentError} what stopped the run; it can be resumed then. */
  run(goal: string, options: RunOptions = {}): AgentRun {
    return this.#run((agent) => agent.runDirective(goal, options));
  }

  /** Goes on with a run that was cut off; without an id, with the newest. */
  resume(
    runId?: string,
    options: Pick<RunOptions, "confirm" | "signal" | ModelOption> = {},
  ): AgentRun {
    return this.#run((agent) => agent.resumeRun(runId, options));
  }

  /** Works on several goals, `parallel` at once; the results stand in the goals' order. */
  runAll(
    goals: readonly string[],
    options: Parameters<Application["runAll"]>[1] = {},
  ): ReturnType<Application["runAll"]> {
    return this.#use((agent) => agent.runAll(goals, options));
  }

  use(skill: string, input: JsonValue, options: UseOptions = {}): Promise<UseResult> {
    return this.#use((agent) => agent.useSkill(skill, input, options));
  }

  /**
   * Calls a skill with each input in turn, in one process for many calls, and gives the results in
   * order. The next input is taken when the last result was; one that does not fit, or that the
   * skill dies of, does not end the stream.
   */
  async *useStream(
    skill: string,
    inputs: AsyncIterable<JsonValue> | Iterable<JsonValue>,
    options: UseOptions = {},
  ): AsyncGenerator<StreamResult, void, undefined> {
    const opened = await this.#use((agent) => agent.openSkill(skill, options));
    yield* useStream(skill, opened, inputs);
  }

  /** Puts code that was given with its cases through the same gate, without a model. */
  add(given: GivenSkill, options: AddOptions = {}): Promise<AddResult> {
    return this.#use((agent) => agent.addSkill(given, options));
  }

  /**
   * Runs the proofs of these skills again, without a model; of all that are said to be proven when none
   * is named.
   */
  verify(
    names?: readonly string[],
    options: VerifyOptions = {},
  ): Promise<readonly SkillVerification[]> {
    return this.#use((agent) => agent.verifySkills(names, options));
  }

  /** Ends every process the agent holds. A program that forgets it still ends by itself. */
  async close(): Promise<void> {
    const opened = this.#application;
    this.#application = undefined;
    // One that could not be opened was reported where it was used, and holds nothing.
    const application = await opened?.catch(() => undefined);
    await application?.close();
  }

  #use<T>(work: (application: Application) => Promise<T>): Promise<T> {
    this.#application ??= this.#open(this.#options).catch((error: unknown) => {
      // Opened anew by the next call: what was wrong with the settings may be mended by then.
      this.#application = undefined;
      throw error;
    });
    return this.#application.then(work);
  }

  #run(start: (application: Application) => ReturnType<Application["runDirective"]>): AgentRun {
    const started = this.#use(async (application) => ({ run: start(application) }));
    const result = started.then(({ run }) => run.result);
    result.catch(() => {});
    return Object.assign(result, {
      async *[Symbol.asyncIterator]() {
        const { run } = await started;
        yield* run;
      },
    });
  }
}
