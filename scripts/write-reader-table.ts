/*
 * Runs, on every backend of this machine, programs that the static reader was fooled to accept, and
 * writes what came of each between the markers in docs/sandbox.md. Fails when one reached its goal:
 *
 *   node scripts/write-reader-table.ts
 */
import { readFile, writeFile } from "node:fs/promises";
import { arch, release } from "node:os";
import { join } from "node:path";
import { findDenoBinary } from "../src/sandbox/deno-binary.ts";
import type { CallOutcome, Sandbox } from "../src/sandbox/sandbox.ts";
import type { Language } from "../src/shared/json.ts";
import { packageRoot } from "../src/shared/package-root.ts";
import { type FooledProgram, fooledPrograms } from "../test/hostile/fooled-reader.ts";
import { createHostileWorld } from "../test/hostile/hostile-world.ts";
import { runHostile } from "../test/hostile/run-hostile.ts";
import { usableSandboxes } from "../test/support/usable-backends.ts";

const start = "<!-- reader-table -->";
const end = "<!-- /reader-table -->";

/** What became of one disguised program. */
export interface FooledFinding {
  readonly capability: string;
  /** As it stands in the docs. */
  readonly end: string;
}

/** The table of one language as it stands in the docs. */
export interface ReaderTable {
  readonly capabilities: readonly string[];
  /** What the reader reports, `forbidden` and the rule say, in the order of the capabilities. */
  readonly reports: readonly string[];
  /** By the name of the backend, in the order of the capabilities. */
  readonly ends: ReadonlyMap<string, readonly string[]>;
}

/** Runs the disguised programs of the sandbox's language, each in a process and a world of its own. */
export async function runDisguised(
  sandbox: Sandbox,
  programs: readonly FooledProgram[] = fooledPrograms[sandbox.language],
): Promise<FooledFinding[]> {
  const findings: FooledFinding[] = [];
  for (const program of programs) {
    const { capability, language, topic, goal, disguised } = program;
    const world = await createHostileWorld();
    try {
      const hostile = { name: capability, language, topic, goal, source: disguised };
      const { attacked, damage, outcome } = await runHostile(sandbox, hostile, world);
      findings.push({ capability, end: endOf(attacked, damage, outcome) });
    } finally {
      await world.close();
    }
  }
  return findings;
}

/** Returns what the page says of a language; empty where it says nothing. */
export function readReaderTable(page: string, language: Language): ReaderTable {
  const table = page.slice(page.indexOf(start), page.indexOf(end));
  const [, rest = ""] = table.split(`#### ${title(language)}`);
  const [section = ""] = rest.split("\n#### ");
  const [head = [], , ...rows] = section
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .map((line) => line.slice(2, -2).split(" | "));
  const column = (index: number): string[] => rows.map((row) => row[index] ?? "");
  const backends = head.slice(fixedColumns.length).map((cell) => cell.split(" ")[0] ?? "");
  return {
    capabilities: column(0).map((cell) => cell.replaceAll("`", "")),
    reports: column(1),
    ends: new Map(backends.map((name, index) => [name, column(fixedColumns.length + index)])),
  };
}

/** Returns the page with what stands between the markers replaced; appends them to a page without. */
export function withReaderTable(page: string, table: string): string {
  const from = page.indexOf(start);
  const to = page.indexOf(end);
  return from < 0 || to < from
    ? `${page.trimEnd()}\n\n${start}\n\n${table}\n\n${end}\n`
    : `${page.slice(0, from + start.length)}\n\n${table}\n\n${page.slice(to)}`;
}

/** What the reader reports of the plain program, as it stands in the docs. */
export function reportOf({ tier, capability }: FooledProgram): string {
  return `${tier}: ${capability}`;
}

const fixedColumns = ["capability", "the reader, when it is plain", "goal", "disguise"] as const;

function title(language: Language): string {
  return language === "python" ? "Python, disguised" : "TypeScript, disguised";
}

function endOf(attacked: boolean, damage: string | undefined, outcome: CallOutcome): string {
  if (damage !== undefined) {
    return `**reached**: ${damage}`;
  }
  const how = outcomeText(outcome);
  return attacked ? how : `**not tried**: ${how}`;
}

function outcomeText(outcome: CallOutcome): string {
  switch (outcome.kind) {
    case "returned":
      return "returned, with nothing";
    case "raised":
      return `raised ${outcome.errorType.replaceAll(/\W/g, "")}`;
    case "died":
      return `died: ${outcome.reason}`;
  }
}

async function tableOf(language: Language): Promise<string> {
  const programs = fooledPrograms[language];
  const columns: { readonly head: string; readonly ends: readonly string[] }[] = [];
  for (const sandbox of await usableSandboxes(language, 1)) {
    try {
      const ends = (await runDisguised(sandbox)).map((finding) => finding.end);
      columns.push({ head: `${sandbox.backend} (${sandbox.runtime})`, ends });
    } finally {
      await sandbox.close();
    }
  }
  const rows = programs.map((program, index) => [
    `\`${program.capability}\``,
    reportOf(program),
    program.goal,
    program.disguise,
    ...columns.map(({ ends }) => ends[index] ?? ""),
  ]);
  const head = [...fixedColumns, ...columns.map((column) => column.head)];
  const lines = [head, head.map(() => "---"), ...rows];
  const text = lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  return `#### ${title(language)}\n\n${text}`;
}

if (import.meta.main) {
  const machine = `${process.platform} ${release()}, ${arch()}, Deno ${findDenoBinary().version}`;
  const table = [
    "For each capability: what the reader reports of a plain program, and, on each backend, how a program",
    `ended that asks for the same in a disguise which the reader accepts. None reached its goal (${machine}).`,
    "",
    await tableOf("python"),
    "",
    await tableOf("typescript"),
  ].join("\n");
  if (table.includes("**")) {
    throw new Error(`Fooling the reader: a program reached its goal or did not try:\n${table}`);
  }
  const path = join(packageRoot(), "docs", "sandbox.md");
  await writeFile(path, withReaderTable(await readFile(path, "utf8"), table));
}
