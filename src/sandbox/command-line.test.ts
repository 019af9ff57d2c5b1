import { describe, expect, it } from "vitest";
import { commandLine } from "./command-line.ts";
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
    expect(args[1]).toBe(
      "ulimit -c 0 && ulimit -f 0 && ulimit -t 660 && ulimit -n 256 && ulimit -d 1228800 || exit 125\n" +
        "{ read -r _ <&3; kill -9 0; } </dev/null >/dev/null 2>&1 &\n" +
        'exec "$@" 3<&-',
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
