import type { HostileProgram } from "./hostile-program.ts";
import { typescriptFilePrograms } from "./typescript-files.ts";
import { typescriptImportPrograms } from "./typescript-imports.ts";
import { typescriptInternalPrograms } from "./typescript-internals.ts";
import { typescriptNetworkPrograms } from "./typescript-network.ts";
import { typescriptNodeProcessPrograms } from "./typescript-node-process.ts";
import { typescriptOutputPrograms } from "./typescript-output.ts";
import { typescriptPlainPrograms } from "./typescript-plain.ts";
import { typescriptProcessPrograms } from "./typescript-processes.ts";
import { typescriptResourcePrograms } from "./typescript-resources.ts";
import { typescriptWholePrograms } from "./typescript-whole.ts";

/** Every hostile TypeScript program, each one plain script or, as a whole, one module. */
export const typescriptPrograms: readonly HostileProgram[] = [
  ...typescriptFilePrograms,
  ...typescriptImportPrograms,
  ...typescriptNetworkPrograms,
  ...typescriptProcessPrograms,
  ...typescriptInternalPrograms,
  ...typescriptNodeProcessPrograms,
  ...typescriptPlainPrograms,
  ...typescriptResourcePrograms,
  ...typescriptOutputPrograms,
  ...typescriptWholePrograms,
];
