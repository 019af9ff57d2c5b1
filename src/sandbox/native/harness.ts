import { pythonLacking } from "../python/python-lacking.ts";
import { pythonProgram } from "../python/python-program.ts";
import { pythonValues } from "../python/python-values.ts";
import { harnessFiles } from "./harness-files.ts";
import { harnessLock } from "./harness-lock.ts";
import { harnessOutput } from "./harness-output.ts";
import { harnessServe } from "./harness-serve.ts";

/** The whole source of the process's side for a native CPython; it runs until its stdin closes. */
export const nativeHarness = [
  pythonValues,
  pythonLacking,
  pythonProgram,
  harnessOutput,
  harnessFiles,
  harnessLock,
  harnessServe,
].join("\n");

/**
 * Started by `python3 -c`, with the harness compiled and its configuration as arguments: nothing is
 * compiled at a start, and no file is written for it. The harness has a namespace of its own, so that
 * a skill's `import __main__` shows none of it.
 */
export const nativeLauncher = `
import binascii, marshal, sys
code = marshal.loads(binascii.a2b_base64(sys.argv[1]))
scope = {"__name__": "sandbox", "_CONFIGURATION_TEXT": sys.argv[2]}
sys.orig_argv.clear()
exec(code, scope)
`.trim();
