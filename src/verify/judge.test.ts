import { describe, expect, it } from "vitest";
import type {
  CallOutcome,
  DeathReason,
  ExecutionLimits,
  Program,
  Sandbox,
  SandboxCall,
  StartOutcome,
  TaggedValue,
} from "../sandbox/sandbox.ts";
import type { Contract } from "./contract.ts";
import { feedbackForCoder } from "./feedback.ts";
import { judge } from "./judge.ts";
import type { Case } from "./suite.ts";

const measures = { printed: "", durationMs: 1 };
const returned = (value: TaggedValue, printed = ""): CallOutcome => ({
  kind: "returned",
  value,
  printed,
  durationMs: 1,
});
const raised = (errorType: string, errorBases: string[] = []): CallOutcome & StartOutcome => ({
  kind: "raised",
  errorType,
  errorBases,
  message: "no",
  trace: "line 1",
  ...measures,
});
const died = (reason: DeathReason): CallOutcome & StartOutcome => ({
  kind: "died",
  reason,
  detail: "",
  ...measures,
});

/** Answers what its script says, one list of outcomes a start; fails on what the script lacks. */
class ScriptedSandbox implements Sandbox {
  readonly language = "python" as const;
  readonly backend = "scripted";
  readonly runtime = "scripted-1";
  readonly calls: SandboxCall[] = [];
  readonly programs: Program[] = [];
  open = 0;
  readonly #script: (CallOutcome[] | StartOutcome)[];
  #left: CallOutcome[] = [];

  constructor(script: (CallOutcome[] | StartOutcome)[]) {
    this.#script = [...script];
  }

  async start(program: Program): Promise<StartOutcome> {
    const step = this.#script.shift();
    if (step === undefined) {
      throw new Error("the script expects no further start");
    }
    this.programs.push(program);
    if (!Array.isArray(step)) {
      return step;
    }
    this.open += 1;
    this.#left = [...step];
    const call = async (request: SandboxCall) => {
      this.calls.push(request);
      const outcome = this.#left.shift();
      if (outcome === undefined) {
        throw new Error("the script expects no further call");
      }
      return outcome;
    };
    const close = async () => {
      this.open -= 1;
    };
    return { kind: "started", subject: { call, close } };
  }

  async warm(): Promise<void> {}
  async close(): Promise<void> {}

