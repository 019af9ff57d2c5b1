import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BackendName, Launcher } from "../../src/sandbox/backend.ts";
import { backendsOf } from "../../src/sandbox/backends.ts";
import type { CommandLine } from "../../src/sandbox/command-line.ts";
import { launchedSandbox } from "../../src/sandbox/launched-sandbox.ts";
import { defaultLimits } from "../../src/sandbox/limits.ts";
import { protocolVersion } from "../../src/sandbox/protocol.ts";
import { bundleModules, runnerModules } from "../../src/sandbox/runner-bundle.ts";
import { runnerScript } from "../../src/sandbox/runner-script.ts";
import type { Sandbox, StartOutcome } from "../../src/sandbox/sandbox.ts";
import { selfTest } from "../../src/sandbox/self-test.ts";
import { packageRoot } from "../../src/shared/package-root.ts";
import { PropertyChecker } from "../../src/verify/property-checker.ts";
import {
  describeHoles,
  programsNamed,
  reachedBy,
  holesTimeoutMs as timeoutMs,
} from "../hostile/describe-holes.ts";
import {
  bubbleBase,
  denoHoles,
  type Hole,
  keepsOfDeno,
  lockHoles,
  namespaceHoles,
  permissive,
  type SourceChange,
  unseenImports,
} from "../hostile/typescript-holes.ts";
import { typescriptPrograms } from "../hostile/typescript-programs.ts";
import { describeWith } from "../support/requirements.ts";

const isLinux = process.platform === "linux";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "autodidact-holes-"));
});
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

const runnerPath = join(packageRoot(), "src", "sandbox", "typescript", "runner.ts");
const soundModules = await runnerModules(runnerPath);

/** The runner as one script, made of changed modules. @throws {Error} when a text to change is not there. */
function changedRunner(changes: readonly SourceChange[]): string {
  const modules = changes.reduce((changed, [file, from, to]) => {
    const path = join(packageRoot(), "src", "sandbox", file);
    const found = changed.find((module) => module.path === path);
    if (!found?.source.includes(from)) {
      throw new Error(`Planting a hole: ${file} holds no ${JSON.stringify(from)}, it is wanted.`);
    }
    const holed = { path, source: found.source.replace(from, to) };
    return changed.map((module) => (module === found ? holed : module));
  }, soundModules);
  return bundleModules(modules);
}

async function launcherOf(name: BackendName): Promise<Launcher> {
  const backend = backendsOf("typescript", root).find((candidate) => candidate.name === name);
  const outlook = await backend?.look();
  if (outlook?.kind !== "usable") {
    throw new Error(`Looking for ${name}: ${outlook?.reason}, a usable one is wanted.`);
  }
  return outlook.launcher;
}

/** The sandbox of a backend whose command line and runner are changed. */
async function changedSandbox(name: BackendName, hole: Omit<Hole, "programs">): Promise<Sandbox> {
  const launcher = await launcherOf(name);
  const folder = join(root, `${name}-${hole.name}`.replaceAll(/\W/g, "-"));
  await mkdir(folder, { recursive: true });
  const line = await launcher.commandLine();
  const runner = join(folder, "runner.js");
  await writeFile(runner, changedRunner(hole.sources ?? []));
  const { path } = await runnerScript("typescript");
  const args = line.args.map((arg) => (arg === path ? runner : arg));
  const change = hole.line ?? ((same: CommandLine) => same);
  // Anew for each process: the world that it is to reach is made after the sandbox.
  const changed = async (): Promise<CommandLine> => change({ ...line, args }, folder);
  return launchedSandbox(
    "typescript",
    name,
    { ...launcher, commandLine: changed },
    { warmProcesses: 0 },
  );
}

function describeTypescriptHoles(
  name: BackendName,
  holes: readonly Hole[],
  base: Omit<Hole, "programs">,
): void {
  describeHoles(name, {
    holes,
    programs: typescriptPrograms,
    open: (hole) => changedSandbox(name, hole ?? base),
    cacheOf: async (hole) => {
      const cache = join(root, `${name}-${hole.name}`.replaceAll(/\W/g, "-"), "deno");
      await mkdir(cache, { recursive: true });
      return cache;
    },
  });
}

