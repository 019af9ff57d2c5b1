import { pythonLacking } from "../python/python-lacking.ts";
import { pythonProgram } from "../python/python-program.ts";
import { pythonValues } from "../python/python-values.ts";
import { harnessClock } from "./harness-clock.ts";
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
  harnessClock,
  harnessServe,
].join("\n");

/**
 * Started by `python3 -c`, with the length of the compiled harness and its configuration as arguments
 * and the harness itself before all else on stdin: nothing is compiled at a start, and no file is
 * written for it. As an argument it would be decoded half a dozen times, a millisecond of every start.
 * The harness has a namespace of its own, so that a skill's `import __main__` shows none of it.
 */
export const nativeLauncher = `
def launch():
    import marshal, posix, sys
    left = int(sys.argv[1])
    parts = []
    while left > 0:
        part = posix.read(0, left)
        if not part:
            posix._exit(0)
        parts.append(part)
        left -= len(part)
    scope = {"__name__": "sandbox", "_CONFIGURATION_TEXT": sys.argv[2]}
    sys.orig_argv.clear()
    globals().pop("launch")
    exec(marshal.loads(b"".join(parts)), scope)
launch()
`.trim();
