import { createInterface } from "node:readline";
import { Worker } from "node:worker_threads";
import type { ChildAnswer, ChildRequest } from "./child-protocol.ts";
import { matchPatterns } from "./match-patterns.ts";
import type { ReadOutcome } from "./source-facts.ts";
import { UnreadableSource, unreadable } from "./unreadable.ts";

/**
 * A parser or a pattern may keep the main thread busy for ever, deaf to the end of its input;
 * this thread sees that the host is gone all the same.
 */
const watchHost = `
const host = process.ppid;
setInterval(() => { if (process.ppid !== host) process.kill(process.pid, "SIGKILL"); }, 1000);
`;

async function answer(request: ChildRequest): Promise<ReadOutcome<unknown>> {
  switch (request.kind) {
    case "load":
      await loadParsers(request.language);
      return { kind: "read", value: null };
    case "facts":
      if (request.language === "python") {
        const { readPython } = await import("./python/read-python.ts");
        return { kind: "read", value: readPython(request.source) };
      } else {
        const { readTypeScript } = await import("./typescript/read-typescript.ts");
        return { kind: "read", value: readTypeScript(request.source) };
      }
    case "mutants":
      if (request.language === "python") {
        const { mutatePython } = await import("./python/mutate-python.ts");
        return { kind: "read", value: mutatePython(request.source, request.options) };
      } else {
        const { mutateTypeScript } = await import("./typescript/mutate-typescript.ts");
        return { kind: "read", value: mutateTypeScript(request.source, request.options) };
      }
    case "constants":
      if (request.language === "python") {
        const { pythonConstants } = await import("./python/python-constants.ts");
        return { kind: "read", value: pythonConstants(request.source) };
      } else {
        const { typescriptConstants } = await import("./typescript/typescript-constants.ts");
        return { kind: "read", value: typescriptConstants(request.source) };
      }
    case "prepare": {
      const { prepareTypeScript } = await import("./typescript/prepare-typescript.ts");
      return { kind: "read", value: prepareTypeScript(request.source) };
    }
    case "link": {
      const { linkTypeScript } = await import("./typescript/link-typescript.ts");
      return { kind: "read", value: linkTypeScript(request.files) };
    }
    case "match":
      return { kind: "read", value: matchPatterns(request.source, request.patterns) };
    default:
      return request satisfies never;
  }
}

async function loadParsers(language: "python" | "typescript"): Promise<void> {
  if (language === "python") {
    const { readPython } = await import("./python/read-python.ts");
    readPython("def f(a):\n    return f'{a}'\n");
  } else {
    const { readTypeScript } = await import("./typescript/read-typescript.ts");
    await import("./typescript/prepare-typescript.ts");
    await import("./typescript/link-typescript.ts");
    readTypeScript("export const f = (a: number): number => a;");
  }
}

const tooMuch =
  "Nested too deep to be read, or an expression of too many parts. Split the code into smaller parts.";

/** A stack that ran out inside a WebAssembly parser leaves that parser's memory in disorder. */
async function answerSafely(request: ChildRequest): Promise<ChildAnswer> {
  try {
    return { outcome: await answer(request), isPoisoned: false };
  } catch (error) {
    if (error instanceof UnreadableSource) {
      return { outcome: unreadable(error.reason, error.message), isPoisoned: false };
    }
    // A parser in WebAssembly reports its stack's end as a trap: "memory access out of bounds".
    const isTrap = error instanceof Error && error.name === "RuntimeError";
    if (error instanceof RangeError || isTrap) {
      return { outcome: unreadable("too-deep", tooMuch), isPoisoned: true };
    }
    const message = `The parser failed: ${error instanceof Error ? error.message : String(error)}`;
    return { outcome: unreadable("parser-died", message), isPoisoned: true };
  }
}

new Worker(watchHost, { eval: true }).unref();
const lines = createInterface({ input: process.stdin });
lines.on("close", () => process.exit(0));
for await (const line of lines) {
  const request: ChildRequest = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(await answerSafely(request))}\n`);
}
