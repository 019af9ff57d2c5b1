import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";

const reader = new URL("../../src/syntax/source-reader.ts", import.meta.url).href;

/** A host of its own that prints a line when its reader has answered, then does `next`. */
function startHost(next: string): ChildProcess {
  const program = `
    import { openSourceReader } from ${JSON.stringify(reader)};
    const reader = openSourceReader();
    const outcome = await reader.facts("python", "x = 1");
    console.log(outcome.kind);
    ${next}
  `;
  return spawn(process.execPath, ["--no-warnings", "--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

async function firstLine(host: ChildProcess): Promise<string> {
  for await (const chunk of host.stdout ?? []) return String(chunk).trim();
  return "";
}

const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);

function isAlive(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}

async function untilGone(pid: number): Promise<void> {
  while (isAlive(pid)) await delay(20);
}

describe("the reader's child process", () => {
  it("does not keep its host alive when nothing is asked of it", async () => {
    const host = startHost("");
    const ended = new Promise((resolve) => host.once("exit", resolve));
    expect(await firstLine(host)).toBe("read");
    expect(await ended).toBe(0);
  });

  it.skipIf(process.platform !== "linux")("ends with its host when it is idle", async () => {
    const host = startHost("setInterval(() => {}, 1000);");
    expect(await firstLine(host)).toBe("read");
    const [child = 0] = childrenOf(host.pid ?? 0);
    expect(isAlive(child)).toBe(true);
    host.kill("SIGKILL");
    await untilGone(child);
  });

  it.skipIf(process.platform !== "linux")(
    "ends with its host when a pattern keeps it busy for ever",
    async () => {
      const host = startHost(
        `await reader.matchPatterns("a".repeat(80) + "b", [{ source: "(a+)+$", flags: "" }]);`,
      );
      expect(await firstLine(host)).toBe("read");
      const [child = 0] = childrenOf(host.pid ?? 0);
      await delay(200);
      host.kill("SIGKILL");
      await untilGone(child);
    },
  );
});
