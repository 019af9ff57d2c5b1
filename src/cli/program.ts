import { Command, Option } from "commander";
import { type ExitCode, exitCodeHelp, exitCodes } from "./exit-codes.ts";
import type { Session } from "./session.ts";
import type { GlobalFlags } from "./setting-flags.ts";

export interface ProgramOptions {
  readonly version: string;
  /** Called once, when the command line has been understood. */
  readonly openSession: (flags: GlobalFlags) => Session;
  readonly onExitCode: (code: ExitCode) => void;
  readonly write: { out: (text: string) => void; error: (text: string) => void };
}

type Action = (session: Session, ...values: never[]) => Promise<ExitCode>;

/**
 * Returns the command line. Each command's code is imported when it runs, so that `--help` loads
 * nothing but this.
 */
export function buildProgram(options: ProgramOptions): Command {
  const program = new Command("autodidact");
  program
    .description("Writes, tests and keeps skills: small programs, each proven to its contract.")
    .usage('["GOAL"] | COMMAND [options]')
    .version(options.version, "--version", "print the version")
    .helpOption("-h, --help", "print this help")
    .configureOutput({ writeOut: options.write.out, writeErr: options.write.error })
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    .showHelpAfterError("(--help lists commands and options)")
    .addHelpText(
      "after",
      `\nWithout a goal or command: an interactive prompt. Options of a goal: run --help.\n\n${exitCodeHelp}`,
    );
  addGlobalOptions(program);
  const handle =
    (action: Action) =>
    async (...given: unknown[]): Promise<void> => {
      // commander passes the arguments, then the options, then the command.
      const values = given.slice(0, -1);
      const session = options.openSession(globalFlags(program));
      options.onExitCode(await Reflect.apply(action, undefined, [session, ...values]));
    };
  addWorkCommands(program, handle);
  addProofCommands(program, handle);
  addLookCommands(program, handle);
  addSandboxCommands(program, handle);
  return program;
}

type Handle = (action: Action) => (...given: unknown[]) => Promise<void>;

function addGlobalOptions(program: Command): void {
  program
    .addOption(
      new Option(
        "--model <name>",
        "model that answers: of Ollama, openai:NAME, compatible:NAME@URL, embedded:FILE.gguf, replay:FILE, …; repeated: a chain",
      ).argParser(collect),
    )
    .addOption(new Option("--coder <name>", "another model that writes code").argParser(collect))
    .addOption(new Option("--tester <name>", "another that writes the cases").argParser(collect))
    .addOption(new Option("--analyst <name>", "another that reads results").argParser(collect))
    .addOption(new Option("--max-tokens <n>", "tokens that one goal may cost"))
    .addOption(new Option("--max-requests <n>", "model calls that one goal may cost"))
    .addOption(new Option("--max-time-ms <ms>", "milliseconds its model calls may take together"))
    .addOption(new Option("--max-money <usd>", "US dollars that one goal may cost"))
    .addOption(new Option("--language <language>", "language of new skills: python, typescript"))
    .addOption(new Option("--max-iterations <n>", "attempts for one goal"))
    .addOption(new Option("--timeout-ms <ms>", "milliseconds that one call of a skill may take"))
    .addOption(new Option("--sandbox <name>", "insist on auto, bubblewrap, deno-seccomp or deno"))
    .addOption(new Option("--no-analysis", "do not let the model read results; saves a call"))
    .addOption(new Option("--allow-remote", "consent to a server that is not on this machine"))
    .addOption(new Option("--workspace <dir>", "folder for skills, memory and runs"))
    .addOption(new Option("--set <key=value>", "any setting (repeatable)").argParser(collect))
    .addOption(new Option("--json", "one JSON value a line on standard output"))
    .addOption(new Option("--log-level <level>", "silent, error, warn, info, debug"));
}

function addWorkCommands(program: Command, handle: Handle): void {
  program
    .command("run", { isDefault: true })
    .description("make a skill for a goal (also without the word run)")
    .argument("[goal...]", "what the skill shall do; none: the interactive prompt")
    .option("--name <name>", "the skill's name")
    .option("--example <line>", "a case that is law: 'ARGS => RESULT' (repeatable)", collect)
    .option(
      "--examples <file>",
      "such cases from a .json, .jsonl or .csv file (repeatable)",
      collect,
    )
    .option("--no-goal-examples", "take none from the goal's own text")
    .option("--yes", "take those of the goal's own text without asking")
    .option("--input <file>", "file of the workspace the skill may read (repeatable)", collect)
    .option("--again", "make another skill although one works already")
    .option("--confirm", "show contract and cases, and wait for a yes")
    .option("--pull", "pull a missing model without asking")
    .action(
      handle(async (session: Session, words: string[], flags: object) => {
        const { runOrOpenRepl } = await import("./commands/default.ts");
        return runOrOpenRepl(session, words, flags, commandNames(program));
      }),
    );
  program
    .command("resume")
    .description("go on with a run that was cut off (the newest, or RUN)")
    .argument("[run]", "a run's id")
    .action(
      handle(async (session: Session, runId: string | undefined) => {
        const { resumeRun } = await import("./commands/resume.ts");
        return resumeRun(session, runId);
      }),
    );
  program
    .command("batch")
    .description("make skills for a file of goals")
    .argument("<file>", "a goal a line, # comments; - reads standard input")
    .option("--parallel <n>", "goals to work on at once")
    .option("--again", "make other skills although some work already")
    .option("--pull", "pull a missing model without asking")
    .action(
      handle(async (session: Session, file: string, flags: object) => {
        const { runBatch } = await import("./commands/batch.ts");
        return runBatch(session, file, flags);
      }),
    );
  program
    .command("use")
    .description("call a proven skill")
    .argument("<skill>", "the skill's name")
    .argument("[json]", "arguments: a list, or an object by name; - reads standard input")
    .option("--input <file>", "file of the workspace the skill may read (repeatable)", collect)
    .option("--stream", "one input a line on standard input, one result a line on standard output")
    .action(
      handle(async (session: Session, name: string, json: string | undefined, flags: object) => {
        const { useSkill } = await import("./commands/use.ts");
        return useSkill(session, name, json, flags);
      }),
    );
}

