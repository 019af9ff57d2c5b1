import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { DirectiveRun, RunResult } from "../../src/application/application.ts";
import { AgentError } from "../../src/shared/errors.ts";
import type { AgentEvent, Role } from "../../src/shared/events.ts";
import type { Language } from "../../src/shared/json.ts";
import type { Reply } from "../support/ollama-wire.ts";

export const goal = "Create a skill that adds one";

/** A contract as a model writes it; every result of the suite is three digits long. */
export const contractAnswer = JSON.stringify({
  description: "Adds one to a whole number.",
  entry: "add_one",
  parameters: [{ name: "n", schema: { type: "integer" }, description: "a whole number" }],
  result: { type: "integer" },
  errors: [],
  capabilities: [],
  files: { reads: [], makes: [] },
});
const inputs = [110, 220, 330, 440, 550, 660, 770, 880, 990];
export const suiteAnswer = JSON.stringify({
  cases: inputs.map((n) => ({ why: `adds to ${n}`, args: [n], returns: n + 1 })),
});
export const agreeAnswer = JSON.stringify({ explanation: "It adds one.", verdict: "agree" });

/** One fenced block whose function returns the expression over `n`. */
export function codeAnswer(expression: string, language: Language = "typescript"): string {
  return `Here it is:\n\n\`\`\`${language}\n${codeOf(expression, language)}\`\`\`\n`;
}

export function codeOf(expression: string, language: Language = "typescript"): string {
  return language === "python"
    ? `def add_one(n):\n    return ${expression}\n`
    : `export function add_one(n: number): number {\n  return ${expression};\n}\n`;
}

export const rightAnswer = codeAnswer("n + 1");

type Answers = Partial<Record<Role, Reply | ((order: number) => Reply)>>;

/** Answers of a model that is right at once, but for those given here. */
export function answersOf(answers: Answers = {}): (role: Role, order: number) => Reply {
  const usual: Record<Role, Reply> = {
    planner: contractAnswer,
    tester: suiteAnswer,
    coder: rightAnswer,
    analyst: agreeAnswer,
  };
  return (role, order) => {
    const given = answers[role];
    return typeof given === "function" ? given(order) : (given ?? usual[role]);
  };
}

export interface WatchedRun {
  readonly events: AgentEvent[];
  readonly result: RunResult;
}

/** Follows a run to its end. */
export async function follow(run: DirectiveRun): Promise<WatchedRun> {
  const events: AgentEvent[] = [];
  for await (const event of run) {
    events.push(event);
  }
  return { events, result: await run.result };
}

/** The error that ends a run; a run that ends well fails the test. */
export async function errorOf(work: Promise<unknown>): Promise<AgentError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof AgentError) {
      return error;
    }
    throw error;
  }
  throw new Error("an error was expected, and none was thrown");
}

export function ofType<T extends AgentEvent["type"]>(
  events: readonly AgentEvent[],
  type: T,
): Extract<AgentEvent, { type: T }>[] {
  return events.filter((event) => event.type === type) as Extract<AgentEvent, { type: T }>[];
}

/** What must come out the same however often a run was cut off: no ids, no times, no durations. */
export async function lastingFacts(workspaceRoot: string, skill: string): Promise<unknown> {
  const path = join(workspaceRoot, "skills", `${skill}.certificate.json`);
  const certificate = JSON.parse(await readFile(path, "utf8"));
  for (const changing of ["runId", "issuedAt", "models", "recordingLabel", "cost", "signature"]) {
    delete certificate[changing];
  }
  const [source] = (await readdir(join(workspaceRoot, "skills"))).filter((name) =>
    [`${skill}.py`, `${skill}.ts`].includes(name),
  );
  const bytes = await readFile(join(workspaceRoot, "skills", source ?? "missing"), "utf8");
  return { certificate, source, bytes };
}
