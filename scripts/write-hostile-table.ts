/*
 * Runs every hostile program on every backend of this machine and writes what came of each between the
 * markers in docs/sandbox.md. Takes some minutes; fails when one got through or did not attack:
 *
 *   node scripts/write-hostile-table.ts
 */
import { readFile, writeFile } from "node:fs/promises";
import { arch, release } from "node:os";
import { join } from "node:path";
import type { BackendName } from "../src/sandbox/backend.ts";
import { findDenoBinary } from "../src/sandbox/deno-binary.ts";
import type { CallOutcome } from "../src/sandbox/sandbox.ts";
import type { Language } from "../src/shared/json.ts";
import { packageRoot } from "../src/shared/package-root.ts";
import {
  attack,
  type NamedFinding,
  openAttackedSandboxes,
} from "../test/hostile/attacked-sandboxes.ts";
import type { HostileProgram } from "../test/hostile/hostile-program.ts";
import { pythonPrograms } from "../test/hostile/python-programs.ts";
import { typescriptPrograms } from "../test/hostile/typescript-programs.ts";

const start = "<!-- hostile-table: start, written by scripts/write-hostile-table.ts -->";
const end = "<!-- hostile-table: end -->";
const laneCount = 2;

/** Every hostile program, by language, in the order of the table. */
export const hostileSuite: Readonly<Record<Language, readonly HostileProgram[]>> = {
  python: pythonPrograms,
  typescript: typescriptPrograms,
};

interface Column {
  readonly backend: BackendName;
  /** Absent where this machine does not have the backend. */
  readonly runtime?: string;
  readonly cells: ReadonlyMap<string, string>;
}

/** Returns the page with what stands between the markers replaced; appends them to a page without. */
export function withHostileTable(page: string, table: string): string {
  const from = page.indexOf(start);
  const to = page.indexOf(end);
  if (from < 0 || to < from) {
    return `${page.trimEnd()}\n\n${start}\n\n${table}\n\n${end}\n`;
  }
  return `${page.slice(0, from + start.length)}\n\n${table}\n\n${page.slice(to)}`;
}

/** Returns the names of the programs in the page's table of a language, in its order. */
export function namesInTable(page: string, language: Language): string[] {
  const table = page.slice(page.indexOf(start), page.indexOf(end));
  const [, rest = ""] = table.split(`#### ${title(language)}`);
  const [section = ""] = rest.split("\n#### ");
  return [...section.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name = ""]) => name);
}

function title(language: Language): string {
  return language === "python" ? "Python" : "TypeScript";
}

/** What the reader needs of an outcome: how the run ended. */
function cell({ attacked, damage, outcome }: NamedFinding): string {
  if (damage !== undefined) {
    return `**reached**: ${damage}`;
  }
  return attacked ? endOf(outcome) : `**not tried**: ${endOf(outcome)}`;
}

function endOf(outcome: CallOutcome): string {
  switch (outcome.kind) {
    case "returned":
      return "nothing";
    case "raised":
      return /^\w{1,40}$/.test(outcome.errorType) ? outcome.errorType : "an error";
    case "died":
      return outcome.reason;
  }
}

async function columnsOf(language: Language): Promise<Column[]> {
  const sandboxes = await openAttackedSandboxes(language, laneCount);
  const columns: Column[] = [];
  try {
    for (const { name, sandbox } of sandboxes.backends) {
      if (sandbox === undefined) {
        columns.push({ backend: name, cells: new Map() });
        continue;
      }
      await sandbox.warm();
      const startMs = performance.now();
      const findings = await attack(
        sandbox,
        hostileSuite[language],
        sandboxes.cacheDirectory,
        laneCount,
      );
      const cells = new Map(findings.map((finding) => [finding.name, cell(finding)]));
      const seconds = ((performance.now() - startMs) / 1000).toFixed(0);
      process.stderr.write(`${language} on ${name}: ${cells.size} programs in ${seconds} s\n`);
      columns.push({ backend: name, runtime: sandbox.runtime, cells });
    }
  } finally {
    await sandboxes.close();
  }
  return columns;
}

function tableOf(language: Language, columns: readonly Column[]): string {
  const heads = columns.map(({ backend, runtime }) => `${backend} (${runtime ?? "not at hand"})`);
  const rows = hostileSuite[language].map(({ name, topic, goal }) => {
    const ends = columns.map(({ cells }) => cells.get(name) ?? "–");
    return [`\`${name}\``, topic, goal, ...ends];
  });
  const head = ["program", "topic", "what would have been reached", ...heads];
  const lines = [head, head.map(() => "---"), ...rows];
  const text = lines.map((cells) => `| ${cells.map(escapeCell).join(" | ")} |`).join("\n");
  return `#### ${title(language)}: ${hostileSuite[language].length} programs\n\n${text}`;
}

function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

if (import.meta.main) {
  const python = await columnsOf("python");
  const typescript = await columnsOf("typescript");
  const machine = `${process.platform} ${release()}, ${arch()}, Deno ${findDenoBinary().version}`;
  const table = [
    `How each run ended on ${machine}: with an error of that name, ended by that limit, or with`,
    "nothing of note. Whether the goal was reached is looked for outside the sandbox.",
    "",
    tableOf("python", python),
    "",
    tableOf("typescript", typescript),
  ].join("\n");
  const path = join(packageRoot(), "docs", "sandbox.md");
  const page = await readFile(path, "utf8").catch(() => "# The sandbox\n");
  await writeFile(path, withHostileTable(page, table));
  const wrong = [...python, ...typescript].flatMap(({ backend, cells }) =>
    [...cells].filter(([, text]) => text.startsWith("**")).map(([name]) => `${backend} ${name}`),
  );
  if (wrong.length > 0) {
    throw new Error(`Attacking the sandboxes: got through or not tried: ${wrong.join(", ")}.`);
  }
}
