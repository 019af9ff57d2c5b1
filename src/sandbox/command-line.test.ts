import { once } from "node:events";
import type { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { killProcessTree, startProcess } from "../shared/process-tree.ts";
import { commandLine, scriptUnderLifeline } from "./command-line.ts";
import { pythonPolicy, typescriptPolicy } from "./policy.ts";

const executable = {
  denoPath: "/opt/deno",
  runnerPath: "/opt/runner.ts",
  runnerArgs: ["/opt/pyodide"],
  platform: "linux",
};
const denials = ["import", "net", "write", "run", "env", "sys", "ffi"].map(
  (name) => `--deny-${name}`,
);

describe("commandLine", () => {
  it("commandLine() denies everything when the language is TypeScript", () => {
    const { args } = commandLine(typescriptPolicy, executable);
    expect(args).toEqual(expect.arrayContaining([...denials, "--deny-read", "--no-prompt"]));
    expect(args.filter((arg) => arg.startsWith("--allow"))).toEqual([]);
  });

  it("commandLine() allows reading the named paths only when the language is Python", () => {
    const { args } = commandLine(pythonPolicy(["/opt/a,b", "/cache/s"]), executable);
    expect(args).toEqual(expect.arrayContaining(denials));
    expect(args.filter((arg) => arg.startsWith("--allow"))).toEqual([
      "--allow-read=/opt/a,,b,/cache/s",
    ]);
  });

  it("commandLine() passes no environment of the host when it starts Deno", () => {
    const { env } = commandLine(typescriptPolicy, executable);
    expect(env).toEqual({
      DENO_DIR: "/dev/null",
      DENO_EMIT_CACHE_MODE: "disable",
      DENO_NO_PACKAGE_JSON: "1",
      DENO_NO_UPDATE_CHECK: "1",
      NO_COLOR: "1",
    });
  });

  it("commandLine() forbids generated code and bounds memory when V8 starts", () => {
    const { args } = commandLine(pythonPolicy([]), executable);
    expect(args).toContain(
      "--v8-flags=--max-old-space-size=256,--min-semi-space-size=4,--wasm-max-mem-pages=8192,--wasm-num-compilation-tasks=1," +
        "--disallow-code-generation-from-strings",
    );
  });

  it("commandLine() sets the kernel's limits and the lifeline when the system is POSIX", () => {
    const { command, args } = commandLine(typescriptPolicy, executable);
    expect(command).toBe("/bin/sh");
    const script = args[1] ?? "";
    for (const limit of ["-c 0", "-f 0", "-t 660", "-n 256", "-d 1228800"]) {
      expect(script).toContain(`ulimit ${limit} `);
    }
    expect(script).toContain(
      '\n{ read -r _ <&3; kill -9 0; } </dev/null >/dev/null 2>&1 &\nexec "$@" 3<&-',
    );
    expect(args.slice(2, 5)).toEqual(["sandbox", "/opt/deno", "run"]);
    expect(args.slice(-2)).toEqual(["/opt/runner.ts", "/opt/pyodide"]);
  });

  it("commandLine() starts Deno directly when the system is Windows", () => {
    const { command, args, env } = commandLine(typescriptPolicy, {
      ...executable,
      platform: "win32",
    });
    expect(command).toBe("/opt/deno");
    expect(args[0]).toBe("run");
    expect(env["DENO_DIR"]).toBe("NUL");
  });
});

/** What `ulimit -n` says in a program that the script starts from a shell with a limit of its own. */
async function openFilesFrom(before: string, limit: number) {
  const script = `${before}\n${scriptUnderLifeline([["n", limit]])}`;
  // In a group of its own, which the lifeline's watcher kills.
  const child = startProcess(
    "/bin/sh",
    ["-c", script, "sandbox", "/bin/sh", "-c", "ulimit -n; exit 7"],
    { env: {}, stdio: ["ignore", "pipe", "pipe", "pipe"] },
  );
  const ended = once(child, "exit");
  const said = Promise.all([child.stdout, child.stderr].map((stream) => wholeText(stream)));
  const [status] = await ended;
  await killProcessTree(child);
  const [stdout = "", stderr = ""] = await said;
  return { status, stdout, stderr };
}

async function wholeText(stream: Readable | null): Promise<string> {
  let text = "";
  for await (const chunk of stream ?? []) {
    text += String(chunk);
  }
  return text.trim();
}

describe.runIf(process.platform !== "win32")("scriptUnderLifeline", () => {
  it.each([
    ["the shell allows more", "ulimit -n 200", 64, "64"],
    ["the shell allows less", "ulimit -n 50", 64, "50"],
  ])("scriptUnderLifeline() starts the program when %s", async (_when, before, limit, found) => {
    expect(await openFilesFrom(before, limit)).toEqual({ status: 7, stdout: found, stderr: "" });
  });

  it("scriptUnderLifeline() starts nothing when a limit can neither be set nor is low enough", async () => {
    const { status, stdout, stderr } = await openFilesFrom(
      "ulimit() { [ $# -eq 1 ] && echo unlimited; return 1; }",
      64,
    );
    expect({ status, stdout }).toEqual({ status: 125, stdout: "" });
    expect(stderr).toContain("its limits cannot be set");
  });
});
