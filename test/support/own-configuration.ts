import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ownConfiguration } from "./own-configuration-path.ts";
import { quickSettings } from "./quick-settings.ts";

/**
 * The tests' own configuration folder, so that none touches that of whoever runs them. What it says is
 * for the programs that tests start.
 */
export async function setup(): Promise<() => Promise<void>> {
  const folder = join(ownConfiguration, "autodidact");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, "config.json"), JSON.stringify(quickSettings), { mode: 0o600 });
  return () => rm(ownConfiguration, { recursive: true, force: true });
}
