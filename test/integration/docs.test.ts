import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOMS } from "../../scripts/rooms.ts";
import { settingsTable, withSettingsTable } from "../../scripts/write-settings-table.ts";
import { exitCodeHelp } from "../../src/cli/exit-codes.ts";
import { buildProgram } from "../../src/cli/program.ts";
import { replCommands } from "../../src/cli/repl-command-list.ts";
import { drawGraph } from "../../src/loop/graph.ts";
import { packageRoot } from "../../src/shared/package-root.ts";

const root = packageRoot();
const decisions = readdirSync(join(root, "docs", "decisions")).filter((name) =>
  name.endsWith(".md"),
);
const pages = [
  "README.md",
  "ARCHITECTURE.md",
  "CONTRIBUTING.md",
  "docs/setup.md",
  "docs/sandbox-protocol.md",
  "docs/sandbox.md",
  "docs/proof.md",
  "docs/mutants.md",
  "docs/certificate.md",
  "docs/arena.md",
  "docs/answer-formats.md",
  "docs/model-roles.md",
  "docs/budgets.md",
  "docs/models.md",
  "docs/embedded-models.md",
  ...decisions.map((name) => `docs/decisions/${name}`),
];
const namedPath =
  /(?<![\w./-])(?:src|test|scripts|bench|prompts|recordings|docs|bin)\/[\w./*-]*[\w/*]/g;
/** Stands for any file of its kind. */
const isExample = /\bNAME\b|\bFILE\b|\*/;

function read(page: string): string {
  return readFileSync(join(root, page), "utf8");
}

function tableRows(page: string): string[][] {
  return read(page)
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .map((line) =>
      line
        .slice(2, -2)
        .split(/(?<!\\)\s\|\s/)
        .map((cell) => cell.replaceAll("\\|", "|").trim()),
    );
}

describe("what the pages say of the code", () => {
  it.each(pages)("%s names only paths that exist", (page) => {
    const paths = [...read(page).matchAll(namedPath)].map(([path]) => path);
    const missing = paths.filter((path) => !isExample.test(path) && !existsSync(join(root, path)));
    expect(missing).toEqual([]);
  });

  it.each(pages)("%s links only to pages that exist", (page) => {
    const links = [...read(page).matchAll(/\]\((?!https?:)([^)#\s]+)/g)].map(([, link]) => link);
    const missing = links.filter(
      (link) => !existsSync(resolve(root, dirname(page), decodeURI(link ?? ""))),
    );
    expect(missing).toEqual([]);
  });

  it("ARCHITECTURE.md shows the graph as it is", async () => {
    const [, drawing] = /```mermaid\n([\s\S]*?)```/.exec(read("ARCHITECTURE.md")) ?? [];
    expect(drawing?.trim()).toBe((await drawGraph()).trim());
  });

  it("ARCHITECTURE.md shows the rooms as they are", () => {
    const shown = tableRows("ARCHITECTURE.md")
      .filter(([name]) => ROOMS.some((room) => name === `\`${room.name}\``))
      .map(([name, , mayImport]) => [name, mayImport]);
    const wanted = ROOMS.map(({ name, mayImport }) => [
      `\`${name}\``,
      mayImport.map((other) => `\`${other}\``).join(", ") || "nothing of ours",
    ]);
    expect(shown).toEqual(wanted);
  });

  it("docs/setup.md shows every setting as it is", async () => {
    const page = read("docs/setup.md");
    // When this fails: node scripts/write-settings-table.ts
    expect(page).toBe(withSettingsTable(page, await settingsTable()));
  });

  it("docs/setup.md shows the exit codes as --help does", () => {
    const shown = tableRows("docs/setup.md").filter(([code]) => /^\d+$/.test(code ?? ""));
    const wanted = exitCodeHelp
      .split("\n")
      .slice(1)
      .map((line) => /^\s*(\d+)\s+(.*)$/.exec(line)?.slice(1));
    expect(shown).toEqual(wanted);
  });

  it("docs/setup.md says of each command what a line of its --json is", () => {
    const [, section = ""] = read("docs/setup.md").split("### JSON for programs");
    const [table = ""] = section.split("\n### ");
    const named = [...table.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell = ""]) =>
      [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
    );
    const program = buildProgram({
      version: "",
      openSession: () => {
        throw new Error("no command is run here");
      },
      onExitCode: () => {},
      write: { out: () => {}, error: () => {} },
    });
    const commands = program.commands.flatMap((command) =>
      command.commands.length === 0
        ? [command.name()]
        : command.commands.map((inner) => `${command.name()} ${inner.name()}`),
    );
    expect(named.filter((name) => !name?.startsWith("--")).toSorted()).toEqual(commands.toSorted());
  });

  it("docs/setup.md shows the commands of the prompt as :help does", () => {
    const shown = tableRows("docs/setup.md").filter(([usage]) => usage?.startsWith("`:"));
    expect(shown).toEqual(replCommands.map(({ usage, text }) => [`\`${usage}\``, text]));
  });
});

describe("decisions", () => {
  it("are numbered in the order of writing, each with a title of its number", () => {
    const numbers = decisions.toSorted().map((name) => Number(name.slice(0, 4)));
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    for (const [index, name] of decisions.toSorted().entries()) {
      expect(read(`docs/decisions/${name}`)).toMatch(new RegExp(`^# 0*${index + 1}\\.? `));
    }
  });
});
