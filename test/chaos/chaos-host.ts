import { openSandbox } from "../../src/sandbox/open-sandbox.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { quickBackends } from "../support/usable-backends.ts";
import { runChaos } from "./run-chaos.ts";
import { seededRandom } from "./seeded-random.ts";

// A host of its own, to be killed: runs chaos until it is, and says when it has begun.
const sandboxes: Sandbox[] = [];
for (const language of ["python", "typescript"] as const) {
  for (const backend of await quickBackends(language)) {
    sandboxes.push(await openSandbox(language, { backend: backend.name, warmProcesses: 1 }));
  }
}
await Promise.all(sandboxes.map((sandbox) => sandbox.warm()));
process.stdout.write("begun\n");
const random = seededRandom(Number(process.argv[2] ?? 1));
await runChaos({ sandboxes, runs: 1_000_000, parallel: 3, random, kills: false });