describe("holes planted in Deno's permissions", () => {
  describeTypescriptHoles("deno", denoHoles, { name: "no hole" });

  it(
    "runHostile() reaches no process of Node when an import goes unseen, which forbid() was for",
    async () => {
      const sandbox = await changedSandbox("deno", {
        name: "unseen imports",
        sources: unseenImports,
      });
      try {
        expect(
          await reachedBy(sandbox, programsNamed(typescriptPrograms, ["silent-import"])),
        ).toEqual([]);
      } finally {
        await sandbox.close();
      }
    },
    timeoutMs,
  );

  it(
    "selfTest() does not pass when text may be made code, or the protocol's pipe is left",
    async () => {
      const whole = await changedSandbox("deno", { name: "whole" });
      const holed = [
        await changedSandbox("deno", {
          name: "generated code",
          line: (line) => ({
            ...line,
            args: line.args.map((arg) =>
              arg.replace(",--disallow-code-generation-from-strings", ""),
            ),
          }),
        }),
        await changedSandbox("deno", { name: "pipes", sources: [keepsOfDeno("stdout")] }),
      ];
      try {
        expect((await selfTest(whole)).findings.filter(({ held }) => !held)).toEqual([]);
        for (const sandbox of holed) {
          expect((await selfTest(sandbox)).passed).toBe(false);
        }
      } finally {
        await Promise.all([whole, ...holed].map((sandbox) => sandbox.close()));
      }
    },
    timeoutMs,
  );
});

describe.runIf(isLinux)("holes planted in the kernel's lock", () => {
  describeTypescriptHoles("deno-seccomp", lockHoles, { name: "no hole", ...permissive });
});

describeWith("bubblewrap", "holes planted in the namespaces", () => {
  describeTypescriptHoles("bubblewrap", namespaceHoles, {
    name: "no hole",
    line: bubbleBase,
    sources: permissive.sources,
  });
});

describe("holes planted beside the processes", () => {
  it(
    "runHostile() finds what survives when a process serves twice",
    async () => {
      const sandbox = await changedSandbox("deno", { name: "used twice" });
      let kept: Promise<StartOutcome> | undefined;
      const holed: Sandbox = {
        ...sandbox,
        start: async (...given) => {
          kept ??= sandbox.start(...given);
          const started = await kept;
          return started.kind === "started"
            ? {
                kind: "started",
                subject: {
                  call: (...call) => started.subject.call(...call),
                  close: async () => {},
                },
              }
            : started;
        },
      };
      const survivors = programsNamed(typescriptPrograms, ["survives-globals"]);
      try {
        expect(await reachedBy(sandbox, survivors)).toEqual([]);
        expect(await reachedBy(holed, survivors)).not.toEqual([]);
      } finally {
        await sandbox.close();
      }
    },
    timeoutMs,
  );

  it(
    "check() is deceived when the checker shares its process with the skill",
    async () => {
      const sandbox = await changedSandbox("deno", { name: "shared checker" });
      const skill = "String.prototype.toUpperCase = () => 'wrong';\n";
      const holed: Sandbox = {
        ...sandbox,
        start: (program, ...rest) =>
          sandbox.start({ ...program, source: skill + program.source }, ...rest),
      };
      const check = (checker: Sandbox) =>
        new PropertyChecker(checker, defaultLimits).check(
          "result === args[0].toUpperCase()",
          ["a"],
          "wrong",
        );
      try {
        expect((await check(sandbox)).kind).toBe("false");
        expect((await check(holed)).kind).toBe("holds");
      } finally {
        await sandbox.close();
      }
    },
    timeoutMs,
  );

  it.runIf(process.platform !== "win32")(
    "commandLine() leaves an orphan when the watcher of the lifeline is missing",
    async () => {
      const line = await (await launcherOf("deno")).commandLine();
      const args = line.args.map((arg) => arg.replace(/^\{ read -r _ .*$/m, ":"));
      expect(args).not.toEqual(line.args);
      expect(await endsWithItsHost(line)).toBe(true);
      expect(await endsWithItsHost({ ...line, args })).toBe(false);
    },
    timeoutMs,
  );
});

/** Whether a busy process ends when everything that its host holds of it is closed. */
async function endsWithItsHost(line: CommandLine): Promise<boolean> {
  const child = spawn(line.command, line.args, {
    env: line.env,
    stdio: ["pipe", "pipe", "ignore", "pipe"],
    detached: true,
  });
  const ended = new Promise<boolean>((resolve) => child.once("exit", () => resolve(true)));
  try {
    await firstOutput(child);
    const { maxOutputBytes, maxMessageBytes, maxFiles, maxFileBytes } = defaultLimits;
    const limits = { maxOutputBytes, maxMessageBytes, maxFiles, maxFileBytes };
    const program = { source: "for (;;);", entry: "f", fileName: "skill.ts" };
    child.stdin?.write(
      `${JSON.stringify({ protocolVersion, type: "load", id: "1", program, limits })}\n`,
    );
    await new Promise((resolve) => setTimeout(resolve, 500));
    for (const stream of child.stdio) {
      stream?.destroy();
    }
    const waited = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 3_000));
    return await Promise.race([ended, waited]);
  } finally {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      process.kill(-child.pid, "SIGKILL");
    }
  }
}

function firstOutput({ stdout }: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    stdout?.once("data", () => resolve());
  });
}
