import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Application } from "../../src/application/application.ts";
import { type Config, configSchema } from "../../src/config/schema.ts";
import { openApplication, type WiringOptions } from "../../src/wiring.ts";
import { quickSettings } from "./quick-settings.ts";

export interface TemporaryApplication {
  /** The one opened last. */
  readonly application: Application;
  readonly workspaceRoot: string;
  /** Closes it and opens another on the same workspace, as a restart would. */
  reopen(settings?: Partial<Config>): Promise<Application>;
  remove(): Promise<void>;
}

/** The whole application on a workspace of its own. */
export async function openTemporaryApplication(
  settings: Partial<Config> = {},
  wiring: Partial<WiringOptions> = {},
): Promise<TemporaryApplication> {
  const workspaceRoot = await mkdtemp(join(tmpdir(), "autodidact-test-"));
  const open = (changed: Partial<Config> = {}) =>
    openApplication({
      ...wiring,
      config: configSchema.parse({ ...quickSettings, ...settings, ...changed, workspaceRoot }),
    });
  let application = await open();
  return {
    get application() {
      return application;
    },
    workspaceRoot,
    async reopen(changed) {
      await application.close();
      application = await open(changed);
      return application;
    },
    async remove() {
      await application.close();
      await rm(workspaceRoot, { recursive: true, force: true });
    },
  };
}
