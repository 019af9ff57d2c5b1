import type { Clock } from "../shared/clock.ts";
import type { AgentEvent, Phase } from "../shared/events.ts";
import { truncateToWidth } from "./display-width.ts";
import type { Line, Screen } from "./screen.ts";

/** One line at the bottom of a terminal that is redrawn while work goes on. */
export interface StatusLine {
  update(event: AgentEvent): void;
  /** Writes lines above the status line. */
  print(lines: readonly Line[]): void;
  /** Takes the line away; nothing is left of it. */
  stop(): void;
}

const redrawMs = 100;
const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const clearLine = "\r\u001b[2K";
const doing: Record<Phase, string> = {
  plan: "planning",
  write: "writing",
  test: "testing",
  analyze: "analyzing",
};

/** Off a terminal it only prints. */
export function createStatusLine(screen: Screen, clock: Clock): StatusLine {
  if (!screen.isLive) {
    return { update: () => {}, print: (lines) => screen.print(...lines), stop: () => {} };
  }
  const progress = new RunProgress();
  const startedMs = clock.monotonicMs();
  let frame = 0;
  const draw = () => {
    const seconds = Math.floor((clock.monotonicMs() - startedMs) / 1_000);
    const text = `${frames[frame % frames.length]} ${progress.describe(seconds)}`;
    // One column less: some terminals wrap as soon as the last one is used.
    const shown = truncateToWidth(text, screen.columns() - 1);
    screen.stdout.write(`${clearLine}${screen.style("dim", shown)}`);
  };
  const timer = setInterval(() => {
    frame += 1;
    draw();
  }, redrawMs);
  timer.unref();
  return {
    update: (event) => progress.update(event),
    print: (lines) => {
      if (lines.length > 0) {
        screen.stdout.write(clearLine);
        screen.print(...lines);
        draw();
      }
    },
    stop: () => {
      clearInterval(timer);
      screen.stdout.write(clearLine);
    },
  };
}

type TokenEvent = Extract<AgentEvent, { type: "token-received" }>;

/** A rate of fewer tokens would jump about. */
const fewestForRate = 10;

/** Who writes, how long the first token took and how fast the others come; or why nobody does. */
function describeTokens(event: TokenEvent): string {
  const { role, isThinking, outputTokens, firstTokenMs, elapsedMs, retryInMs } = event;
  if (retryInMs !== undefined) {
    return `the server is busy, ${role} asks again in ${Math.ceil(retryInMs / 1_000)} s`;
  }
  const who = `${role} ${isThinking ? "thinks" : "writes"}`;
  if (firstTokenMs === undefined || elapsedMs === undefined) {
    return who;
  }
  const first = `first token ${(firstTokenMs / 1_000).toFixed(1)} s`;
  const seconds = (elapsedMs - firstTokenMs) / 1_000;
  return outputTokens < fewestForRate || seconds <= 0
    ? `${who} (${first})`
    : `${who} (${first}, ${Math.round((outputTokens - 1) / seconds)} tokens/s)`;
}

/** What the status line tells: attempt, phase, seconds, tokens. */
export class RunProgress {
  #attempt = "";
  #phase = "starting";
  #waiting = "";
  #answeredTokens = 0;
  #currentTokens = 0;
  #isRecorded = false;

  update(event: AgentEvent): void {
    if (event.type === "run-started") {
      this.#isRecorded = event.recordingLabel !== undefined;
    } else if (event.type === "attempt-started") {
      this.#attempt = `attempt ${event.attempt} of ${event.of}`;
    } else if (event.type === "phase-started") {
      this.#phase = doing[event.phase];
    } else if (event.type === "model-called") {
      this.#waiting = `waiting for the ${event.role}`;
    } else if (event.type === "token-received") {
      this.#currentTokens = event.outputTokens;
      this.#waiting = describeTokens(event);
    } else if (event.type === "model-answered") {
      this.#answeredTokens += event.outputTokens;
      this.#currentTokens = 0;
      this.#waiting = "";
    }
  }

  describe(seconds: number): string {
    const tokens = this.#answeredTokens + this.#currentTokens;
    const parts = [
      this.#attempt,
      this.#phase,
      this.#waiting,
      `${seconds} s`,
      `${tokens.toLocaleString("en-US")} tokens`,
      this.#isRecorded ? "recorded" : "",
    ];
    return parts.filter((part) => part !== "").join(" · ");
  }
}
