import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { maxProgramFiles } from "../../src/sandbox/limits.ts";
import {
  errorTextLimits,
  fieldLimits,
  maxValueDepth,
  protocolVersion,
} from "../../src/sandbox/protocol.ts";
import { packageRoot } from "../../src/shared/package-root.ts";

const page = readFileSync(join(packageRoot(), "docs", "sandbox-protocol.md"), "utf8");
const protocol = readFileSync(join(packageRoot(), "src", "sandbox", "protocol.ts"), "utf8");

const numbers: Readonly<Record<string, number>> = {
  ...fieldLimits,
  programFiles: maxProgramFiles.maxFiles,
  programFileBytes: maxProgramFiles.maxFileBytes,
  valueDepth: maxValueDepth,
  errorNameCharacters: errorTextLimits.name,
  errorBases: errorTextLimits.bases,
  errorMessageCharacters: errorTextLimits.message,
  errorTraceCharacters: errorTextLimits.trace,
  detailCharacters: errorTextLimits.detail,
};

describe("docs/sandbox-protocol.md", () => {
  it("shows the protocol's version and every fixed limit with the number of the code", () => {
    const rows = [...page.matchAll(/^\| `(\w+)` \| ([\d,]+) \|$/gm)];
    const shown = rows.map(([, name = "", number = ""]) => [name, number.replaceAll(",", "")]);
    expect(Object.fromEntries(shown)).toEqual(
      Object.fromEntries(Object.entries(numbers).map(([name, number]) => [name, String(number)])),
    );
    expect(page).toContain(`Version **${protocolVersion}**`);
  });

  it("names every type of message in one of its tables", () => {
    const types = new Set([...protocol.matchAll(/type: "(\w+)"/g)].map(([, type]) => type));
    expect(types.size).toBe(9);
    const named = new Set([...page.matchAll(/^\| `(\w+)` \| `/gm)].map(([, type]) => type));
    expect([...types].filter((type) => !named.has(type))).toEqual([]);
  });
});
