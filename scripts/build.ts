/** Makes `dist/`, what the npm package runs: Node refuses `.ts` files under node_modules. */
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleModules, runnerModules } from "../src/sandbox/runner-bundle.ts";
import { runTool } from "./run-tool.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");

/** Files that are read or started at run time and that tsc leaves alone: Python, JavaScript, types. */
function isCarriedAlong(path: string): boolean {
  return (
    /\.(?:py|[cm]?js|json|d\.ts)$/.test(path) && !/\.test\.|(?:^|[\\/])fixtures[\\/]/.test(path)
  );
}

function carryAlong(): void {
  const source = join(root, "src");
  for (const path of readdirSync(source, { recursive: true, encoding: "utf8" })) {
    if (isCarriedAlong(path)) {
      mkdirSync(dirname(join(dist, path)), { recursive: true });
      cpSync(join(source, path), join(dist, path));
    }
  }
}

/** Deno starts one file sooner than twenty: see docs/decisions/0012. */
async function bundleRunners(): Promise<void> {
  for (const path of readdirSync(dist, { recursive: true, encoding: "utf8" })) {
    if (/(?:^|[\\/])runner\.js$/.test(path)) {
      const runner = join(dist, path);
      writeFileSync(runner, bundleModules(await runnerModules(runner)));
    }
  }
}

rmSync(dist, { recursive: true, force: true });
const compiled = runTool(root, "typescript", "tsc", ["--project", "tsconfig.build.json"]);
process.stdout.write(compiled.output);
if (compiled.exitCode === 0) {
  carryAlong();
  await bundleRunners();
  const main = join(dist, "main.js");
  if (existsSync(main)) {
    chmodSync(main, 0o755);
  }
}
process.exitCode = compiled.exitCode;
