import type { DeathReason } from "../../src/sandbox/sandbox.ts";
import type { Language } from "../../src/shared/json.ts";

/** One kind of run. Its `f(token)` answers with the token, if it answers at all. */
export interface ChaosProgram {
  readonly name: string;
  readonly language: Language;
  readonly source: string;
  /** `answers`, or the ways in which it may be stopped. */
  readonly ends: "answers" | readonly (DeathReason | "raised")[];
}

function python(name: string, body: string, ends: ChaosProgram["ends"]): ChaosProgram {
  const source = `import os, time\ndef f(token):\n    ${body.replaceAll("\n", "\n    ")}\n`;
  return { name, language: "python", source, ends };
}

function typescript(name: string, body: string, ends: ChaosProgram["ends"]): ChaosProgram {
  return { name, language: "typescript", source: `async function f(token) { ${body} }`, ends };
}

export const chaosPrograms: readonly ChaosProgram[] = [
  python("echo", "print(token)\nreturn [token]", "answers"),
  python("slow", "time.sleep(0.05)\nprint(token)\nreturn [token]", "answers"),
  python("file", "open('kept', 'w').write(token)\nprint(token)\nreturn [token]", "answers"),
  python("work", "print(token)\nsum(range(300_000))\nreturn [token]", "answers"),
  python("loop", "print(token)\nwhile True: pass", ["timeout"]),
  python("flood", "while True: print(token * 100)", ["output-limit"]),
  python("exit", "print(token)\nos._exit(3)", ["crashed"]),
  python("raise", "raise ValueError(token)", ["raised"]),
  python("fork", "import subprocess\nsubprocess.run(['/bin/sh'])", ["process-limit", "raised"]),
  typescript("echo", "console.log(token); return [token];", "answers"),
  typescript(
    "slow",
    "await new Promise((r) => setTimeout(r, 50)); console.log(token); return [token];",
    "answers",
  ),
  typescript(
    "file",
    "Deno.writeTextFileSync('kept', token); console.log(token); return [token];",
    "answers",
  ),
  typescript("loop", "console.log(token); while (true);", ["timeout"]),
  typescript("flood", "for (;;) console.log(token.repeat(100));", ["output-limit"]),
  typescript("exit", "console.log(token); Deno.exit(0);", ["crashed"]),
  typescript("raise", "throw new Error(token);", ["raised"]),
  typescript("spawn", "new Deno.Command('/bin/sh').spawn();", ["process-limit", "raised"]),
];
