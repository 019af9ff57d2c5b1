import { expect, it } from "vitest";
import { MemoryFiles } from "../../src/sandbox/typescript/memory-files.ts";
import { createModules } from "../../src/sandbox/typescript/modules.ts";
import { typescriptModules } from "../../src/syntax/typescript-modules.ts";

it("typescriptModules are exactly what the sandbox's runner provides", () => {
  const provided = Object.keys(createModules(new MemoryFiles(), process.getBuiltinModule));
  const full = provided.filter((name) => name.startsWith("node:"));
  expect(typescriptModules.toSorted()).toEqual(full.toSorted());
});
