import type { BackendName } from "../../src/sandbox/backend.ts";
import { testSize } from "../support/requirements.ts";
import { underCi } from "../support/under-ci.ts";
import type { HostileProgram } from "./hostile-program.ts";

/** In the quick form each process of Pyodide costs a second of a core: every so-manieth program. */
const quickSteps: Readonly<Record<BackendName, number>> = {
  bubblewrap: 2,
  "deno-seccomp": 8,
  deno: 24,
};

/** Returns the programs to run on a backend: all under CI and at full size, else a fixed sample. */
export function hostileSample(
  programs: readonly HostileProgram[],
  backendName: BackendName,
): readonly HostileProgram[] {
  return everyFrom(programs, quickSteps[backendName]);
}

/** Returns the programs of the control without a sandbox: all, or every second. */
export function bareSample(programs: readonly HostileProgram[]): readonly HostileProgram[] {
  return everyFrom(
    programs.filter(({ reachesBare }) => reachesBare),
    2,
  );
}

function everyFrom(
  programs: readonly HostileProgram[],
  quickStep: number,
): readonly HostileProgram[] {
  const step = underCi() ? 1 : testSize(quickStep, 1);
  return programs.filter((_program, index) => index % step === 0);
}
