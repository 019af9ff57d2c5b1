import { type BackendName, backendNames } from "../../src/sandbox/backend.ts";
import type { Language } from "../../src/shared/json.ts";
import { quickShare } from "../support/quick-share.ts";
import type { HostileProgram } from "./hostile-program.ts";

/** Every so-manieth program in the quick form; a process of Pyodide costs a second of a core. */
const quickSteps: Readonly<Record<Language, Readonly<Record<BackendName, number>>>> = {
  python: { bubblewrap: 10, "deno-seccomp": 60, deno: 80 },
  typescript: { bubblewrap: 14, "deno-seccomp": 28, deno: 28 },
};
/** Of those that take until a limit stops them, seconds each. */
const exhaustingStep = 40;
const controlStep = 24;

/**
 * Returns the programs to run on a backend: all under CI and at full size, else a fixed sample,
 * another on each backend. In that only the strongest one at hand gets some that exhaust a limit.
 */
export function hostileSample(
  programs: readonly HostileProgram[],
  backendName: BackendName,
  isStrongest: boolean,
): readonly HostileProgram[] {
  const exhausting = programs.filter(({ exhausts }) => exhausts !== undefined);
  const others = programs.filter(({ exhausts }) => exhausts === undefined);
  const [first] = programs;
  const step = first === undefined ? 1 : quickSteps[first.language][backendName];
  const chosen = new Set(quickShare(others, step, backendNames.indexOf(backendName)));
  const chosenExhausting = quickShare(exhausting, exhaustingStep);
  if (isStrongest || chosenExhausting.length === exhausting.length) {
    for (const program of chosenExhausting) {
      chosen.add(program);
    }
  }
  return programs.filter((program) => chosen.has(program));
}

/** Returns the programs of the control without a sandbox: all under CI and at full size, else some. */
export function bareSample(programs: readonly HostileProgram[]): readonly HostileProgram[] {
  return quickShare(
    programs.filter(({ reachesBare }) => reachesBare),
    controlStep,
  );
}
