import { ROOMS, ROOT_FILES, type Room, type RootFile } from "./rooms.ts";

const SEE = 'see ARCHITECTURE.md, "Rooms"';
// Last in every list, so that no allowance outranks them: the package's own name and detours such
// as `../shared/../memory` would lead around the table.
const DETOURS = ["./**/../**", "autodidact", "autodidact/**"];

function detoursThrough(allowances: readonly string[]): string[] {
  const folders = allowances.filter(
    (pattern) => pattern.startsWith("!") && pattern.endsWith("/**"),
  );
  return folders.map((pattern) => `${pattern.slice(1)}/../**`);
}

function override(includes: readonly string[], group: readonly string[], message: string): object {
  const patterns = [{ group: [...group, ...detoursThrough(group), ...DETOURS], message }];
  const noRestrictedImports = { level: "error", options: { patterns } };
  return { includes, linter: { rules: { style: { noRestrictedImports } } } };
}

function roomOverrides(room: Room): object[] {
  const allowed = room.mayImport.map((name) => `${name}/`).join(", ") || "nothing of ours";
  const message = `${room.name}/ may import only ${allowed}: ${SEE}.`;
  const group = (up: string): string[] => [
    `${up}**`,
    ...room.mayImport.map((name) => `!${up}${name}/**`),
    // For tests; check-rooms.ts refuses it elsewhere.
    `!${up}../test/support/**`,
  ];
  return [
    override([`src/${room.name}/*`], group("../"), message),
    override([`src/${room.name}/*/**`], group("../../"), message),
  ];
}

function rootFileOverride(file: RootFile): object {
  const includes = [`src/${file.name}.ts`, `src/${file.name}.test.ts`];
  if (file.mayImport === "any" || file.typesFrom === "any") {
    const message = `${file.name}.ts imports nothing outside src/: ${SEE}.`;
    return override(includes, ["../**", "!../test/support/**"], message);
  }
  const allowed = file.mayImport.flatMap((name) => [`!./${name}.ts`, `!./${name}/**`]);
  const own = `!./${file.name}.ts`;
  const message = `${file.name}.ts may import only ${file.mayImport.join(", ")}: ${SEE}.`;
  return override(includes, ["./**", "../**", ...allowed, own, "!../test/support/**"], message);
}

/** The overrides of biome.json that hold the rooms apart, in the order in which they stand there. */
function roomRules(): object[] {
  // First, so that a room or root file without a row may import nothing.
  const unknown = `This place has no row in scripts/rooms.ts: ${SEE}.`;
  return [
    override(["src/*.ts"], ["./**", "../**"], unknown),
    override(["src/*/*"], ["../**"], unknown),
    override(["src/*/*/**"], ["../../**"], unknown),
    ...ROOMS.flatMap(roomOverrides),
    ...ROOT_FILES.map(rootFileOverride),
  ];
}

function isRoomRule(candidate: unknown): boolean {
  return JSON.stringify(candidate).includes('"noRestrictedImports"');
}

/** The text of biome.json with its room rules replaced by the table's; other overrides stay first. */
export function withRoomRules(biomeJson: string): string {
  const config = JSON.parse(biomeJson) as { overrides?: unknown[] };
  const others = (config.overrides ?? []).filter((entry) => !isRoomRule(entry));
  return `${JSON.stringify({ ...config, overrides: [...others, ...roomRules()] }, null, 2)}\n`;
}
