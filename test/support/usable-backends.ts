import type { Backend, Launcher } from "../../src/sandbox/backend.ts";
import { backendsOf } from "../../src/sandbox/backends.ts";
import { launchedSandbox } from "../../src/sandbox/launched-sandbox.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { defaultCacheDirectory } from "../../src/shared/cache-directory.ts";
import type { Language } from "../../src/shared/json.ts";

export interface UsableBackend extends Backend {
  readonly launcher: Launcher;
}

/** The backends of a language that this machine has, strongest first. */
export async function usableBackends(language: Language): Promise<readonly UsableBackend[]> {
  const usable: UsableBackend[] = [];
  for (const backend of backendsOf(language, defaultCacheDirectory())) {
    const outlook = await backend.look();
    if (outlook.kind === "usable") {
      usable.push({ ...backend, launcher: outlook.launcher });
    }
  }
  return usable;
}

/** A sandbox on each of them, without a self-test before it; close them. */
export async function usableSandboxes(
  language: Language,
  warmProcesses: number,
): Promise<readonly Sandbox[]> {
  const backends = await usableBackends(language);
  return backends.map(({ name, launcher }) =>
    launchedSandbox(language, name, launcher, { warmProcesses }),
  );
}
