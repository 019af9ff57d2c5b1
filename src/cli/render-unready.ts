import type { ModelReadiness } from "../application/application.ts";
import { safeLine } from "./safe-text.ts";
import { type Line, type Screen, verbatim } from "./screen.ts";

export type Unready = Extract<ModelReadiness, { readonly problem: string }>;

/** Returns why the model cannot be asked, what to type, and which goals need none. */
export function renderUnready(readiness: Unready, { style }: Pick<Screen, "style">): Line[] {
  const { problem, remedy } = readiness;
  return [
    `⚠️  ${safeLine(problem)}`,
    ...remedy.map((line) => verbatim(`     ${style("cyan", safeLine(line))}`)),
    ...(readiness.kind === "unreachable" ? renderGoals(readiness.recordedGoals ?? []) : []),
  ];
}

function renderGoals(goals: readonly string[]): Line[] {
  const names = goals.map((goal) => `"${safeLine(goal)}"`).join(", ");
  return goals.length === 0 ? [] : [`📼 Without one, recorded answers serve these goals: ${names}`];
}
