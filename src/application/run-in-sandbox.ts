import type { Config } from "../config/schema.ts";
import type { CallOutcome, Program, Sandbox, StartOutcome, WorkFile } from "../sandbox/sandbox.ts";
import { AgentError } from "../shared/errors.ts";
import type { ModuleFile } from "../syntax/source-facts.ts";
import type { SandboxRunOptions, SandboxRunResult, WholeProgram } from "./application.ts";
import { executionLimits } from "./execution-limits.ts";
import type { Parts } from "./parts.ts";

/** Runs any program once, from its top to its end, under the policy of skills; needs no workspace. */
export async function runInSandbox(
  parts: Parts,
  whole: WholeProgram,
  options: SandboxRunOptions,
): Promise<SandboxRunResult> {
  const { language } = whole;
  const { backend } = options;
  refuseOther(backend, parts.config.sandbox);
  const program = await prepareWhole(parts, whole);
  const sandbox =
    backend === undefined
      ? await parts.sandbox(language, options.signal)
      : await parts.openBackend(language, backend, options.signal);
  try {
    const outcome = await runWhole(sandbox, program, parts, options);
    return { language, backend: sandbox.backend, runtime: sandbox.runtime, outcome };
  } finally {
    if (backend !== undefined) {
      await sandbox.close();
    }
  }
}

/** `--sandbox NAME` insists; another name for one run would quietly overrule it. */
function refuseOther(backend: SandboxRunOptions["backend"], insisted: Config["sandbox"]): void {
  if (backend !== undefined && insisted !== "auto" && insisted !== backend) {
    throw new AgentError(
      "USAGE",
      `Running a program: --backend is ${backend} and the setting sandbox is ${insisted}, one of them is wanted; leave one out.`,
      { blame: "caller" },
    );
  }
}

async function runWhole(
  sandbox: Sandbox,
  program: Program,
  parts: Parts,
  { signal, onPrinted }: SandboxRunOptions,
): Promise<SandboxRunResult["outcome"]> {
  const limits = executionLimits(parts.config);
  const started = await sandbox.start(program, limits, signal, onPrinted);
  if (started.kind === "started") {
    await started.subject.close();
    return { printed: "", durationMs: 0, ...started.loading, kind: "ended", exitCode: 0 };
  }
  return exitOf(started) ?? started;
}

/** `sys.exit` is an exception on its way up; here it is how the program ended. */
function exitOf(
  outcome: Exclude<StartOutcome, { kind: "started" }>,
): SandboxRunResult["outcome"] | undefined {
  if (outcome.kind === "died" && outcome.reason === "crashed" && outcome.exitCode !== undefined) {
    // `os._exit`, `Deno.exit`, `process.exit`.
    const { printed, durationMs, usage, exitCode } = outcome;
    const measures = { durationMs, ...(usage === undefined ? {} : { usage }) };
    return { ...measures, printed, kind: "ended", exitCode };
  }
  if (outcome.kind !== "raised" || outcome.errorType !== "SystemExit") {
    return undefined;
  }
  const { printed, durationMs, usage, message } = outcome;
  const measures = { durationMs, ...(usage === undefined ? {} : { usage }) };
  const isNumber = message === "" || message === "None" || /^-?\d{1,9}$/.test(message);
  return isNumber
    ? { ...measures, printed, kind: "ended", exitCode: Number(message === "None" ? 0 : message) }
    : // As Python does: a text is printed, and the code is 1.
      { ...measures, printed: `${printed}${message}\n`, kind: "ended", exitCode: 1 };
}

async function prepareWhole(parts: Parts, whole: WholeProgram): Promise<Program> {
  const { language, source, fileName, files, args } = whole;
  const rest = { language, fileName, files, args };
  if (language === "python") {
    return { ...rest, source };
  }
  const reader = await parts.reader();
  const linked = await reader.linkTypeScript({ path: fileName, source }, moduleFiles(files));
  if (linked.kind === "unreadable") {
    throw new AgentError(
      "USAGE",
      `Reading ${fileName}: ${linked.message.replace(/\.?$/, ".")} A program that can be run is wanted; mend that line.`,
      { blame: "caller" },
    );
  }
  const [main, ...modules] = linked.value;
  return { ...rest, source: main?.source ?? "", imports: main?.imports ?? {}, modules };
}

/** What a module may import; everything else is only there to be read. */
const moduleExtension = /\.(?:ts|mts|js|mjs|json)$/;

function moduleFiles(files: readonly WorkFile[]): ModuleFile[] {
  return files
    .filter(({ path }) => moduleExtension.test(path))
    .map(({ path, contentBase64 }) => {
      try {
        const decoder = new TextDecoder("utf-8", { fatal: true });
        return { path, source: decoder.decode(Buffer.from(contentBase64, "base64")) };
      } catch {
        // Only a problem where it is imported.
        return { path, problem: "it is no UTF-8, which is wanted; save it as UTF-8." };
      }
    });
}

export type RunOutcome =
  | Exclude<CallOutcome, { kind: "returned" }>
  /** It ran to its end; the code is what it gave to `sys.exit`, else 0. */
  | (Pick<CallOutcome, "printed" | "durationMs" | "usage"> & {
      readonly kind: "ended";
      readonly exitCode: number;
    });
