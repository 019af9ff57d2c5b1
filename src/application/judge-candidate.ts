import type { Config } from "../config/schema.ts";
import type { JudgeRequest } from "../loop/run.ts";
import type { Program, Sandbox } from "../sandbox/sandbox.ts";
import { sourceExtension } from "../shared/json.ts";
import type { ReadOutcome, SourceReader } from "../syntax/source-facts.ts";
import type { Contract } from "../verify/contract.ts";
import { judge } from "../verify/judge.ts";
import type { CaseFinding, Verdict } from "../verify/verdict.ts";
import { executionLimits } from "./execution-limits.ts";

export interface JudgeParts {
  /** Of the reference runtime, whose findings are the same on every machine. */
  readonly reference: Sandbox;
  /** The one in use; may be the same. */
  readonly sandbox: Sandbox;
  readonly reader: SourceReader;
  readonly config: Config;
  readonly signal: AbortSignal | undefined;
}

/**
 * Judges a candidate's source on the reference runtime and, when all passed there, on the one in
 * use if that is another; TypeScript is made one plain script first.
 */
export async function judgeCandidate(parts: JudgeParts, request: JudgeRequest): Promise<Verdict> {
  const { reference, sandbox } = parts;
  const verdict = await judgeOn(reference, parts, request);
  if (!verdict.passed || sandbox.runtime === reference.runtime) {
    return verdict;
  }
  const { onFinding } = request;
  const told =
    onFinding === undefined
      ? {}
      : {
          // That it passed was told of the reference runtime already.
          onFinding: (finding: CaseFinding) => {
            if (!finding.passed) {
              onFinding(finding);
            }
          },
        };
  return { ...(await judgeOn(sandbox, parts, { ...request, ...told })), earlier: [verdict] };
}

/** Judges a source on one runtime: a candidate's, or that of a skill whose proof is on another. */
export async function judgeOn(
  sandbox: Sandbox,
  parts: Pick<JudgeParts, "reader" | "config" | "signal">,
  request: JudgeRequest,
  checker = sandbox,
): Promise<Verdict> {
  const program = await prepareProgram(parts.reader, request.contract, request.source);
  if (program.kind === "unreadable") {
    return {
      passed: false,
      loadFailure: program.message,
      findings: [],
      runtime: sandbox.runtime,
      backend: sandbox.backend,
    };
  }
  return judge({
    program: program.value,
    suite: request.suite,
    contract: request.contract,
    sandbox,
    checker,
    limits: executionLimits(parts.config),
    isRepeat: request.isRepeat === true,
    clockOffsetMs: request.clockOffsetMs ?? 0,
    ...(parts.signal === undefined ? {} : { signal: parts.signal }),
    ...(request.onFinding === undefined ? {} : { onFinding: request.onFinding }),
  });
}

/** The program a sandbox can hold, from a skill's source. */
export async function prepareProgram(
  reader: SourceReader,
  contract: Contract,
  source: string,
): Promise<ReadOutcome<Program>> {
  const { language, entry, name } = contract;
  const fileName = `${name}${sourceExtension(language)}`;
  if (language === "python") {
    return { kind: "read", value: { language, source, entry, fileName } };
  }
  const script = await reader.prepareTypeScript(source);
  return script.kind === "read"
    ? { kind: "read", value: { language, source: script.value, entry, fileName } }
    : script;
}