function addProofCommands(program: Command, handle: Handle): void {
  program
    .command("add")
    .description("prove code that somebody wrote, by cases of theirs, without a model")
    .argument("<file>", "a .py or .ts file with one public function")
    .option("--cases <file>", "JSON, JSON Lines or CSV: arguments, and what must come back")
    .option("--name <name>", "the skill's name; default: the file's")
    .option("--goal <text>", "what it is for")
    .option("--entry <name>", "its public function, where the file has several")
    .option("--contract <file>", "the contract as JSON; default: from its types and the cases")
    .action(
      handle(async (session: Session, file: string, flags: object) => {
        const { addSkill } = await import("./commands/add.ts");
        return addSkill(session, file, flags);
      }),
    );
  program
    .command("verify")
    .description("run the proofs of skills again, and say what still holds")
    .argument("[name...]", "names of skills")
    .option("--all", "every skill that is said to be proven")
    .action(
      handle(async (session: Session, names: readonly string[], flags: object) => {
        const { verifySkills } = await import("./commands/verify.ts");
        return verifySkills(session, names, flags);
      }),
    );
  program
    .command("replay")
    .description("run a recorded run again without a model, and say what differs")
    .argument("<run>", "a run's id")
    .option("--with <model>", "ask another model the same instead, and compare its answers")
    .action(
      handle(async (session: Session, runId: string, flags: object) => {
        const { replayRun } = await import("./commands/replay.ts");
        return replayRun(session, runId, flags);
      }),
    );
}

function addLookCommands(program: Command, handle: Handle): void {
  program
    .command("skills")
    .description("list the skills")
    .option("--names", "names only")
    .option("--cost", "what each cost: model calls, tokens, time, money")
    .action(
      handle(async (session: Session, flags: object) => {
        const { listSkills } = await import("./commands/skills.ts");
        return listSkills(session, flags);
      }),
    );
  program
    .command("show")
    .description("show a skill, or a run by its id")
    .argument("<name>", "a skill's name or a run's id")
    .option("--prompts", "every prompt as it was sent, and its answer")
    .option("--code", "the skill's code alone")
    .option("--screen", "a run as it was seen while it ran, instead of its timeline")
    .action(
      handle(async (session: Session, name: string, flags: object) => {
        const { show } = await import("./commands/show.ts");
        return show(session, name, flags);
      }),
    );
  const plain: readonly [string, string, () => Promise<(session: Session) => Promise<ExitCode>>][] =
    [
      ["runs", "list the runs", async () => (await import("./commands/runs.ts")).listRuns],
      ["memory", "show the memory", async () => (await import("./commands/memory.ts")).showMemory],
      [
        "doctor",
        "check the surroundings",
        async () => (await import("./commands/doctor.ts")).runDoctor,
      ],
      [
        "config",
        "show the settings",
        async () => (await import("./commands/config.ts")).showConfig,
      ],
    ];
  for (const [name, description, load] of plain) {
    program
      .command(name)
      .description(description)
      .action(handle(async (session: Session) => (await load())(session)));
  }
  program
    .command("completion")
    .description('print a completion script: eval "$(autodidact completion bash)"')
    .argument("<shell>", "bash, zsh or fish")
    .action(
      handle(async (session: Session, shell: string) => {
        const { completionScript } = await import("./completion.ts");
        const script = completionScript(program, shell);
        session.screen.emit({ shell, script });
        if (!session.screen.isJson) {
          session.environment.stdout.write(script);
        }
        return exitCodes.ok;
      }),
    );
}

function addSandboxCommands(program: Command, handle: Handle): void {
  const sandbox = program
    .command("sandbox")
    .description("say how code is held here, or run a program of yours so");
  sandbox
    .command("status")
    .description("show what holds each language, and why nothing stronger does")
    .option("--test", "attack every backend now, whatever was found before")
    .action(
      handle(async (session: Session, flags: object) => {
        const { showSandboxStatus } = await import("./commands/sandbox-status.ts");
        return showSandboxStatus(session, flags);
      }),
    );
  sandbox
    .command("run")
    .description("run a program of Python or TypeScript under the policy of skills")
    .argument(
      "<file>",
      "a .py, .ts, .mts, .js or .mjs file, a folder with main.py or main.ts, or -",
    )
    .argument("[arg...]", "the program's own arguments, behind --")
    .addOption(
      new Option("--backend <name>", "this one or none").choices([
        "bubblewrap",
        "deno-seccomp",
        "deno",
      ]),
    )
    .action(
      handle(async (session: Session, file: string, args: readonly string[], flags: object) => {
        const { runInSandbox } = await import("./commands/sandbox-run.ts");
        return runInSandbox(session, file, args, flags);
      }),
    );
}

function globalFlags(program: Command): GlobalFlags {
  const flags: GlobalFlags & Record<string, unknown> = program.opts();
  const { analysis, ...others } = flags;
  // commander gives `--no-analysis` a default of true, which nobody asked for.
  return program.getOptionValueSource("analysis") === "cli" && analysis !== undefined
    ? { ...others, analysis }
    : others;
}

function commandNames(program: Command): string[] {
  return [...program.commands.map((command) => command.name()), "help"];
}

function collect(value: string, previous: string[] | undefined): string[] {
  return [...(previous ?? []), value];
}
