import { denoRuntime } from "../deno-runtime.ts";
import { buildSnapshot } from "./prepare-python.ts";

// The program Deno runs to build a snapshot: its bytes go to stdout, so it needs no right to write.
const deno = denoRuntime();
const [pyodideFolder = ""] = deno.args;
let bytes = await buildSnapshot(pyodideFolder);
while (bytes.length > 0) {
  bytes = bytes.subarray(deno.stdout.writeSync(bytes));
}
deno.exit(0);
