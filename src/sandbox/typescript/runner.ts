import { denoRuntime } from "../deno-runtime.ts";
import { defaultLimits } from "../limits.ts";
import { protocolVersion } from "../protocol.ts";
import { createConsole } from "../runner/captured-console.ts";
import { openChannel } from "../runner/channel.ts";
import { createPrintedOutput } from "../runner/printed-output.ts";
import { serve } from "../runner/serve.ts";
import { revokePermissions, takeAway } from "../runner/take-away.ts";
import { createDenoFiles } from "./deno-files.ts";
import { MemoryFiles } from "./memory-files.ts";
import { createModules } from "./modules.ts";
import { createProcess } from "./process-global.ts";
import { createTypeScriptRuntime } from "./typescript-runtime.ts";

// The program Deno runs for a TypeScript skill; it takes no arguments.
const deno = denoRuntime();
const channel = openChannel();
const printed = createPrintedOutput(channel);
const files = new MemoryFiles();
const runtime = createTypeScriptRuntime(files, createModules(files));
revokePermissions((descriptor) => deno.permissions.revokeSync(descriptor));
const denoFiles = createDenoFiles(files, deno.errors);
takeAway({ console: createConsole(printed.write), process: createProcess(channel.exit, printed) });
Object.assign((globalThis as unknown as { Deno: object }).Deno, denoFiles);

await runtime.load(
  { source: "function warmUp(text) { return [text]; }", entry: "warmUp", fileName: "warm-up.ts" },
  defaultLimits,
);
await runtime.call(["a"], defaultLimits);
channel.send({ protocolVersion, type: "ready", startedFrom: "plain" });
await serve(channel, printed, runtime);
