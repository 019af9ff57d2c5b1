#!/usr/bin/env node
// Plain JavaScript that old releases of Node can read: it finds a Node that runs the rest.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const wantedMajor = 24;
const root = fileURLToPath(new URL("..", import.meta.url));

if (Number.parseInt(process.versions.node, 10) >= wantedMajor) {
  await start();
} else {
  startWithNewerNode();
}

async function start() {
  endWithLauncher();
  const { enableCompileCache } = await import("node:module");
  // Of the user's own: in the shared temporary folder others could put compiled code of theirs.
  enableCompileCache(join(cacheFolder(), "autodidact", "compile-cache"));
  const built = new URL("../dist/main.js", import.meta.url);
  const source = new URL("../src/main.ts", import.meta.url);
  // In a clone the source is what counts; a build may be older. The package has no source.
  await import((existsSync(source) ? source : built).href);
}

/** A `kill -9` of the process that a person sees ends this one too, and what it holds. */
function endWithLauncher() {
  const isLaunched = process.env.AUTODIDACT_STARTED_BY === String(process.ppid);
  delete process.env.AUTODIDACT_STARTED_BY;
  if (isLaunched && process.channel) {
    process.once("disconnect", () => process.kill(process.pid, "SIGKILL"));
    process.channel.unref();
  }
}

function cacheFolder() {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (process.platform === "win32") {
    return LOCALAPPDATA || join(homedir(), "AppData", "Local");
  }
  if (process.platform === "darwin") {
    return join(homedir(), "Library", "Caches");
  }
  return XDG_CACHE_HOME || join(homedir(), ".cache");
}

function startWithNewerNode() {
  const name = process.platform === "win32" ? "node.exe" : "node";
  const newer = join(root, "node_modules", "node", "bin", name);
  if (!existsSync(newer)) {
    console.error(
      `❌ Start autodidact: this is Node ${process.versions.node}, at least ${wantedMajor} is wanted; install it from https://nodejs.org, or in a clone run: npm ci`,
    );
    process.exit(2);
  }
  const child = spawn(newer, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    // The channel says nothing; that it closes tells the child that this process was killed.
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: { ...process.env, AUTODIDACT_STARTED_BY: String(process.pid) },
  });
  // Ctrl-C reaches the child by itself, which decides what it means; other signals are passed on.
  process.on("SIGINT", () => {});
  for (const signal of ["SIGTERM", "SIGHUP"]) {
    process.on(signal, () => child.kill(signal));
  }
  child.on("error", (error) => {
    console.error(`❌ Start autodidact: ${newer} does not start (${error.message}); run: npm ci`);
    process.exit(2);
  });
  child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 143)));
}
