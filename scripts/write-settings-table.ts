/*
 * Writes the table of settings, made from the schema, between the markers in docs/setup.md:
 *
 *   node scripts/write-settings-table.ts
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type GlobalFlags, readSettingFlags } from "../src/cli/setting-flags.ts";
import { loadConfig } from "../src/config/load-config.ts";
import { listSettings, type Setting } from "../src/config/settings.ts";
import { packageRoot } from "../src/shared/package-root.ts";

const start = "<!-- settings: start, written by scripts/write-settings-table.ts -->";
const end = "<!-- settings: end -->";

/** Every flag that stands for a setting, with some value it takes. */
const allFlags: GlobalFlags = {
  logLevel: "debug",
  workspace: "folder",
  model: ["name"],
  coder: ["name"],
  tester: ["name"],
  analyst: ["name"],
  maxTokens: "1",
  maxRequests: "1",
  maxTimeMs: "1000",
  maxMoney: "1",
  language: "python",
  maxIterations: "1",
  timeoutMs: "1000",
  allowRemote: true,
  analysis: false,
};

/** Returns the settings as a Markdown table: key, default, variable, flag, meaning. */
export async function settingsTable(): Promise<string> {
  const settings = listSettings();
  const { flagName } = readSettingFlags(allFlags, settings);
  const defaults = await defaultsByKey();
  const rows = settings.map((setting) => {
    const named = flagName(setting.key).replace(/^flag /, "");
    const flag = named.startsWith("--") ? named : `--set ${setting.key}=…`;
    return [
      `\`${setting.key}\``,
      describeDefault(defaults.get(setting.key)),
      `\`${setting.environmentName}\``,
      `\`${flag}\``,
      describeMeaning(setting),
    ];
  });
  const lines = [
    ["setting", "default", "variable", "flag", "meaning"],
    ["---", "---", "---", "---", "---"],
    ...rows,
  ];
  return lines.map((cells) => `| ${cells.map(escapeCell).join(" | ")} |`).join("\n");
}

/** Returns the page with the table between its markers replaced. */
export function withSettingsTable(page: string, table: string): string {
  const from = page.indexOf(start);
  const to = page.indexOf(end);
  if (from < 0 || to < from) {
    throw new Error(`Write the settings: the page lacks ${start} or ${end}; put both in.`);
  }
  return `${page.slice(0, from + start.length)}\n\n${table}\n\n${page.slice(to)}`;
}

async function defaultsByKey(): Promise<ReadonlyMap<string, unknown>> {
  const nowhere = join(packageRoot(), "no-such-folder");
  const { values } = await loadConfig({ cwd: nowhere, homeDirectory: nowhere, env: {}, flags: {} });
  return new Map(values.map(({ key, value }) => [key, value]));
}

function describeDefault(value: unknown): string {
  if (value === null || value === undefined) {
    return "not set";
  }
  return typeof value === "number" && !Number.isInteger(value)
    ? `\`${value.toFixed(2)}\``
    : `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}

function describeMeaning({ description, kind, wanted }: Setting): string {
  return kind === "text" && !wanted.includes(",")
    ? description
    : `${description} Wanted: ${wanted}.`;
}

function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|");
}

if (import.meta.main) {
  const path = join(packageRoot(), "docs", "setup.md");
  const page = await readFile(path, "utf8");
  await writeFile(path, withSettingsTable(page, await settingsTable()));
}
