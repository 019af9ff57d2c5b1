import { afterAll, beforeAll, expect, it } from "vitest";
import { PlantedProject } from "../support/planted-project.ts";
import { describeWith } from "../support/requirements.ts";

/** What each room may import, as the architecture says; kept apart from scripts/rooms.ts on purpose. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  shared: [],
  config: ["shared"],
  journal: ["shared", "config"],
  model: ["journal", "shared", "config"],
  syntax: ["shared", "config"],
  sandbox: ["shared", "config"],
  safety: ["syntax", "shared", "config"],
  verify: ["sandbox", "syntax", "shared", "config"],
  memory: ["shared", "config"],
  skills: ["verify", "memory", "shared", "config"],
  loop: "model journal verify syntax memory skills safety shared config".split(" "),
  application: "loop model journal verify syntax sandbox memory skills safety shared config".split(
    " ",
  ),
  cli: ["application", "config", "shared"],
};
const ROOMS = Object.keys(ALLOWED);

const FORMS: Readonly<Record<string, (path: string) => string>> = {
  value: (path) => `import { x } from "${path}";\n\nexport const y = x;\n`,
  type: (path) => `import type { X } from "${path}";\n\nexport type Y = X;\n`,
  "re-export": (path) => `export { x } from "${path}";\n`,
  "re-export-type": (path) => `export type { X } from "${path}";\n`,
  dynamic: (path) => `export const x = await import("${path}");\n`,
  "side-effect": (path) => `import "${path}";\n`,
};

/** Seen by the check of rooms only: the linter reads statements, not strings. */
const HIDDEN_FORMS: Readonly<Record<string, (path: string) => string>> = {
  "type-query": (path) => `export type X = import("${path}").X;\n`,
  template: (path) => `export const x = await import(\`${path}\`);\n`,
  url: (path) => `export const x = new URL("${path}", import.meta.url);\n`,
  require: (path) =>
    `import { createRequire } from "node:module";\n\nexport const x = createRequire(import.meta.url)("${path}");\n`,
};

function forbiddenFor(room: string): string[] {
  return ROOMS.filter((other) => other !== room && !ALLOWED[room]?.includes(other));
}

type Files = Record<string, string>;

/** Every form towards one foreign room, and a plain import towards each of the others. */
function forbiddenFiles(room: string): Files {
  const files: Files = {};
  const [target = "", ...others] = forbiddenFor(room);
  for (const [form, write] of Object.entries(FORMS)) {
    files[`src/${room}/bad-${form}.ts`] = write(`../${target}/x.ts`);
    files[`src/${room}/part/bad-${form}.ts`] = write(`../../${target}/x.ts`);
  }
  for (const other of others) {
    files[`src/${room}/bad-to-${other}.ts`] = `import "../${other}/x.ts";\n`;
    files[`src/${room}/part/bad-to-${other}.ts`] = `import "../../${other}/x.ts";\n`;
  }
  return {
    ...files,
    [`src/${room}/bad-in-test.test.ts`]: `import "../${target}/x.ts";\n`,
    [`src/${room}/bad-in-javascript.js`]: `import "../${target}/x.ts";\n`,
    [`src/${room}/part/deep/bad-deep.ts`]: `import "../../../${target}/x.ts";\n`,
    [`src/${room}/bad-to-wiring.ts`]: 'import "../wiring.ts";\n',
    [`src/${room}/bad-to-index.ts`]: 'import "../index.ts";\n',
    [`src/${room}/bad-to-test.ts`]: 'import "../../test/x.ts";\n',
    [`src/${room}/bad-to-scripts.ts`]: 'import "../../scripts/rooms.ts";\n',
    [`src/${room}/bad-to-package.ts`]: 'import "autodidact";\n',
    [`src/${room}/bad-detour.ts`]: `import "./part/../../${target}/x.ts";\n`,
    [`src/${room}/bad-long-detour.ts`]: `import "../shared/../${target}/x.ts";\n`,
  };
}

function allowedFiles(room: string): Files {
  const files: Files = {
    [`src/${room}/x.ts`]: "export const x = 1;\n",
    [`src/${room}/good-own.ts`]: 'import "./x.ts";\nimport "node:fs";\nimport "zod";\n',
    [`src/${room}/part/good-own.ts`]: 'import "../x.ts";\n',
    [`src/${room}/good-support.test.ts`]: 'import "../../test/support/requirements.ts";\n',
    [`src/${room}/part/good-support.test.ts`]: 'import "../../../test/support/requirements.ts";\n',
  };
  for (const other of ALLOWED[room] ?? []) {
    files[`src/${room}/good-to-${other}.ts`] = `import "../${other}/x.ts";\n`;
    files[`src/${room}/part/good-to-${other}.ts`] = `import "../../${other}/x.ts";\n`;
  }
  return files;
}

