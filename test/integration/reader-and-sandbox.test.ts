import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readReaderTable, reportOf, runDisguised } from "../../scripts/write-reader-table.ts";
import { openSafetyReader } from "../../src/safety/open-safety-reader.ts";
import { packageRoot } from "../../src/shared/package-root.ts";
import { openSourceReader } from "../../src/syntax/source-reader.ts";
import { fooledPrograms } from "../hostile/fooled-reader.ts";
import { createHostileWorld } from "../hostile/hostile-world.ts";
import { runBare } from "../hostile/run-bare.ts";
import { quickShare } from "../support/quick-share.ts";
import { describeWith } from "../support/requirements.ts";
import { usableSandboxes } from "../support/usable-backends.ts";

const page = await readFile(join(packageRoot(), "docs", "sandbox.md"), "utf8");
const sandboxes = [
  ...(await usableSandboxes("python", 1)),
  ...(await usableSandboxes("typescript", 1)),
];
const reader = openSourceReader({ timeoutMs: 50_000 });
const safety = openSafetyReader({ reader });
afterAll(async () => {
  await Promise.all(sandboxes.map((sandbox) => sandbox.close()));
  await reader.close();
});

/** Every so-manieth program in the quick form, fewer beneath the strongest backend. */
const strongestStep = 2;
const quickStep = 8;
const programs = [...fooledPrograms.python, ...fooledPrograms.typescript].map(
  (program) => [program.capability, program.language, program] as const,
);

describe("the static reader", () => {
  it.each(programs)(
    "read() reports just %s when a program in %s asks for it plainly",
    async (capability, language, { plain, tier }) => {
      const report = await safety.read(language, plain, []);
      expect(report.accepted).toBe(false);
      expect(report.findings.map((finding) => [finding.tier, finding.rule])).toEqual([
        [tier, capability],
      ]);
    },
  );

  it.each(programs)(
    "read() is fooled when a program asks for %s in %s in disguise",
    async (_capability, language, { disguised }) => {
      expect(await safety.read(language, disguised, [])).toMatchObject({ accepted: true });
    },
  );
});

describeWith("python3", "no sandbox at all", () => {
  it.each(
    quickShare(
      programs.filter(([, , { onlyInside }]) => onlyInside !== true),
      3,
    ),
  )(
    "runBare() sees %s reached when a program in %s asks for it in disguise",
    async (name, language, { topic, goal, disguised }) => {
      const world = await createHostileWorld();
      try {
        const program = { name, language, topic, goal, source: disguised };
        expect(await runBare(program, world)).toMatchObject({
          attacked: true,
          damage: expect.any(String),
        });
      } finally {
        await world.close();
      }
    },
    30_000,
  );
});

describe("the sandbox behind it", () => {
  it.each(["python", "typescript"] as const)(
    "readReaderTable() finds in docs/sandbox.md every capability when the language is %s",
    (language) => {
      const table = readReaderTable(page, language);
      expect(table.capabilities).toEqual(
        fooledPrograms[language].map(({ capability }) => capability),
      );
      expect(table.reports).toEqual(fooledPrograms[language].map(reportOf));
    },
  );

  it("every language has a backend here", () => {
    expect(new Set(sandboxes.map(({ language }) => language))).toEqual(
      new Set(["python", "typescript"]),
    );
  });

  it.each(sandboxes.map((each) => [each.language, each.backend, each] as const))(
    "call() of %s ends as docs/sandbox.md says when the reader was fooled, on %s",
    async (language, backend, sandbox) => {
      const { capabilities, ends: columns } = readReaderTable(page, language);
      const column = columns.get(backend) ?? [];
      const documented = capabilities.map((capability, row) => [capability, column[row]]);
      const place = sandboxes.filter((each) => each.language === language).indexOf(sandbox);
      const rows = quickShare(
        [...documented.keys()],
        place === 0 ? strongestStep : quickStep,
        place,
      );
      const tried = rows.flatMap((row) => fooledPrograms[language][row] ?? []);
      const findings = await runDisguised(sandbox, tried);
      const ends = findings.map(({ capability, end }) => [capability, end]);
      expect(ends).not.toEqual([]);
      expect(ends.filter(([, end = ""]) => end.startsWith("**"))).toEqual([]);
      expect(ends).toEqual(rows.map((row) => documented[row]));
    },
    120_000,
  );
});
