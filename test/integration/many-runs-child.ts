import { configSchema } from "../../src/config/schema.ts";
import { openApplication } from "../../src/wiring.ts";
import { inProcessParts } from "../support/in-process-parts.ts";

/*
 * Works on many goals at once, batch after batch, and prints what this process holds after each: bytes of
 * memory, and once everything is closed what keeps it from ending.
 */
const [workspaceRoot, ollamaHost, signingKeyPath, ...sizes] = process.argv.slice(2);
const config = configSchema.parse({ workspaceRoot, ollamaHost, language: "typescript" });
const application = await openApplication({
  config,
  ...(signingKeyPath === undefined ? {} : { signingKeyPath }),
  parts: inProcessParts(),
});

async function runBatch(size: number, first: number): Promise<void> {
  const batch = Array.from({ length: size }, (_, n) => `Add one, in the way number ${first + n}`);
  const results = await application.runAll(batch, { parallel: size });
  const completed = results.filter((one) => "status" in one && one.status === "completed").length;
  const errors = results.flatMap((one) => ("error" in one ? [one.error.message] : []));
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  report({ size, completed, errors: [...new Set(errors)], rss, heapUsed });
}

function report(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

let first = 1;
for (const size of sizes.map(Number)) {
  await runBatch(size, first);
  first += size;
}
await application.close();
const held = process.getActiveResourcesInfo().filter((name) => /tcp|socket|timeout/i.test(name));
report({ held });
