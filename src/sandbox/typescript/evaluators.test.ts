import { describe, expect, it } from "vitest";
import { createSurroundings, type EvaluateScript } from "./evaluators.ts";

const plain = { source: "function f() {}", entry: "f", fileName: "f.ts" };
const ofNode = { ...plain, source: "function f() { console.log(1); }" };

/** What was done, in turn; Node's layer is this process's own. */
function createFake() {
  const done: string[] = [];
  const evaluate: EvaluateScript = (text, address) => {
    done.push(`${address} ${text}`);
    return text.startsWith("throw") ? [null, { thrown: new RangeError("thrown") }] : [1, null];
  };
  const surroundings = createSurroundings(evaluate, {
    forbidNode: () => done.push("forbid"),
    prepareNode: () => {
      done.push("prepare");
      return {
        process,
        versions: process.versions,
        builtin: <Module>(name: string) => process.getBuiltinModule(name) as Module,
        EventEmitter: process.getBuiltinModule("node:events").EventEmitter,
        globals: { Buffer, setTimeout },
        builtins: {},
        give: () => done.push("give"),
      };
    },
    seal: () => done.push("seal"),
  });
  return { done, surroundings };
}

describe("createSurroundings", () => {
  it("settle() forbids Node's layer for a plain program, which Deno evaluates under its file's name", () => {
    const { done, surroundings } = createFake();
    surroundings.settle(plain);
    expect(surroundings.evaluatorOf(plain).script("1", "f.ts")).toBe(1);
    expect(done).toEqual(["forbid", "seal", "skill:script 1\n//# sourceURL=f.ts"]);
  });

  it("script() throws what the evaluation threw", () => {
    const { surroundings } = createFake();
    const { script } = surroundings.evaluatorOf(plain);
    expect(() => script("throw", "f.ts")).toThrow(RangeError);
  });

  it("settle() gives another program Node's layer, before what it inherits is sealed", () => {
    const { done, surroundings } = createFake();
    surroundings.settle(ofNode);
    expect(done).toEqual(["prepare", "give", "seal"]);
    expect(surroundings.evaluatorOf(ofNode).script("2", "f.ts")).toBe(2);
  });

  it("prepare() is done once, gives nothing, and never after a program has settled", () => {
    const idle = createFake();
    idle.surroundings.prepare();
    idle.surroundings.prepare();
    idle.surroundings.settle(plain);
    expect(idle.done).toEqual(["prepare", "forbid", "seal"]);
    const taken = createFake();
    taken.surroundings.settle(plain);
    taken.surroundings.prepare();
    expect(taken.done).toEqual(["forbid", "seal"]);
  });

  it("evaluatorOf() refuses what needs Node's layer in a process that was settled without", () => {
    const { surroundings } = createFake();
    surroundings.settle(plain);
    expect(() => surroundings.evaluatorOf(ofNode)).toThrow("settled for a plain one");
  });
});
