import { format, inspect } from "node:util";
import { denoRuntime } from "../deno-runtime.ts";
import { pythonPolicy } from "../policy.ts";
import { protocolVersion } from "../protocol.ts";
import { createConsole } from "../runner/captured-console.ts";
import { openChannel } from "../runner/channel.ts";
import { createPrintedOutput } from "../runner/printed-output.ts";
import { rehearse } from "../runner/rehearse.ts";
import { freezeIntrinsics } from "../runner/sealed-prototypes.ts";
import { serve } from "../runner/serve.ts";
import { revokePermissions, takeAway } from "../runner/take-away.ts";
import { takeTimer } from "../runner/take-timer.ts";
import { lockArgument } from "../seccomp/lock-argument.ts";
import { giveUpForeignCalls } from "../seccomp/lock-process.ts";
import { warmUpProgram } from "./bootstrap.ts";
import { emptyStacks } from "./empty-stacks.ts";
import { preparePython } from "./prepare-python.ts";
import { createPythonRuntime } from "./python-runtime.ts";
import { refuseSystem } from "./refuse-system.ts";
import { installClock } from "./runner-clock.ts";

// The program Deno runs for a Python skill: arguments are `--lock` where it locks itself,
// Pyodide's folder and the snapshot, if any.
const deno = denoRuntime();
const [pyodideFolder = "", snapshotPath] = deno.args.filter((arg) => arg !== lockArgument);
const setClock = installClock();
const channel = openChannel();
const printed = createPrintedOutput(channel, takeTimer(setTimeout));
const { python, startedFrom } = await preparePython(pyodideFolder, snapshotPath, printed.write);
revokePermissions((descriptor) => deno.permissions.revokeSync(descriptor));
// When it ends, Emscripten writes to a console and sets the exit code of a process: deaf ones.
takeAway({ console: createConsole(() => {}, { format, inspect }), process: {} });
emptyStacks();
refuseSystem();
freezeIntrinsics();

const runtime = createPythonRuntime(python, setClock);
await rehearse(runtime, warmUpProgram, [
  ["a", "[1]"],
  ["1", "[1]"],
]);
python.runPython("_forget_warm_up()");
// After the rehearsal, which loads what comes late; before anything of a skill arrives.
giveUpForeignCalls(deno, pythonPolicy([]));

channel.send({ protocolVersion, type: "ready", startedFrom });
await serve(channel, printed, runtime);
