import { denoRuntime } from "../deno-runtime.ts";
import { preloadedModules, pythonBootstrap } from "./bootstrap.ts";
import { type PythonInterpreter, startInterpreter } from "./interpreter.ts";

export interface PreparedPython {
  readonly python: PythonInterpreter;
  readonly startedFrom: "snapshot" | "plain";
}

/**
 * Returns an interpreter that holds the bootstrap and nothing of anybody else, started from the
 * snapshot or, when that cannot be read or restored, plainly and some seconds slower.
 */
export async function preparePython(
  pyodideFolder: string,
  snapshotPath: string | undefined,
  print: (text: string) => void,
): Promise<PreparedPython> {
  const restored = await restore(pyodideFolder, snapshotPath);
  const python = restored ?? (await startInterpreter(pyodideFolder, undefined));
  if (restored === undefined) {
    python.runPython(pythonBootstrap);
  }
  let isDying = false;
  sealStreams(python, (text) => {
    if (!isDying) {
      print(text);
    }
  });
  const { fatal_error: die } = python._api;
  python._api.fatal_error = (error) => {
    // It would print where it was: in the runner.
    isDying = true;
    return die(error);
  };
  python.runPython("_seal()");
  return { python, startedFrom: restored === undefined ? "plain" : "snapshot" };
}

async function restore(
  pyodideFolder: string,
  snapshotPath: string | undefined,
): Promise<PythonInterpreter | undefined> {
  if (snapshotPath === undefined) {
    return undefined;
  }
  try {
    const load = denoRuntime().readFileSync(snapshotPath);
    return await startInterpreter(pyodideFolder, { load });
  } catch {
    // Another process may have replaced the file since the host looked: the plain way still works.
    return undefined;
  }
}

/** Python's file descriptors 0, 1 and 2: no input, and output to the skill's own print-outs. */
function sealStreams(python: PythonInterpreter, print: (text: string) => void): void {
  const handler = () => {
    const decoder = new TextDecoder();
    return {
      write: (bytes: Uint8Array) => {
        print(decoder.decode(bytes, { stream: true }));
        return bytes.length;
      },
    };
  };
  python.setStdout(handler());
  python.setStderr(handler());
  python.setStdin({ stdin: () => null });
}

/** Returns the memory of a fresh interpreter that holds the bootstrap and the usual modules. */
export async function buildSnapshot(pyodideFolder: string): Promise<Uint8Array> {
  const python = await startInterpreter(pyodideFolder, { make: true });
  python.runPython(`import ${preloadedModules.join(", ")}`);
  python.runPython(pythonBootstrap);
  return python.makeMemorySnapshot();
}
