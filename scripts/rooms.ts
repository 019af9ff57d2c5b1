/**
 * The rooms of `src/` and what each may import. This table is the only place to change:
 * `npm run rooms` writes it into biome.json, `npm run check` compares both and reads the imports
 * that the linter cannot see.
 */
export interface Room {
  readonly name: string;
  readonly mayImport: readonly string[];
}

const BELOW_LOOP = [
  "model",
  "journal",
  "verify",
  "syntax",
  "memory",
  "skills",
  "safety",
  "shared",
  "config",
];

export const ROOMS: readonly Room[] = [
  { name: "shared", mayImport: [] },
  { name: "config", mayImport: ["shared"] },
  { name: "journal", mayImport: ["shared", "config"] },
  { name: "model", mayImport: ["journal", "shared", "config"] },
  { name: "syntax", mayImport: ["shared", "config"] },
  { name: "sandbox", mayImport: ["shared", "config"] },
  { name: "safety", mayImport: ["syntax", "shared", "config"] },
  { name: "verify", mayImport: ["sandbox", "syntax", "shared", "config"] },
  { name: "memory", mayImport: ["shared", "config"] },
  { name: "skills", mayImport: ["verify", "memory", "shared", "config"] },
  { name: "loop", mayImport: BELOW_LOOP },
  { name: "application", mayImport: ["loop", "sandbox", ...BELOW_LOOP] },
  { name: "cli", mayImport: ["application", "config", "shared"] },
];

/** Files directly in `src/`. `typesFrom: "any"`: type imports and exports may come from any room. */
export interface RootFile {
  readonly name: string;
  readonly mayImport: readonly string[] | "any";
  readonly typesFrom?: "any";
  /** Files outside `src/` that it may start. */
  readonly outside?: readonly string[];
}

export const ROOT_FILES: readonly RootFile[] = [
  { name: "main", mayImport: ["cli", "wiring"], outside: ["bin/autodidact.mjs"] },
  {
    name: "index",
    mayImport: ["application", "wiring", "safety", "config", "shared"],
    typesFrom: "any",
  },
  { name: "wiring", mayImport: "any" },
];

/** Everything that may stand directly in `src/` beside the rooms. */
export const ROOT_FILE_NAMES: readonly string[] = ROOT_FILES.flatMap(({ name }) => [
  `${name}.ts`,
  `${name}.test.ts`,
]);
