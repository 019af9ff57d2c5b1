/**
 * Builds the npm package, looks at what it would hold, and starts it unpacked in a node_modules
 * folder as a user's project would have it: there Node runs compiled JavaScript only.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { reportProblems } from "./check-outcome.ts";
import { runNode, runTool, type ToolOutcome } from "./run-tool.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

const WANTED = [
  /^package\.json$/,
  /^LICENSE$/,
  /^README\.md$/,
  /^CHANGELOG\.md$/,
  /^dist\/main\.js$/,
  /^dist\/index\.js$/,
  /^dist\/index\.d\.ts$/,
  /^prompts\/.+\.md$/,
  /^recordings\/.+\.jsonl$/,
];
const UNWANTED = /\.test\.|^(?:src|test|bench|scripts)\/|agent_workspace|^\.|\/\.|\.log$/;
/** Bytes unpacked; far above what the sources need, far below what a stray download would add. */
const MAX_UNPACKED_BYTES = 8 * 2 ** 20;

interface Packed {
  readonly filename: string;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

/** npm answers a list in older versions, an object by package name in newer ones. */
function pack(into: string): Packed {
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", into];
  const output = execFileSync("npm", args, {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    shell: process.platform === "win32",
  });
  const [packed] = Object.values(JSON.parse(output) as Record<string, Packed>);
  if (packed === undefined) {
    throw new Error("Packing: npm named no package, wanted one");
  }
  return packed;
}

function contentProblems({ files, unpackedSize }: Packed): string[] {
  const paths = files.map(({ path }) => path);
  const absent = WANTED.filter((pattern) => !paths.some((path) => pattern.test(path)));
  const tooLarge = unpackedSize > MAX_UNPACKED_BYTES;
  return [
    ...absent.map((pattern) => `package: holds nothing like ${pattern.source}`),
    ...paths.filter((path) => UNWANTED.test(path)).map((path) => `package: holds ${path}`),
    ...(tooLarge ? [`package: ${unpackedSize} bytes, at most ${MAX_UNPACKED_BYTES} wanted`] : []),
  ];
}

function failure(what: string, { exitCode, output }: ToolOutcome): string[] {
  return exitCode === 0 ? [] : [`package: ${what} ended with ${exitCode}:\n${output.trim()}`];
}

function startProblems(packed: Packed, folder: string): string[] {
  const modules = join(folder, "node_modules");
  mkdirSync(modules);
  execFileSync("tar", ["-xzf", join(folder, packed.filename), "-C", modules]);
  renameSync(join(modules, "package"), join(modules, "autodidact"));
  symlinkSync(join(root, "node_modules"), join(modules, "autodidact", "node_modules"), "junction");
  const { bin } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    bin: Readonly<Record<string, string>>;
  };
  const command = join(modules, "autodidact", bin["autodidact"] ?? "");
  const script = 'const api = await import("autodidact"); new api.AutonomousAgent();';
  // Through the whole loop: every process that is started from a file has to be found in dist.
  const run = ["run", "Create a JSON validator skill", "--model", "recordings"];
  return [
    ...failure("its command with --help", runNode(folder, [command, "--help"])),
    ...failure("making a skill", runNode(folder, [command, ...run])),
    ...failure("importing it", runNode(folder, ["--input-type=module", "-e", script])),
  ];
}

function packageProblems(folder: string): string[] {
  const built = failure("the build", runNode(root, ["scripts/build.ts"]));
  if (built.length > 0) {
    return built;
  }
  const packed = pack(folder);
  return [
    ...contentProblems(packed),
    ...failure("publint", runTool(root, "publint", "publint", ["--strict", "--pack", "false"])),
    ...startProblems(packed, folder),
  ];
}

const folder = mkdtempSync(join(tmpdir(), "autodidact-package-"));
try {
  reportProblems(packageProblems(folder), "packs, publishes and starts");
} finally {
  rmSync(folder, { recursive: true, force: true });
}
