import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type {
  AddOptions,
  AddResult,
  GivenSkill,
  SkillVerification,
  VerifyOptions,
} from "../application/application.ts";
import { AgentError } from "../shared/errors.ts";
import { runCommand } from "./testing/cli-harness.ts";

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "proof-commands-"));
  writeFileSync(join(cwd, "Add-One.ts"), "export const f = (n: number) => n + 1;\n");
  writeFileSync(join(cwd, "cases.csv"), "n,returns\n1,2\n");
  writeFileSync(join(cwd, "contract.json"), '{"entry": "f"}');
});
afterAll(() => {
  rmSync(cwd, { recursive: true, force: true });
});

const verification = (changed: Partial<SkillVerification> = {}): SkillVerification => ({
  ...{ skill: "adder", status: "working", holds: true, outcome: "unchanged" },
  checks: [{ part: "code", state: "holds", detail: "the bytes that were proven" }],
  ...{ stepsOff: ["analysis"], ...changed },
});
const verifies =
  (...found: SkillVerification[]) =>
  async (_names: readonly string[] | undefined, options: VerifyOptions) => {
    for (const { skill, checks } of found) {
      for (const check of checks) {
        options.onCheck?.(skill, check);
      }
    }
    return found;
  };

describe("verify", () => {
  it("verify shows each check below its skill, and ends with 0 when all holds", async () => {
    const steps = [
      { method: "verifySkills", does: verifies(verification({ outcome: "signed" })) },
    ] as const;
    const { code, stdout } = await runCommand(["verify", "--all"], { steps });
    expect(code).toBe(0);
    expect(stdout).toBe(
      "adder\n  ✓ code                 the bytes that were proven\n✅ 1 of 1 skill proven, 1 of them signed here now\n",
    );
  });

  it("verify ends with 1 and says which skill does not hold, and what to do", async () => {
    const wrong = verification({
      ...{ skill: "other", status: "untested", holds: false, outcome: "demoted" },
      checks: [
        { part: "code", state: "fails", detail: "changed \u001b[31m" },
        { part: "agreement", state: "skipped", detail: "not here" },
      ],
    });
    const steps = [{ method: "verifySkills", does: verifies(verification(), wrong) }] as const;
    const { code, stdout } = await runCommand(["verify", "adder", "other"], { steps });
    expect(code).toBe(1);
    expect(stdout).toContain("  ✗ code                 changed \\x1b[31m");
    expect(stdout).toContain("  – agreement");
    expect(stdout).toContain("❌ 1 of 2 skills proven");
    expect(stdout).toContain("other does not hold: it is untested from now on; put back the bytes");
  });

  it("verify lists what a check announces, and says that a skill stays as it was proven", async () => {
    const weak = verification({
      holds: false,
      checks: [
        { part: "mutants", state: "fails", detail: "1 of 2", more: ["line 3 with \u001b x"] },
      ],
    });
    const damaged = verification({
      ...{ skill: "other", status: "untested", holds: false },
      checks: [{ part: "signature", state: "fails", detail: "changed" }],
    });
    const steps = [{ method: "verifySkills", does: verifies(weak, damaged) }] as const;
    const { code, stdout } = await runCommand(["verify", "--all"], { steps });
    expect(code).toBe(1);
    expect(stdout).toContain("  ✗ mutants              1 of 2\n      • line 3 with \\x1b x\n");
    expect(stdout).toContain("adder does not hold under the settings here; it stays working");
    expect(stdout).toContain("other does not hold: it is untested; put back its certificate");
  });

  it("verify --json prints one skill a line and nothing else", async () => {
    const steps = [{ method: "verifySkills", does: verifies(verification()) }] as const;
    const { stdout } = await runCommand(["verify", "adder", "--json"], { steps });
    expect(JSON.parse(stdout)).toEqual(verification());
  });

  it("verify wants names or --all, one of both", async () => {
    for (const argv of [["verify"], ["verify", "adder", "--all"]]) {
      const { code, stderr } = await runCommand(argv);
      expect(code).toBe(2);
      expect(stderr).toContain("verify --all");
    }
  });

  it("verify ends with 2 for a name that is unknown, and well in an empty library", async () => {
    const unknown = new AgentError("SKILL_NOT_FOUND", "Finding a skill: x", { blame: "caller" });
    const missing = { method: "verifySkills", does: () => Promise.reject(unknown) } as const;
    expect((await runCommand(["verify", "x"], { steps: [missing] })).code).toBe(2);
    const empty = { method: "verifySkills", does: verifies() } as const;
    expect(await runCommand(["verify", "--all"], { steps: [empty] })).toMatchObject({
      ...{ code: 0, stdout: "No skill here is said to be proven.\n" },
    });
  });
});

