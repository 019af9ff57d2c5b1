import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Language } from "../../src/shared/json.ts";
import { type OllamaServer, startOllamaServer } from "../support/ollama-server.ts";
import { byRole } from "../support/scripted-ollama.ts";
import {
  openTemporaryApplication,
  type TemporaryApplication,
} from "../support/temporary-application.ts";
import { answersOf, follow, ofType } from "./run-support.ts";

/** One wrong program, written in five ways: names of locals, spaces, comments, brackets, types. */
const same: Readonly<Record<Language, readonly string[]>> = {
  python: [
    "def add_one(n):\n    total = n * 2\n    return total\n",
    "def add_one(n):\n    result = n * 2\n    return result\n",
    '"""Adds one."""\ndef add_one(n):\n    # doubled\n    x = (n *  2)\n\n    return (x)\n',
    "def add_one(n):\n  value = n*2 # so\n  return value\n",
    'def add_one(n):\n    """Adds one."""\n    q = n * 2;\n    return q\n',
  ],
  typescript: [
    "export function add_one(n: number): number {\n  const total = n * 2;\n  return total;\n}\n",
    "export function add_one(n: number): number {\n  const result = n * 2;\n  return result;\n}\n",
    "// Adds one.\nexport function add_one(n: number) { const x = (n * 2); return x }\n",
    "/** Adds one. */\nexport function add_one(n: number): number {\n  const value: number = n*2;\n\n  return (value);\n}\n",
    "export function add_one(n) {\n\tconst q = n * 2\n\treturn q\n}\n",
  ],
};
const right: Readonly<Record<Language, string>> = {
  python: "def add_one(n):\n    return n + 1\n",
  typescript: "export function add_one(n: number): number {\n  return n + 1;\n}\n",
};

const answerOf = (language: Language, source: string) => `\`\`\`${language}\n${source}\`\`\`\n`;

describe.each(["python", "typescript"] as const)("repeated %s programs", (language) => {
  let server: OllamaServer;
  let opened: TemporaryApplication;
  let answer = byRole(answersOf());
  beforeAll(async () => {
    server = await startOllamaServer({ answer: (request) => answer(request) });
    // The tests of the tests are not what is looked at here.
    const settings = { flakeRuns: 1, maxMutants: 0 };
    opened = await openTemporaryApplication({ language, ollamaHost: server.host, ...settings });
  });
  afterAll(async () => {
    await opened.remove();
    await server.close();
  });

  it("runDirective() runs a program once, however it is written down again", async () => {
    const sources = [...same[language], right[language]];
    answer = byRole(
      answersOf({ coder: (order) => answerOf(language, sources[order] ?? right[language]) }),
    );
    const { events, result } = await follow(opened.application.runDirective("Add one"));
    expect(result).toMatchObject({ status: "completed", attempts: sources.length });
    expect(ofType(events, "attempt-failed").map(({ kind }) => kind)).toEqual([
      "wrong-value",
      ...same[language].slice(1).map(() => "repeated"),
    ]);
    // Neither a call nor a file of the repeated ones: only the first and the last were tested.
    const tested = new Set([
      ...ofType(events, "case-passed").map(({ attempt }) => attempt),
      ...ofType(events, "case-failed").map(({ attempt }) => attempt),
    ]);
    expect(tested).toEqual(new Set([1, sources.length]));
    expect(ofType(events, "verdict-reached")).toHaveLength(2);
    expect(ofType(events, "skill-file-written")).toHaveLength(2);
    expect(result.modelCalls).toBe(2 + sources.length + 2);
  });

  it("runDirective() keeps the first attempt when every later one repeats it or is worse", async () => {
    const application = await opened.reopen({ maxIterations: 4 });
    const better = right[language].replace(
      "n + 1",
      language === "python" ? "n + 1 if n < 800 else 0" : "n < 800 ? n + 1 : 0",
    );
    const sources = [better, ...same[language].slice(0, 2), better];
    answer = byRole(answersOf({ coder: (order) => answerOf(language, sources[order] ?? better) }));
    const { result } = await follow(application.runDirective("Add one, or nearly"));
    expect(result).toMatchObject({ status: "failed", attempts: 4 });
    const ending = language === "python" ? "py" : "ts";
    const file = join(opened.workspaceRoot, "skills", `${result.skill}.${ending}`);
    expect(await readFile(file, "utf8")).toBe(better);
  });
});
