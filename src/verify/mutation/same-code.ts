import type { ExecutionLimits, Program, Sandbox } from "../../sandbox/sandbox.ts";

/**
 * For each mutant, whether CPython compiles it to the code of the original, but for line numbers: then
 * it is equivalent for certain. Compiles in the sandbox, runs nothing of them. Nothing can be said of
 * TypeScript, whose engine shows no compiled code: false for each.
 *
 * @throws {AgentError} SANDBOX_UNAVAILABLE, ABORTED
 */
export async function compileToSameCode(
  original: Program,
  mutants: readonly Program[],
  sandbox: Sandbox,
  limits: ExecutionLimits,
  signal?: AbortSignal,
): Promise<readonly boolean[]> {
  if (original.language !== "python" || mutants.length === 0) {
    return mutants.map(() => false);
  }
  const start = await sandbox.start(comparer, limits, signal);
  if (start.kind !== "started") {
    return mutants.map(() => false);
  }
  try {
    const same: boolean[] = [];
    for (const { source } of mutants) {
      const outcome = await start.subject.call({ args: [original.source, source] }, signal);
      same.push(outcome.kind === "returned" && outcome.value === true);
    }
    return same;
  } finally {
    await start.subject.close();
  }
}

const comparer: Program = {
  language: "python",
  entry: "is_same_code",
  fileName: "compiled.py",
  source: `import types


def is_same_code(one, other):
    return _shape(_compiled(one)) == _shape(_compiled(other))


def _compiled(source):
    return compile(source, "skill.py", "exec", dont_inherit=True)


def _shape(code):
    if not isinstance(code, types.CodeType):
        return (type(code).__name__, repr(code))
    fields = ("co_code", "co_names", "co_varnames", "co_freevars", "co_cellvars", "co_flags",
              "co_argcount", "co_kwonlyargcount", "co_posonlyargcount", "co_name",
              "co_exceptiontable")
    held = tuple(getattr(code, field, None) for field in fields)
    return (*held, tuple(_shape(constant) for constant in code.co_consts))
`,
};
