import { describe, expect, it } from "vitest";
import { AgentError } from "../shared/errors.ts";
import { defaultLimits } from "./limits.ts";
import { reusableSubject } from "./reusable-subject.ts";
import type { CallOutcome, Program, Sandbox, StartOutcome } from "./sandbox.ts";

const program: Program = { language: "typescript", source: "", entry: "f", fileName: "f.ts" };
const measures = { printed: "", durationMs: 1 };
const died = { kind: "died", reason: "timeout", detail: "", ...measures } as const;
const raised = {
  kind: "raised",
  errorType: "SyntaxError",
  errorBases: [],
  message: "",
  trace: "",
  ...measures,
} as const;

type Step = "answer" | "die" | "throw" | "hang";

/** Subjects of which each takes its steps in turn; asking for more than was planned fails. */
function fakeSandbox(plans: (Step[] | "raise")[]) {
  let started = 0;
  let living = 0;
  const start = async (signal?: AbortSignal): Promise<StartOutcome> => {
    if (signal?.aborted === true) {
      throw new AgentError("ABORTED", "starting: aborted", { blame: "caller" });
    }
    const plan = plans.shift();
    if (plan === undefined) {
      throw new Error("no further process was planned");
    }
    if (plan === "raise") {
      return raised;
    }
    started += 1;
    living += 1;
    const process = started;
    let isOpen = true;
    const gone = Promise.withResolvers<CallOutcome>();
    const call = async (): Promise<CallOutcome> => {
      const step = plan.shift();
      switch (step) {
        case "answer":
          return { kind: "returned", value: process, ...measures };
        case "die":
          return died;
        case "hang":
          return await gone.promise;
        case "throw":
        case undefined:
          throw new AgentError("ABORTED", "calling: aborted", { blame: "caller" });
      }
    };
    const close = async (): Promise<void> => {
      living -= isOpen ? 1 : 0;
      isOpen = false;
      gone.resolve({ ...died, reason: "crashed" });
    };
    return { kind: "started", subject: { call, close } };
  };
  const sandbox: Sandbox = {
    language: "typescript",
    backend: "deno",
    runtime: "deno-2.9",
    start: (_program, _limits, signal) => start(signal),
    warm: async () => {},
    close: async () => {},
  };
  const leftOver = () => ({ living, plans: plans.length });
  return { sandbox, leftOver };
}

function subjectOf(plans: (Step[] | "raise")[], callsPerProcess = 100) {
  const { sandbox, leftOver } = fakeSandbox(plans);
  const subject = reusableSubject(sandbox, program, defaultLimits, { callsPerProcess });
  const call = (signal?: AbortSignal) => subject.call({ args: [] }, signal);
  const end = async () => {
    await subject.close();
    expect(leftOver()).toEqual({ living: 0, plans: 0 });
  };
  return { subject, call, end };
}

describe("reusableSubject", () => {
  it("call() is answered by one process when nothing goes wrong", async () => {
    const { call, end } = subjectOf([["answer", "answer", "answer"]]);
    expect(await Promise.all([call(), call(), call()])).toMatchObject([
      { value: 1 },
      { value: 1 },
      { value: 1 },
    ]);
    await end();
  });

  it("call() answers died once and a fresh process the next when one dies in the middle", async () => {
    const { call, end } = subjectOf([["answer", "die"], ["answer"]]);
    expect(await Promise.all([call(), call(), call()])).toMatchObject([
      { value: 1 },
      { kind: "died", reason: "timeout" },
      { value: 2 },
    ]);
    await end();
  });

  it("call() gets a fresh process when the last has answered its number of calls", async () => {
    const { call, end } = subjectOf([["answer", "answer"], ["answer", "answer"], ["answer"]], 2);
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => call()));
    expect(outcomes.map((one) => one.kind === "returned" && one.value)).toEqual([1, 1, 2, 2, 3]);
    await end();
  });

  it("call() answers how loading failed, and loads again the next time", async () => {
    const { call, end } = subjectOf(["raise", ["answer"]]);
    expect(await call()).toEqual(raised);
    expect(await call()).toMatchObject({ value: 1 });
    await end();
  });

  it("call() throws when it is aborted, and the next gets a fresh process", async () => {
    const { call, end } = subjectOf([["throw"], ["answer"]]);
    const aborted = new AbortController();
    await expect(call(aborted.signal)).rejects.toMatchObject({ code: "ABORTED" });
    aborted.abort();
    expect(await call()).toMatchObject({ value: 2 });
    await end();
  });

  it("call() throws when it was aborted before a process was started for it", async () => {
    const { call, end } = subjectOf([]);
    await expect(call(AbortSignal.abort())).rejects.toMatchObject({ code: "ABORTED" });
    await end();
  });

  it("close() ends the call under way and every later one as died", async () => {
    const { subject, call, end } = subjectOf([["hang"]]);
    const calls = [call(), call()];
    await new Promise((resolve) => setImmediate(resolve));
    await subject.close();
    expect(await Promise.all([...calls, call()])).toMatchObject([
      { kind: "died", reason: "crashed" },
      { kind: "died", reason: "crashed" },
      { kind: "died", reason: "crashed" },
    ]);
    await end();
  });
});
