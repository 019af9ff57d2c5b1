/**
 * Reads every relative path that stands in a string of `src/` and asks the table of rooms whether
 * it may be there. The linter sees import statements only; this also sees `import("…")` as a type,
 * template literals, `require`, `new URL("…", import.meta.url)` and module mocks.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { checkedFolder, reportProblems } from "./check-outcome.ts";
import { withRoomRules } from "./room-rules.ts";
import { ROOMS, ROOT_FILE_NAMES, ROOT_FILES, type RootFile } from "./rooms.ts";

const RELATIVE_PATH = /(["'`])(\.{1,2}\/[^"'`\n]*)\1/g;
const TYPE_STATEMENT = /^(?:import|export)\s+type\s[^;]*;/gm;

interface Place {
  /** The room, or for a file directly in `src/` its name without the ending. */
  readonly owner: string;
  readonly isRoom: boolean;
}

function placeOf(pathInSrc: string): Place {
  const [first = "", ...rest] = pathInSrc.split(sep);
  return rest.length > 0
    ? { owner: first, isRoom: true }
    : { owner: first.replace(/(?:\.test)?\.[a-z]+$/, ""), isRoom: false };
}

function mayImport(from: Place, to: Place): boolean {
  if (from.owner === to.owner) {
    return true;
  }
  const row = from.isRoom
    ? ROOMS.find((room) => room.name === from.owner)
    : ROOT_FILES.find((file) => file.name === from.owner);
  return row !== undefined && (row.mayImport === "any" || row.mayImport.includes(to.owner));
}

function rootFileAt(source: string): RootFile | undefined {
  return ROOT_FILES.find(({ name }) => source === join("src", `${name}.ts`));
}

function isAllowed(source: string, target: string): boolean {
  if (!target.startsWith(`src${sep}`)) {
    const isTest = source.endsWith(".test.ts");
    const outside = rootFileAt(source)?.outside ?? [];
    return (isTest && target.startsWith(join("test", "support"))) || outside.includes(target);
  }
  return mayImport(placeOf(relative("src", source)), placeOf(relative("src", target)));
}

function readText(root: string, source: string): string {
  const text = readFileSync(join(root, source), "utf8");
  return rootFileAt(source)?.typesFrom === "any" ? text.replace(TYPE_STATEMENT, "") : text;
}

function forbiddenPaths(root: string, source: string): string[] {
  const problems: string[] = [];
  for (const [, , path = ""] of readText(root, source).matchAll(RELATIVE_PATH)) {
    const target = join(dirname(source), path);
    const isModule = existsSync(join(root, target)) && statSync(join(root, target)).isFile();
    if (isModule && /\.[cm]?[jt]sx?$/.test(target) && !isAllowed(source, target)) {
      problems.push(`${source}: names ${target}, which scripts/rooms.ts does not allow there`);
    }
  }
  return problems;
}

const root = checkedFolder();
const entries = readdirSync(join(root, "src"), { withFileTypes: true });
const known = new Set([...ROOMS.map(({ name }) => name), ...ROOT_FILE_NAMES]);
const strangers = entries.filter(({ name }) => !known.has(name));
const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
  .filter((path) => /\.[cm]?[jt]sx?$/.test(path))
  .map((path) => join("src", path));
const biomeJson = readFileSync(join(root, "biome.json"), "utf8");
const isWritten =
  JSON.stringify(JSON.parse(biomeJson)) === JSON.stringify(JSON.parse(withRoomRules(biomeJson)));

reportProblems(
  [
    ...(isWritten ? [] : ["biome.json: differs from scripts/rooms.ts; run `npm run rooms`"]),
    ...strangers.map(({ name }) => `src/${name}: has no row in scripts/rooms.ts; add one`),
    ...sources.flatMap((source) => forbiddenPaths(root, source)),
  ],
  `${sources.length} files of ${ROOMS.length} rooms`,
);
