import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CallOutcome, Sandbox } from "../../src/sandbox/sandbox.ts";
import type { HostileProgram } from "../hostile/hostile-program.ts";
import { createHostileWorld, type WatchedWorld } from "../hostile/hostile-world.ts";
import { leakedForm } from "../hostile/leaked-secret.ts";
import { findingOf, hostileLimits, runHostile } from "../hostile/run-hostile.ts";

const secret = "0123456789abcdef01234567";

describe("leakedForm", () => {
  it.each([
    ["plain", `text ${secret} text`],
    ["reversed", [...secret].toReversed().join("")],
    ["hexadecimal", Buffer.from(secret).toString("hex").toUpperCase()],
    ["base64", Buffer.from(`${secret}\n`).toString("base64")],
    ["base64", Buffer.from(`x${secret}\n`).toString("base64")],
    ["base64", Buffer.from(`xy${secret}\n`).toString("base64")],
    ["numbers", JSON.stringify([...Buffer.from(secret)])],
    ["spread out", [...secret].join("\n")],
  ])("leakedForm() says %s when the secret stands there so: %j", (form, text) => {
    expect(leakedForm(text, secret)).toBe(form);
  });

  it("leakedForm() says nothing when another secret stands there", () => {
    expect(leakedForm("fedcba98765432100123456789abcdef", secret)).toBeUndefined();
  });
});

let world: WatchedWorld;
beforeEach(async () => {
  world = await createHostileWorld();
});
afterEach(async () => {
  await world.close();
});

describe("createHostileWorld", () => {
  it("damage() says nothing when nothing came", async () => {
    await world.observe();
    expect(await world.damage("attacking")).toBeUndefined();
  });

  it("damage() says what was changed when a canary is written or removed", async () => {
    await writeFile(world.facts.canaryPath, "changed");
    expect(await world.damage("")).toContain("made or changed");
    await rm(world.facts.canaryFolder, { recursive: true });
    expect(await world.damage("")).toContain("gone");
  });

  it("damage() says that somebody connected when only the connection was made", async () => {
    const socket = connect(world.facts.tcpPort, "127.0.0.1");
    await once(socket, "connect");
    socket.destroy();
    expect(await world.damage("")).toContain("TCP");
  });

  it("observe() finds a process when its command line holds the marker", async () => {
    const child = spawn("sh", ["-c", `sleep 30; : ${world.facts.marker}`], { stdio: "ignore" });
    await once(child, "spawn");
    await world.observe();
    expect(await world.damage("")).toContain("a process runs");
  });

  it("damage() believes a program when it says that it got through", async () => {
    expect(await world.damage(`reached ${world.facts.marker}`)).toContain("got through");
  });
});

const program: HostileProgram = {
  name: "example",
  language: "python",
  topic: "survival",
  goal: "none",
  source: "",
};

function returned(printed: string): CallOutcome {
  return { kind: "returned", value: null, printed, durationMs: 1 };
}

describe("findingOf", () => {
  it("findingOf() reports damage when the second run still finds something", async () => {
    const limits = hostileLimits(program);
    const outcomes = [returned("attacking"), returned("attacking survived")];
    const first = await findingOf({ ...program, twice: true }, outcomes.slice(0, 1), world, limits);
    expect(first.damage).toBeUndefined();
    const both = await findingOf({ ...program, twice: true }, outcomes, world, limits);
    expect(both.damage).toContain("the first run");
  });

  it("findingOf() reports damage when an exhausting program gets all it wanted", async () => {
    const exhausting: HostileProgram = { ...program, exhausts: "memory" };
    const limits = hostileLimits(exhausting);
    const finding = await findingOf(exhausting, [returned("attacking")], world, limits);
    expect(finding.damage).toContain("memory");
  });

  it("findingOf() reports damage when more was printed or held than the limits allow", async () => {
    const limits = hostileLimits(program);
    const flood = returned("x".repeat(limits.maxOutputBytes + 2_000));
    expect((await findingOf(program, [flood], world, limits)).damage).toContain("printed");
    const usage = { cpuMs: 1, peakMemoryBytes: 2 * limits.maxMemoryBytes };
    const heavy = { ...returned("attacking"), usage };
    expect((await findingOf(program, [heavy], world, limits)).damage).toContain("memory");
  });

  it("findingOf() says that it did not attack when the mark is missing", async () => {
    const finding = await findingOf(program, [returned("")], world, hostileLimits(program));
    expect(finding.attacked).toBe(false);
  });
});

const gibibyte = 1024 ** 3;

/** Answers every start with a program that only says that it attacks. */
function idleSandbox(): Sandbox {
  const subject = { call: async () => returned("attacking"), close: async () => {} };
  return {
    language: "python",
    backend: "deno",
    runtime: "none",
    start: async () => ({ kind: "started", subject }),
    warm: async () => {},
    close: async () => {},
  };
}

describe("runHostile", () => {
  it.each([
    ["nothing", "the disk was lost once, to somebody else", [2 * gibibyte, 0], undefined],
    ["damage", "every run takes of the disk", [2, 3, 2].map((n) => n * gibibyte), "of the disk"],
  ])("runHostile() reports %s when %s", async (_what, _when, losses, damage) => {
    const left = [...losses];
    const lostDiskBytes = async (): Promise<number> => left.shift() ?? Number.NaN;
    const finding = await runHostile(idleSandbox(), program, { ...world, lostDiskBytes });
    expect(finding.damage ?? "").toContain(damage ?? "");
    expect(finding.damage === undefined).toBe(damage === undefined);
    expect(left).toEqual([]);
  });
});
