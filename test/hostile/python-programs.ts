import type { HostileProgram } from "./hostile-program.ts";
import { pythonExhaustion } from "./python-exhaustion.ts";
import { pythonFilesOutside } from "./python-files-outside.ts";
import { pythonImportsAndEnvironment } from "./python-imports-environment.ts";
import { pythonInternals } from "./python-internals.ts";
import { pythonJavascript } from "./python-javascript.ts";
import { pythonLeftovers } from "./python-leftovers.ts";
import { pythonNetwork } from "./python-network.ts";
import { pythonProcesses } from "./python-processes.ts";
import { pythonSurvival } from "./python-survival.ts";
import { pythonSystemCalls } from "./python-system-calls.ts";

/** Every hostile program in Python, in the order of the table in docs/sandbox.md. */
export const pythonPrograms: readonly HostileProgram[] = [
  ...pythonFilesOutside,
  ...pythonImportsAndEnvironment,
  ...pythonNetwork,
  ...pythonProcesses,
  ...pythonSystemCalls,
  ...pythonJavascript,
  ...pythonInternals,
  ...pythonExhaustion,
  ...pythonLeftovers,
  ...pythonSurvival,
];
