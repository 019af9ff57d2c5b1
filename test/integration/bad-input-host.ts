import { closeSync, openSync, readdirSync } from "node:fs";
import { backendsOf } from "../../src/sandbox/backends.ts";
import { launchedSandbox } from "../../src/sandbox/launched-sandbox.ts";
import { defaultLimits } from "../../src/sandbox/limits.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { AgentError } from "../../src/shared/errors.ts";
import type { Language } from "../../src/shared/json.ts";

// A host of its own, for what would harm the tests' process: a full disk, no descriptor left. It
// prints one line of JSON: what came of each call.
const [mode = "", languageName = "", backendName = "", cacheDirectory = ""] = process.argv.slice(2);
const language: Language = languageName === "python" ? "python" : "typescript";
const sources: Readonly<Record<Language, string>> = {
  python: "def f():\n    return 1\n",
  typescript: "function f() { return 1; }",
};

async function openNamed(): Promise<Sandbox> {
  const backend = backendsOf(language, cacheDirectory).find(({ name }) => name === backendName);
  const outlook = await backend?.look();
  if (backend === undefined || outlook?.kind !== "usable") {
    throw new Error(`no ${backendName} here`);
  }
  return launchedSandbox(language, backend.name, outlook.launcher, { warmProcesses: 0 });
}

async function callOne(sandbox: Sandbox): Promise<string> {
  const program = { language, source: sources[language], entry: "f", fileName: "skill" };
  try {
    const started = await sandbox.start(program, defaultLimits);
    if (started.kind !== "started") {
      return started.kind;
    }
    const outcome = await started.subject.call({ args: [] });
    await started.subject.close();
    return outcome.kind;
  } catch (error) {
    return error instanceof AgentError ? error.code : `${error}`;
  }
}

/** Takes every descriptor there is, gives some back, and returns what takes the rest away. */
function takeDescriptors(spared: number): () => void {
  const taken: number[] = [];
  try {
    for (;;) {
      taken.push(openSync("/dev/null", "r"));
    }
  } catch {
    // That was the last one.
  }
  for (const descriptor of taken.splice(0, spared)) {
    closeSync(descriptor);
  }
  return () => {
    for (const descriptor of taken.splice(0)) {
      closeSync(descriptor);
    }
  };
}

const sandbox = await openNamed();
const outcomes: string[] = [await callOne(sandbox)];
if (mode === "descriptors") {
  for (const spared of [0, 1, 3, 5, 8, 10, 12]) {
    const giveBack = takeDescriptors(spared);
    outcomes.push(await callOne(sandbox));
    giveBack();
  }
  outcomes.push(await callOne(sandbox));
}
await sandbox.close();
if (mode === "disk") {
  outcomes.push(...readdirSync(cacheDirectory, { recursive: true, encoding: "utf8" }));
}
process.stdout.write(`${JSON.stringify(outcomes)}\n`);
