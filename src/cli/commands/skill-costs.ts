import type { Application } from "../../application/application.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { formatMoney } from "../format.ts";
import { count } from "../run-memory.ts";
import { safeLine } from "../safe-text.ts";
import { verbatim } from "../screen.ts";
import type { Session } from "../session.ts";

type SkillCost = Awaited<ReturnType<Application["skillCosts"]>>[number];
type Skill = Awaited<ReturnType<Application["listSkills"]>>[number];

/** Lists what each skill cost, over all its runs and for the proof it stands on. */
export async function listCosts(session: Session): Promise<ExitCode> {
  const { screen } = session;
  const application = await session.application();
  const costs = new Map((await application.skillCosts()).map((cost) => [cost.skill, cost]));
  const skills = await application.listSkills();
  const names = new Set([...skills.map(({ name }) => name), ...costs.keys()]);
  const rows: (readonly string[])[] = [];
  const all: SkillCost[] = [];
  for (const name of names) {
    const skill = skills.find((one) => one.name === name);
    const { skill: _name, ...cost } = costs.get(name) ?? noCost(name);
    const proof = skill?.certificate?.cost ?? null;
    screen.emit({ name, status: skill?.status ?? null, cost, proof });
    rows.push(rowOf(name, skill, { skill: name, ...cost }));
    all.push({ skill: name, ...cost });
  }
  const total = all.reduce(add, noCost("all"));
  if (!screen.isJson) {
    const table = [heading, ...rows, rowOf("all", undefined, total)];
    screen.print(`Costs of skills (${names.size}):`, ...alignedLines(table).map(verbatim));
  }
  return exitCodes.ok;
}

const heading = ["skill", "runs", "calls", "prompt", "answer", "time", "money", "proof"];

function noCost(skill: string): SkillCost {
  return { skill, runs: 0, requests: 0, promptTokens: 0, outputTokens: 0, timeMs: 0, money: 0 };
}

function add(one: SkillCost, other: SkillCost): SkillCost {
  return {
    skill: one.skill,
    runs: one.runs + other.runs,
    requests: one.requests + other.requests,
    promptTokens: one.promptTokens + other.promptTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    timeMs: one.timeMs + other.timeMs,
    money: one.money === null || other.money === null ? null : one.money + other.money,
  };
}

function rowOf(name: string, skill: Skill | undefined, cost: SkillCost): readonly string[] {
  const proof = skill?.certificate?.cost;
  const counts = [cost.runs, cost.requests, cost.promptTokens, cost.outputTokens];
  return [
    safeLine(name),
    ...counts.map(String),
    `${(cost.timeMs / 1_000).toFixed(1)} s`,
    formatMoney(cost.money),
    proof === undefined ? "" : count(proof.modelCalls, "call"),
  ];
}

/** Names to the left, numbers to the right. */
function alignedLines(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = heading.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) => {
    const cells = row.map((cell, column) => {
      const width = widths[column] ?? 0;
      return column === 0 || column === row.length - 1 ? cell.padEnd(width) : cell.padStart(width);
    });
    return `  ${cells.join("  ")}`.trimEnd();
  });
}
