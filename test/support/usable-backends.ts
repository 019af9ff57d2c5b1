import type { Backend, Launcher } from "../../src/sandbox/backend.ts";
import { backendsOf } from "../../src/sandbox/backends.ts";
import { launchedSandbox } from "../../src/sandbox/launched-sandbox.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { defaultCacheDirectory } from "../../src/shared/cache-directory.ts";
import type { Language } from "../../src/shared/json.ts";
import { testSize } from "./requirements.ts";

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

/** Those of them that the quick form tries. */
export async function quickBackends(language: Language): Promise<readonly UsableBackend[]> {
  const backends = await usableBackends(language);
  const quick = quickSandboxes(backends.map(({ launcher }) => launcher));
  return backends.filter(({ launcher }) => quick.includes(launcher));
}

/**
 * All of them under CI and at full size; in the quick form only the strongest of those that run Python
 * in WebAssembly, which differ in the lock alone: a process of it costs half a second of a core.
 */
export function quickSandboxes<Sandboxed extends { readonly runtime: string }>(
  sandboxes: readonly Sandboxed[],
): readonly Sandboxed[] {
  const [strongest, ...others] = sandboxes.filter(isWasm);
  return strongest === undefined || testSize(0, 1, 1) === 1
    ? sandboxes
    : sandboxes.filter((each) => !others.includes(each));
}

/** Whether it runs Python in WebAssembly. */
export function isWasm({ runtime }: { readonly runtime: string }): boolean {
  return runtime.endsWith("/wasm");
}
