import type { Screen } from "./screen.ts";

/** Returns how a person types a command here, with its JSON argument quoted as the place wants it. */
export type CommandLine = (command: string, json?: string) => string;

export interface RenderOptions {
  readonly style: Screen["style"];
  readonly commandLine: CommandLine;
  /** Paths below it are shown relative to it. */
  readonly cwd: string;
}

/** What a run's screen has to remember from earlier events. */
export interface RunMemory {
  readonly options: RenderOptions;
  goal: string;
  recordingLabel: string | undefined;
  skillPath: string | undefined;
  runtime: string | undefined;
  /** JSON that has the shape of the skill's arguments. */
  sampleInput: string;
  openPassed: number;
  sealedPassed: number;
  /** Of this attempt, passed or not. */
  sealedRan: number;
  /** How many the suite has. */
  sealedCases: number;
  failuresShown: number;
  failuresHidden: number;
  isExplained: boolean;
  promptsDiffered: number;
  /** What a proof would still need. */
  missing: readonly string[];
}

export function newRunMemory(options: RenderOptions): RunMemory {
  return {
    options,
    goal: "",
    recordingLabel: undefined,
    skillPath: undefined,
    runtime: undefined,
    sampleInput: "{}",
    openPassed: 0,
    sealedPassed: 0,
    sealedRan: 0,
    sealedCases: 0,
    failuresShown: 0,
    failuresHidden: 0,
    isExplained: false,
    promptsDiffered: 0,
    missing: [],
  };
}

/** Returns `1 case`, `2 cases`. */
export function count(amount: number, thing: string): string {
  return `${amount.toLocaleString("en-US")} ${thing}${amount === 1 ? "" : "s"}`;
}
