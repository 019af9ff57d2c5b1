import { mkdir, rm } from "node:fs/promises";
import { ownConfiguration } from "./own-configuration-path.ts";

/** The tests' own configuration folder, so that none touches that of whoever runs them. */
export async function setup(): Promise<() => Promise<void>> {
  await mkdir(ownConfiguration, { recursive: true, mode: 0o700 });
  return () => rm(ownConfiguration, { recursive: true, force: true });
}
