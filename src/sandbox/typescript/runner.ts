import { denoRuntime } from "../deno-runtime.ts";
import { typescriptPolicy } from "../policy.ts";
import { protocolVersion } from "../protocol.ts";
import { createConsole } from "../runner/captured-console.ts";
import { openChannel } from "../runner/channel.ts";
import { createPrintedOutput, type Later } from "../runner/printed-output.ts";
import { rehearse } from "../runner/rehearse.ts";
import { sealPrototypes } from "../runner/sealed-prototypes.ts";
import { serve } from "../runner/serve.ts";
import { revokePermissions, takeAway } from "../runner/take-away.ts";
import { takeTimer } from "../runner/take-timer.ts";
import { giveUpForeignCalls } from "../seccomp/lock-process.ts";
import { createDenoFiles } from "./deno-files.ts";
import { emptyProcess } from "./empty-process.ts";
import { createSurroundings, takeCore } from "./evaluators.ts";
import { createExit, exitCodeOf } from "./exit-code.ts";
import { hideEventColumns } from "./hidden-columns.ts";
import { hideRunnerFrames } from "./hidden-frames.ts";
import { hideSources } from "./hidden-sources.ts";
import { MemoryFiles } from "./memory-files.ts";
import { createModules } from "./modules.ts";
import { takeNodeLayer } from "./node-layer.ts";
import { createProcessEvents } from "./process-events.ts";
import { createProcess } from "./process-global.ts";
import { createProcessRefusals } from "./process-refusals.ts";
import { createProcessStreams } from "./process-streams.ts";
import { createTypeScriptRuntime } from "./typescript-runtime.ts";

const idleMs = 250;

// The program Deno runs for a TypeScript skill; its one argument is `--lock` where it locks itself.
const deno = denoRuntime();
const { evalContext, createSystemTimer } = takeCore(deno);
const nodeLayer = takeNodeLayer(deno);
const channel = openChannel();
// Nothing prints without Node's layer.
let later: Later = () => {};
const printed = createPrintedOutput(channel, (callback, ms) => later(callback, ms));
const files = new MemoryFiles();
const refusals = createProcessRefusals(deno.errors["NotCapable"] ?? Error);
const exitCode = exitCodeOf(deno);
const events = createProcessEvents(() => new (nodeLayer.loaded().EventEmitter)());
const exit = createExit(channel, printed, exitCode, events);
revokePermissions((descriptor) => deno.permissions.revokeSync(descriptor));
const denoFiles = createDenoFiles(files, deno.errors);
const scope = takeAway(refusals.globals);
Object.assign((globalThis as unknown as { Deno: object }).Deno, denoFiles, refusals.denoMembers, {
  exit,
});
hideRunnerFrames();
hideEventColumns();
hideSources();

/** Before anything of a skill runs, or never: whole, its `process` leads out of the sandbox. */
const prepareNode = () => {
  const node = nodeLayer.load();
  const { builtin, globals, versions, process: nodeProcess } = node;
  later = takeTimer(globals.setTimeout);
  const streams = createProcessStreams(() => builtin("node:stream"), printed);
  const process = createProcess({ exit, exitCode, printed, events, streams, versions });
  emptyProcess(nodeProcess, process);
  scope.renew({});
  const console = createConsole(printed.write, builtin("node:util"));
  const give = (): void => scope.renew({ ...globals, console, process });
  return { ...node, builtins: createModules(files, builtin), give };
};
const surroundings = createSurroundings(evalContext, {
  forbidNode: nodeLayer.forbid,
  prepareNode,
  // After Node's layer, which could not be loaded any more.
  seal: sealPrototypes,
});
const runtime = createTypeScriptRuntime(files, surroundings, refusals, {
  keepWaiting: channel.keepWaiting,
  emit: events.emit,
  endWithItsCode: () => {
    events.emit("exit", exitCode.get());
    if (exitCode.get() !== 0) {
      exit();
    }
  },
});

await rehearse(
  runtime,
  { source: "function warmUp(text) { return [text]; }", entry: "warmUp", fileName: "warm-up.ts" },
  [["a"]],
);
// After the rehearsal, which loads what comes late; before anything of a skill arrives.
giveUpForeignCalls(deno, typescriptPolicy);
channel.send({ protocolVersion, type: "ready", startedFrom: "plain" });
// Whoever waits for its program longer than a busy host lets it has time for what the next may need.
createSystemTimer(surroundings.prepare, idleMs, false);
// Not awaited at the top level: while that waits, Deno takes an empty event loop for an error.
serve(channel, printed, runtime).catch(() => channel.exit(70));
