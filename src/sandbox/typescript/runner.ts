import { denoRuntime } from "../deno-runtime.ts";
import { typescriptPolicy } from "../policy.ts";
import { protocolVersion } from "../protocol.ts";
import { createConsole } from "../runner/captured-console.ts";
import { openChannel } from "../runner/channel.ts";
import { createPrintedOutput } from "../runner/printed-output.ts";
import { rehearse } from "../runner/rehearse.ts";
import { serve } from "../runner/serve.ts";
import { revokePermissions, takeAway } from "../runner/take-away.ts";
import { giveUpForeignCalls } from "../seccomp/lock-process.ts";
import { createDenoFiles } from "./deno-files.ts";
import { createExit, exitCodeOf } from "./exit-code.ts";
import { hideRunnerFrames } from "./hidden-frames.ts";
import { MemoryFiles } from "./memory-files.ts";
import { createModules } from "./modules.ts";
import { createProcess } from "./process-global.ts";
import { createProcessRefusals } from "./process-refusals.ts";
import { createTypeScriptRuntime } from "./typescript-runtime.ts";

/** A host that waits for the process asks within a few milliseconds. */
const idleMs = 20;

// The program Deno runs for a TypeScript skill; its one argument is `--lock` where it locks itself.
const deno = denoRuntime();
const channel = openChannel();
const printed = createPrintedOutput(channel);
const files = new MemoryFiles();
const refusals = createProcessRefusals(deno.errors["NotCapable"] ?? Error);
const exitCode = exitCodeOf(deno);
const exit = createExit(channel, printed, exitCode);
const modules = createModules(files);
const runtime = createTypeScriptRuntime(files, modules, refusals, {
  keepWaiting: channel.keepWaiting,
  endWithItsCode: () => {
    if (exitCode.get() !== 0) {
      exit();
    }
  },
});
revokePermissions((descriptor) => deno.permissions.revokeSync(descriptor));
const denoFiles = createDenoFiles(files, deno.errors);
const process = createProcess(exit, printed, exitCode);
takeAway({ console: createConsole(printed.write), process, ...refusals.globals });
Object.assign((globalThis as unknown as { Deno: object }).Deno, denoFiles, refusals.denoMembers, {
  exit,
});
hideRunnerFrames();

await rehearse(
  runtime,
  { source: "function warmUp(text) { return [text]; }", entry: "warmUp", fileName: "warm-up.ts" },
  [["a"]],
);
// After the rehearsal, which loads what comes late; before anything of a skill arrives.
giveUpForeignCalls(deno, typescriptPolicy);
channel.send({ protocolVersion, type: "ready", startedFrom: "plain" });
// A process that waits to be taken loads what many skills import; one that is taken does not.
const idle = setTimeout(modules.prepare, idleMs);
// Not awaited at the top level: while that waits, Deno takes an empty event loop for an error.
serve(channel, printed, {
  ...runtime,
  load: (...program) => {
    clearTimeout(idle);
    return runtime.load(...program);
  },
}).catch(() => channel.exit(70));
