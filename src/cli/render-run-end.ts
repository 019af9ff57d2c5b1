import { isAbsolute, relative } from "node:path";
import type { AgentEvent } from "../shared/events.ts";
import { formatMoney } from "./format.ts";
import { count, type RunMemory } from "./run-memory.ts";
import { safeLine, shorten } from "./safe-text.ts";
import { type Line, verbatim } from "./screen.ts";

type RunFinished = Extract<AgentEvent, { type: "run-finished" }>;

const indent = "   ";

/** Returns the last lines of a run: what came of it, where it lies, what to type next. */
export function renderRunEnd(event: RunFinished, memory: RunMemory): Line[] {
  const lines = [...renderOutcome(event, memory), memory.options.style("dim", renderCost(event))];
  if (memory.promptsDiffered > 1) {
    const text = `${indent}${memory.promptsDiffered} recorded prompts differ from those sent now`;
    lines.push(memory.options.style("dim", text));
  }
  if (memory.recordingLabel !== undefined) {
    const label = `${indent}📼 Recorded answers: ${safeLine(memory.recordingLabel)}`;
    lines.push(memory.options.style("yellow", label));
  }
  return lines;
}

function renderOutcome(event: RunFinished, memory: RunMemory): Line[] {
  const { commandLine } = memory.options;
  const skill = safeLine(event.skill);
  switch (event.status) {
    case "completed":
      return renderSuccess(skill, memory);
    case "failed":
      return [
        `❌ FAILED: ${skill} does not work after ${count(event.attempts, "attempt")}`,
        ...renderPath("The best candidate is kept", memory),
        verbatim(`${indent}What went wrong: ${commandLine("memory")}`),
      ];
    case "unproven":
      return [
        `⚠️  UNPROVEN: ${skill} passes its cases, but too little proves it`,
        ...memory.missing.map((text) => `${indent}${shorten(safeLine(text), 400)}`),
        ...renderPath("File", memory),
      ];
    case "cancelled":
      return [`🛑 CANCELLED: ${skill}`];
    case "pending":
    case "running":
    case "waiting":
      return [
        `⏸  ${event.status.toUpperCase()}; go on with:`,
        verbatim(`     ${commandLine(`resume ${event.runId}`)}`),
      ];
  }
}

function renderSuccess(skill: string, memory: RunMemory): Line[] {
  const { style, commandLine } = memory.options;
  const sealed =
    memory.sealedPassed === 0 ? "" : ` and ${count(memory.sealedPassed, "sealed case")}`;
  const runtime = memory.runtime === undefined ? "" : `, on ${safeLine(memory.runtime)}`;
  return [
    `✅ ${style("green", "SUCCESS: Skill is working!")}`,
    `${indent}Proven to its contract: ${count(memory.openPassed, "open case")}${sealed} passed${runtime}`,
    ...renderPath("File", memory),
    verbatim(
      `${indent}Use it: ${style("bold", commandLine(`use ${skill}`, safeLine(memory.sampleInput)))}`,
    ),
  ];
}

function renderPath(title: string, memory: RunMemory): string[] {
  if (memory.skillPath === undefined) {
    return [];
  }
  return [`${indent}${title}: ${safeLine(fromHere(memory.skillPath, memory.options.cwd))}`];
}

function fromHere(path: string, cwd: string): string {
  const below = isAbsolute(path) ? relative(cwd, path) : path;
  return below.startsWith("..") ? path : below;
}

function renderCost(event: RunFinished): string {
  const parts = [
    count(event.attempts, "attempt"),
    count(event.modelCalls, "model call"),
    count(event.promptTokens + event.outputTokens, "token"),
    ...(event.money === undefined || event.money === 0 ? [] : [formatMoney(event.money)]),
    `${(event.durationMs / 1_000).toFixed(1)} s`,
  ];
  return `${indent}${parts.join(" · ")}`;
}
