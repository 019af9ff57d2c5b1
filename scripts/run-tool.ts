import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface ToolOutcome {
  readonly exitCode: number;
  /** Standard output, then standard error. */
  readonly output: string;
}

/** Runs this same Node with the arguments; never through a shell, so it works on every system. */
export function runNode(cwd: string, args: readonly string[]): ToolOutcome {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, args, {
    cwd,
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  return { exitCode: status ?? 1, output: `${stdout}${stderr}${error?.message ?? ""}` };
}

/** Runs a tool that package.json depends on, by its package and the name of its command. */
export function runTool(
  root: string,
  packageName: string,
  command: string,
  args: readonly string[],
): ToolOutcome {
  const folder = join(root, "node_modules", packageName);
  const { bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    bin: string | Readonly<Record<string, string>>;
  };
  const file = typeof bin === "string" ? bin : bin[command];
  if (file === undefined) {
    throw new Error(
      `Running ${command}: ${packageName} has no such command, wanted one of its bin`,
    );
  }
  return runNode(root, [join(folder, file), ...args]);
}
