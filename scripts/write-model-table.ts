/*
 * Writes what each provider makes of each fault between the markers in docs/models.md, from the faults
 * that the conformance suite tries on each of them: test/integration/model-conformance-faults.test.ts.
 *
 *   node scripts/write-model-table.ts
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { packageRoot } from "../src/shared/package-root.ts";
import { drivers } from "../test/support/model-servers/drivers.ts";
import { aborts, type Fault, faults } from "../test/support/model-servers/faults.ts";
import type { Wire } from "../test/support/model-servers/wire.ts";

const start = "<!-- model-table: start, written by scripts/write-model-table.ts -->";
const end = "<!-- model-table: end -->";

/** Returns the page with what stands between the markers replaced. */
export function withModelTable(page: string): string {
  const [before = "", rest = ""] = page.split(start);
  const [, after = ""] = rest.split(end);
  return `${before}${start}\n\n${modelTable()}\n\n${end}${after}`;
}

function modelTable(): string {
  const wires = drivers.map(({ wire }) => wire);
  const names = wires.map(({ provider }) => `\`${provider}\``);
  const head = ["what happens", "error", "may pass later", ...names];
  const rows = faults.map((fault) => [
    fault.name,
    `\`${fault.code}\``,
    later(fault),
    ...wires.map((wire) => (hasFault(fault, wire) ? "✓" : "–")),
  ]);
  const stops = Object.values(aborts).map((name) => [
    name,
    "`ABORTED`",
    "no",
    ...wires.map(() => "✓"),
  ]);
  return [head, head.map(() => "---"), ...rows, ...stops]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

function later({ code, isRetryable }: Fault): string {
  if (code === "MODEL_BUSY") return "yes, asked again";
  return isRetryable ? "yes" : "no";
}

function hasFault({ behaviour }: Fault, wire: Wire): boolean {
  return typeof behaviour === "string" || behaviour(wire) !== undefined;
}

if (import.meta.main) {
  const path = join(packageRoot(), "docs", "models.md");
  await writeFile(path, withModelTable(await readFile(path, "utf8")));
}