const added = (changed: Partial<AddResult>): AddResult => ({
  ...{ skill: "add_one", status: "working", path: "skills/add_one.ts", certificate: "c.json" },
  ...{ cases: 1, checks: [], missing: [], advice: ["no case is sealed"] },
  stepsOff: ["analysis"],
  ...changed,
});
const adds =
  (result: AddResult, see: (given: GivenSkill) => void = () => {}) =>
  async (given: GivenSkill, options: AddOptions) => {
    see(given);
    const contract = { parameters: [{ name: "n", schema: { type: "integer" } }] };
    options.onRead?.({ contract, signature: "f(n: integer)", cases: 1 });
    options.onCheck?.({ part: "deno-2.9", state: "holds", detail: "1 of 1 cases pass" });
    return result;
  };

describe("add", () => {
  it("add reads code, cases and contract, and names the skill after its file", async () => {
    let seen: GivenSkill | undefined;
    const does = adds(added({}), (given) => {
      seen = given;
    });
    const argv = ["add", "Add-One.ts", "--cases", "cases.csv", "--contract", "contract.json"];
    const { code, stdout } = await runCommand(argv, { cwd, steps: [{ method: "addSkill", does }] });
    expect(code).toBe(0);
    expect(seen).toEqual({
      ...{ language: "typescript", name: "add_one" },
      source: "export const f = (n: number) => n + 1;\n",
      cases: { columns: ["n", "returns"], rows: [["1", "2"]] },
      contract: { entry: "f" },
    });
    expect(stdout).toContain("Contract: f(n: integer)\nCases: 1, all of them yours\n");
    expect(stdout).toContain("  ✓ deno-2.9             1 of 1 cases pass");
    expect(stdout).toContain("✅ add_one is working: proven to its contract by 1 case");
    expect(stdout).toContain("Use it: autodidact use add_one '{\"n\":1}'");
  });

  it.each<[Partial<AddResult>, number, string]>([
    [{ status: "untested", missing: ["no case notices line 3"] }, 4, "   • no case notices line 3"],
    [{ status: "failed" }, 1, "was not added: a case fails"],
    [{ status: "refused" }, 1, "was not added: its code may not be run"],
  ])("add of %j ends with %d", async (changed, wanted, text) => {
    const does = adds(added(changed));
    const argv = ["add", "Add-One.ts", "--cases", "cases.csv", "--name", "x", "--goal", "g"];
    const { code, stdout } = await runCommand(argv, { cwd, steps: [{ method: "addSkill", does }] });
    expect(code).toBe(wanted);
    expect(stdout).toContain(text);
  });

  it("add --json prints the result and nothing else", async () => {
    const does = adds(added({}));
    const argv = ["add", "Add-One.ts", "--cases", "cases.csv", "--entry", "f", "--json"];
    const { stdout } = await runCommand(argv, { cwd, steps: [{ method: "addSkill", does }] });
    expect(JSON.parse(stdout)).toEqual(added({}));
  });

  it.each([
    [["add", "Add-One.ts"], "no cases are named"],
    [["add", "nothing.ts", "--cases", "cases.csv"], "there is no such file"],
    [["add", "cases.csv", "--cases", "cases.csv"], "its extension is .csv"],
    [["add", "Add-One.ts", "--cases", "nothing.csv"], "nothing.csv is not there"],
    [["add", "Add-One.ts", "--cases", "cases.csv", "--contract", "cases.csv"], "is no JSON"],
  ])("%j says what is wrong before anything is opened", async (argv, problem) => {
    const { code, stderr } = await runCommand(argv, { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain(problem);
  });
});

describe("the prompt", () => {
  it(":verify and :add do what the commands do", async () => {
    const steps = [
      { method: "verifySkills", does: verifies(verification()) },
      { method: "addSkill", does: adds(added({})) },
    ] as const;
    const stdin = ":verify\n:add Add-One.ts cases.csv\n:add Add-One.ts\n:quit\n";
    const { stdout, stderr } = await runCommand([], { cwd, stdin, steps });
    expect(stdout).toContain("✅ 1 of 1 skill proven");
    expect(stdout).toContain("Use it: :use add_one");
    expect(stderr).toContain("wanted :add FILE CASES");
  });
});