function hiddenFiles(room: string): Files {
  const [target = ""] = forbiddenFor(room);
  return Object.fromEntries(
    Object.entries(HIDDEN_FORMS).flatMap(([form, write]) => [
      [`src/${room}/hidden-${form}.ts`, write(`../${target}/x.ts`)],
      [`src/${room}/part/hidden-${form}.ts`, write(`../../${target}/x.ts`)],
    ]),
  );
}

const ROOT_FILES: Files = {
  "src/main.ts": 'import "./memory/x.ts";\n',
  "src/index.ts":
    'import "./memory/x.ts";\n\nexport type { X } from "./verify/x.ts";\n\nexport { x } from "./application/x.ts";\n',
  "src/wiring.ts": 'import "../test/x.ts";\nimport "./memory/x.ts";\n',
  "src/loose.ts": 'import "./memory/x.ts";\n',
  "src/new-room/bad.ts": 'import "../shared/x.ts";\n',
  "src/shared/test-support.ts": 'import "../../test/support/requirements.ts";\n',
  "test/x.ts": "export const x = 1;\n",
};

describeWith("git", "rooms", () => {
  let project: PlantedProject;
  const files = Object.assign(
    {},
    ...ROOMS.map(forbiddenFiles),
    ...ROOMS.map(allowedFiles),
  ) as Files;
  let reportedByLinter: Set<string>;
  let reportedByCheck: string;

  beforeAll(() => {
    project = new PlantedProject();
    project.write({ ...files, ...ROOT_FILES });
    project.write(Object.assign({}, ...ROOMS.map(hiddenFiles)) as Files);
    const biome = "node_modules/@biomejs/biome/bin/biome";
    const only = "--only=style/noRestrictedImports";
    const json = ["--reporter=json", "--max-diagnostics=none"];
    const { stdout } = project.node([biome, "lint", only, ...json, "src"]);
    const { diagnostics } = JSON.parse(stdout) as {
      diagnostics: { location: { path: string } }[];
    };
    reportedByLinter = new Set(diagnostics.map(({ location }) => location.path));
    reportedByCheck = project.check("rooms").stdout;
  });
  afterAll(() => project.remove());

  it.each(ROOMS)("the linter refuses every import that %s/ may not have, in each form", (room) => {
    const bad = Object.keys(forbiddenFiles(room));
    expect(bad.filter((path) => !reportedByLinter.has(path))).toEqual([]);
    expect(bad.length).toBeGreaterThan(20);
  });

  it.each(ROOMS)("the linter accepts every import that %s/ may have", (room) => {
    expect(Object.keys(allowedFiles(room)).filter((path) => reportedByLinter.has(path))).toEqual(
      [],
    );
  });

  it.each(ROOMS)("the check refuses what the linter cannot see in %s/", (room) => {
    const hidden = Object.keys(hiddenFiles(room));
    expect(hidden.filter((path) => !reportedByCheck.includes(`${path}: names `))).toEqual([]);
  });

  it("the check accepts what the table allows", () => {
    expect(reportedByCheck.match(/^.*good-\S+: names.*$/m)).toBeNull();
  });

  it.each(["src/main.ts", "src/wiring.ts", "src/loose.ts", "src/new-room/bad.ts"])(
    "the linter refuses a forbidden import in %s",
    (path) => {
      expect(reportedByLinter).toContain(path);
    },
  );

  it.each([
    "src/main.ts: names src/memory/x.ts",
    "src/index.ts: names src/memory/x.ts",
    "src/wiring.ts: names test/x.ts",
    "src/shared/test-support.ts: names test/support/requirements.ts",
    "src/loose.ts: has no row",
    "src/new-room: has no row",
  ])("the check says %s", (problem) => {
    expect(reportedByCheck).toContain(problem);
  });

  it("index.ts may export types of any room", () => {
    const lines = reportedByCheck.split("\n").filter((line) => line.startsWith("src/index.ts"));
    expect(lines.join()).not.toContain("names src/verify/x.ts");
  });

  it("the check refuses a biome.json that differs from the table", () => {
    project.write({ "biome.json": '{ "overrides": [] }\n' });
    expect(project.check("rooms").stdout).toContain("biome.json: differs from scripts/rooms.ts");
  });
});