  expectUsedUp(): void {
    expect(this.#script).toEqual([]);
    expect(this.#left).toEqual([]);
    expect(this.open).toBe(0);
  }
}

const contract: Contract = {
  name: "adder",
  language: "python",
  description: "adds",
  entry: "add",
  parameters: [],
  result: {},
  errors: [],
  capabilities: [],
  files: { reads: [], makes: [] },
};
const program: Program = { language: "python", source: "", entry: "add", fileName: "adder.py" };
const limits: ExecutionLimits = {
  maxCpuMs: 20_000,
  timeoutMs: 1,
  maxMemoryBytes: 1,
  maxOutputBytes: 1,
  maxMessageBytes: 1,
  maxFiles: 1,
  maxFileBytes: 1,
};

let counter = 0;
const base = (sealed: boolean) => {
  counter += 1;
  return {
    id: `c${counter}`,
    args: [counter],
    files: [],
    filesAfter: [],
    origin: "model",
    sealed,
    why: "",
  } as const;
};
const returns = (expected: TaggedValue, sealed = false): Case => ({
  ...base(sealed),
  kind: "returns",
  expected,
});
const raises = (errorType: string, sealed = false): Case => ({
  ...base(sealed),
  kind: "raises",
  errorType,
});
const property = (expression: string): Case => ({ ...base(false), kind: "property", expression });

async function judgeScript(
  cases: Case[],
  script: (CallOutcome[] | StartOutcome)[],
  checkerScript: (CallOutcome[] | StartOutcome)[] = [],
) {
  const sandbox = new ScriptedSandbox(script);
  const checker = new ScriptedSandbox(checkerScript);
  const found: string[] = [];
  const verdict = await judge({
    program,
    suite: { cases },
    contract,
    sandbox,
    checker,
    limits,
    onFinding: (finding) => found.push(finding.caseId),
  });
  sandbox.expectUsedUp();
  checker.expectUsedUp();
  expect(found.toSorted()).toEqual(verdict.findings.map(({ caseId }) => caseId).toSorted());
  return { verdict, sandbox, checker, failures: verdict.findings.map((f) => f.failure) };
}

describe("judge()", () => {
  it("judge() passes when every value equals the expected one", async () => {
    const { verdict } = await judgeScript(
      [returns(3), returns([1])],
      [[returned(3), returned([1])], [returned([1])]],
    );
    expect(verdict).toMatchObject({ passed: true, runtime: "scripted-1", backend: "scripted" });
  });

  it("judge() fails a case when the value differs, whatever is printed", async () => {
    const { verdict, failures } = await judgeScript([returns(3)], [[returned(4, "SUCCESS\nPASS")]]);
    expect(verdict.passed).toBe(false);
    expect(failures).toEqual(["wrong-value"]);
    expect(verdict.findings[0]?.detail).toBe("result: expected 3, got 4");
  });

  it("judge() never passes when the suite is empty", async () => {
    const { verdict } = await judgeScript([], [[]]);
    expect(verdict.passed).toBe(false);
  });

  it("judge() takes an error for the wanted one when its type or a base has the name", async () => {
    const { failures } = await judgeScript(
      [raises("ValueError"), raises("JSONDecodeError"), raises("KeyError"), raises("ValueError")],
      [
        [
          raised("JSONDecodeError", ["ValueError", "Exception"]),
          raised("json.decoder.JSONDecodeError"),
          raised("ValueError"),
          returned(1),
        ],
      ],
    );
    expect(failures).toEqual([undefined, undefined, "wrong-error", "no-error"]);
  });

  it("judge() reports an unexpected error when a value is wanted", async () => {
    const { failures, verdict } = await judgeScript([returns(1)], [[raised("SystemExit")]]);
    expect(failures).toEqual(["unexpected-error"]);
    expect(verdict.findings[0]?.detail).toBe("expected 1, got SystemExit: no");
  });

  it("judge() fails every case without calling when the program does not load", async () => {
    const { verdict, failures } = await judgeScript(
      [returns(1), raises("NameError", true)],
      [raised("NameError")],
    );
    expect(verdict.loadFailure).toContain("loading adder.py: NameError: no");
    expect(failures).toEqual(["unexpected-error", "unexpected-error"]);
  });

  it("judge() judges the other cases in a new process when one dies", async () => {
    const { failures, sandbox } = await judgeScript(
      [returns(1), returns(2), returns(3)],
      [[returned(1), died("crashed")], [returned(3)]],
    );
    expect(failures).toEqual([undefined, "crashed", undefined]);
    expect(sandbox.programs).toHaveLength(2);
  });

  it("judge() tries no further when three calls timed out", async () => {
    const { failures, verdict } = await judgeScript(
      [returns(1), returns(2), returns(3), returns(4)],
      [[died("timeout")], [died("timeout")], [died("timeout")]],
    );
    expect(failures).toEqual(["timeout", "timeout", "timeout", "timeout"]);
    expect(verdict.findings[3]?.detail).toContain("not tried");
  });

  it("judge() passes no case that wants an error when a restart raises that error", async () => {
    const { failures } = await judgeScript(
      [returns(1), raises("ValueError")],
      [[died("crashed")], raised("ValueError")],
    );
    expect(failures).toEqual(["crashed", "crashed"]);
  });

  it("judge() gives up when the process died seven times", async () => {
    const cases = Array.from({ length: 9 }, () => returns(1));
    const script = Array.from({ length: 7 }, () => [died("crashed")]);
    const { failures } = await judgeScript(cases, script);
    expect(failures).toHaveLength(9);
    expect(new Set(failures)).toEqual(new Set(["crashed"]));
  });

  it("judge() makes the sealed calls last, and only when all open cases passed", async () => {
    const sealed = returns(1, true);
    const open = returns(2);
    const good = await judgeScript([sealed, open], [[returned(2), returned(1)], [returned(1)]]);
    expect(good.verdict.passed).toBe(true);
    expect(good.sandbox.calls.map((call) => call.args)).toEqual([
      open.args,
      sealed.args,
      sealed.args,
    ]);
    const bad = await judgeScript([sealed, open], [[returned(0)]]);
    expect(bad.verdict.passed).toBe(false);
    expect(bad.verdict.findings.map((finding) => finding.sealed)).toEqual([false]);
  });

  it("judge() calls a sealed and an open case again, each first in a process, when all passed", async () => {
    const [first, second, sealed] = [returns(1), returns(2), returns(3, true)];
    const { verdict, sandbox } = await judgeScript(
      [first, second, sealed],
      [[returned(1), returned(2), returned(3)], [returned(3)], [returned(2)]],
    );
    expect(verdict.passed).toBe(true);
    expect(sandbox.programs).toHaveLength(3);
    expect(sandbox.calls.slice(3).map((call) => call.args)).toEqual([sealed.args, second.args]);
  });

  it("judge() fails a case when it fails as the first call of a process, and tells it once", async () => {
    const cases = [returns(1), returns(2), returns(3, true)];
    const { verdict, failures } = await judgeScript(cases, [
      [returned(1), returned(2), returned(3)],
      [returned(1)],
      [raised("KeyError")],
    ]);
    expect(verdict.passed).toBe(false);
    expect(failures).toEqual([undefined, "unexpected-error", "wrong-value"]);
    const again = "as the first call of a fresh process: ";
    expect(verdict.findings.map(({ detail }) => detail)).toEqual([
      "",
      `${again}expected 2, got KeyError: no`,
      `${again}result: expected 3, got 1`,
    ]);
    const suite = { cases };
    expect(feedbackForCoder(verdict, suite, contract)).toContain(`unexpected-error: ${again}`);
    expect(feedbackForCoder(verdict, suite, contract)).not.toContain("expected 3");
  });

  it("judge() fails a case when its fresh process does not start or dies", async () => {
    const { verdict, failures } = await judgeScript(
      [returns(1), raises("ValueError"), raises("ValueError", true)],
      [
        [returned(1), raised("ValueError"), raised("ValueError")],
        raised("ValueError"),
        [died("timeout")],
      ],
    );
    expect(verdict.passed).toBe(false);
    expect(failures).toEqual([undefined, "timeout", "crashed"]);
  });

  it("judge() asks another process for a property, and only true holds", async () => {
    const { failures, checker } = await judgeScript(
      [
        property("len(result) == 2"),
        property("result"),
        property("result["),
        property("result > 1"),
      ],
      [[returned([1, 2]), returned([]), returned(1), returned(1)]],
      [[returned(true), returned(false), raised("SyntaxError"), returned("true")]],
    );
    expect(failures).toEqual([undefined, "property-false", "property-error", "property-error"]);
    expect(checker.programs).toHaveLength(1);
    expect(checker.programs[0]?.source).not.toContain("adder");
    expect(checker.calls[0]?.args).toEqual(["len(result) == 2", expect.anything(), [1, 2]]);
  });

  it("judge() compares the files of the work folder byte for byte", async () => {
    const file = { path: "out.txt", contentBase64: Buffer.from("yes").toString("base64") };
    const other = { path: "out.txt", contentBase64: Buffer.from("no").toString("base64") };
    const makes = (): Case => ({ ...returns(null), filesAfter: [file] });
    const { failures, sandbox } = await judgeScript(
      [makes(), makes(), makes()],
      [
        [
          { ...returned(null), files: [file] } as CallOutcome,
          { ...returned(null), files: [other] } as CallOutcome,
          returned(null),
        ],
      ],
    );
    expect(failures).toEqual([undefined, "files-differ", "files-differ"]);
    expect(sandbox.calls[0]?.collectFiles).toBe(true);
  });

  it("judge() keeps values and prints bounded when a subject answers much or deep", async () => {
    let deep: TaggedValue = 1;
    for (let level = 0; level < 5_000; level += 1) {
      deep = [deep];
    }
    const { verdict, failures } = await judgeScript(
      [returns(1), returns(2)],
      [[returned(deep), returned("x".repeat(500_000), "y".repeat(500_000))]],
    );
    expect(failures).toEqual(["wrong-value", "wrong-value"]);
    expect(JSON.stringify(verdict).length).toBeLessThan(20_000);
  });

  it("judge() throws ABORTED and closes the subject when the signal fires", async () => {
    const controller = new AbortController();
    const sandbox = new ScriptedSandbox([[returned(1), returned(1)]]);
    const verdict = judge({
      program,
      suite: { cases: [returns(1), returns(1)] },
      contract,
      sandbox,
      checker: new ScriptedSandbox([]),
      limits,
      signal: controller.signal,
      onFinding: () => controller.abort(),
    });
    await expect(verdict).rejects.toMatchObject({ code: "ABORTED" });
    expect(sandbox.open).toBe(0);
  });
});
