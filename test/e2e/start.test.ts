import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const bin = fileURLToPath(new URL("../../bin/autodidact.mjs", import.meta.url));
const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const packageFile = new URL("../../package.json", import.meta.url);
const { version }: { version: string } = JSON.parse(readFileSync(packageFile, "utf8"));
/** Makes a process believe that it is an older Node; one that it starts itself is not touched. */
const asOlderNode = [
  "--import",
  "data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.1.0'}})",
];

describe("main", () => {
  let cwd: string;
  beforeAll(() => {
    cwd = mkdtempSync(join(tmpdir(), "main-"));
  });
  afterAll(() => rmSync(cwd, { recursive: true, force: true }));

  function start(node: string, args: readonly string[], input = "") {
    const env = { PATH: process.env["PATH"], HOME: cwd, XDG_CACHE_HOME: join(cwd, "cache") };
    return spawnSync(node, args, { cwd, env, input, encoding: "utf8" });
  }

  it("main starts under plain Node and writes nothing to standard error", () => {
    for (const entry of [main, bin]) {
      const { status, stdout, stderr } = start(process.execPath, [entry, "--version"]);
      expect([status, stdout.trim(), stderr]).toEqual([0, version, ""]);
    }
  });

  it("main shows the settings without making a workspace", () => {
    const { stdout } = start(process.execPath, [main, "config", "--json", "--model", "m"]);
    const values = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(values).toContainEqual(
      expect.objectContaining({ key: "model", source: "flag --model" }),
    );
    expect(existsSync(join(cwd, "agent_workspace"))).toBe(false);
  });

  it("main answers 2 for a wrong setting and keeps standard output for JSON", () => {
    const { status, stdout, stderr } = start(process.execPath, [
      main,
      "--json",
      "config",
      "--set",
      "x=1",
    ]);
    expect(status).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ code: "CONFIG_INVALID" });
    expect(stderr).toContain("❌");
  });

  it("bin starts itself with the clone's Node when the machine's is older", () => {
    for (const entry of [bin, main]) {
      const { status, stdout } = start(process.execPath, [...asOlderNode, entry], ":help\n");
      expect(status).toBe(0);
      expect(stdout).toContain(":directive GOAL");
    }
  });

  it("bin takes the clone's Node with it when it is killed", async () => {
    const launcher = spawn(process.execPath, [...asOlderNode, bin, "sandbox", "run", "-"], {
      cwd,
      env: { PATH: process.env["PATH"], HOME: cwd, XDG_CACHE_HOME: join(cwd, "cache") },
    });
    const pid = launcher.pid ?? 0;
    const children = () =>
      spawnSync("ps", ["-o", "pid=", "--ppid", String(pid)], { encoding: "utf8" })
        .stdout.split("\n")
        .flatMap((line) => (line.trim() === "" ? [] : [Number(line)]));
    await expect.poll(children, { timeout: 20_000 }).toHaveLength(1);
    const [child = 0] = children();
    launcher.kill("SIGKILL");
    const isThere = () => existsSync(`/proc/${child}/stat`);
    await expect.poll(isThere, { timeout: 20_000 }).toBe(false);
  });

  it("bin says what is wanted when the machine's Node is older and the clone has none", () => {
    mkdirSync(join(cwd, "bin"));
    const alone = join(cwd, "bin", "autodidact.mjs");
    copyFileSync(bin, alone);
    const { status, stderr } = start(process.execPath, [...asOlderNode, alone]);
    expect(status).toBe(2);
    expect(stderr).toContain("this is Node 20.1.0, at least 24 is wanted");
  });
});
