import type { Phase } from "../shared/events.ts";
import type { Run } from "./run.ts";

/** Announces a phase; calling what it returns announces its end. */
export function enterPhase(run: Run, phase: Phase, attempt: number, detail: string): () => void {
  run.emit({ type: "phase-started", phase, attempt, detail });
  const startedMs = run.clock.monotonicMs();
  return () => {
    const durationMs = Math.round(run.clock.monotonicMs() - startedMs);
    run.emit({ type: "phase-finished", phase, attempt, durationMs });
  };
}
